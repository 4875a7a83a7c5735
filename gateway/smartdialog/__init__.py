"""The platform: its 20 operations, one call over HTTP, and what can go wrong with it."""
