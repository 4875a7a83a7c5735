"""Whom a campaign is for, who is left out, and why."""
