"""What a send by a template has to bring, and to whom."""
