"""What is done by itself with a message that comes: a customer's few rules."""
