"""What a message says, to whom it says what, and from whom it is."""
