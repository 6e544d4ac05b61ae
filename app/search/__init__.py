"""Finding rows of every type by words and names."""
