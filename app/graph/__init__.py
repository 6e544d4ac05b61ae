"""The network in the database: loaded, queried, and shown with its evidence."""
