"""`$(link)` in an SMS: a short link of each person's own, and who opened it."""
