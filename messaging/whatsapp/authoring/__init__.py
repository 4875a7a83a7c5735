"""Writing a template: kept as it is written, its variables, words to begin with, other languages."""
