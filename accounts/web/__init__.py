"""What every request and every page gets: bounded input, text as it was typed, words for an outage."""
