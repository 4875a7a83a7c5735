"""What admins decide beforehand for all campaigns of a customer."""
