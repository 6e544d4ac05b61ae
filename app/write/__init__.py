"""The only way into the database: records become rows, with everything derived from these."""
