"""Waking workers, finding what no wake-up told of, one worker for a row, and what is kept how long."""
