"""What the template operations call, and what their answers mean for the template."""
