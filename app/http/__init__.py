"""HTTP, and nothing of lymphoma."""
