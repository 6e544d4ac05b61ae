"""HTTP, with no knowledge of lymphoma."""
