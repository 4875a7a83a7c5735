"""One thing done to many contacts: agreed to, undone within seconds, or carried out by a worker."""
