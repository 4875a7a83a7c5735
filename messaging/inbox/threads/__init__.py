"""What was said and done with a person, and the list of all of them, live."""
