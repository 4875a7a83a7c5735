"""What must be equal in every process, and that a copy or a restored database makes no calls."""
