"""What the compose page asks and tells."""
