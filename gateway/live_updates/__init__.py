"""What changed, read once and told to open pages (server-sent events)."""
