"""What SmartDialog lists and people say of it; finding a template, and putting it away."""
