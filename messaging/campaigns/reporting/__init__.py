"""What answers and delivery reports mean for the recipients."""
