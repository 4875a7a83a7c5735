"""Mail for who wishes it: mentions, and people who have waited for long."""
