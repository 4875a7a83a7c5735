"""Whose a conversation is, what we say of it to each other, and who is writing."""
