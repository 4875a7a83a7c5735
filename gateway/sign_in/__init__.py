"""A person's grant, from sign-in to refresh, and what is held with it."""
