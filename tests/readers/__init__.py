"""Programs that run with a library that reads one form of our answers."""
