"""The network of the database as it stands: loaded, asked, and shown with its proof."""
