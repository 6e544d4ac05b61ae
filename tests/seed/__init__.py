"""Tests of the rules for the curated content."""
