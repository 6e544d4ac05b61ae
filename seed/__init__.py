"""The curated content and how it gets into the database."""

RELEASE = "2026.11"
