"""From a declaration to rows of the database."""
