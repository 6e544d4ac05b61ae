"""What a resource type is made of."""
