"""The only way into the database: what a curator writes becomes rows, with all that follows."""
