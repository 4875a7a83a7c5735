"""Who did what and when; and what no log may hold."""
