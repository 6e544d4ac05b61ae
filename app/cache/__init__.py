"""Answers from memory, as long as the data do not change."""
