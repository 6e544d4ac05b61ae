"""Search: rows of every type, found by words, names and identifiers."""
