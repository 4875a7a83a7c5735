"""Numbers, durations, times and zones as people read them."""
