"""What admins decide about people, what these leave unfinished, and that nobody passes for another."""
