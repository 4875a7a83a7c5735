"""Passwords, codes and sessions; how often one may try, and what was typed when a session ended."""
