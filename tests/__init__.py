"""What must be true of the service, shown on both databases."""
