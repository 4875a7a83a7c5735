"""What we write: begun, written, carried, reported on, decided when it fails."""
