"""What people write: taken from hooks, into their threads, once."""
