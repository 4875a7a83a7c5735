"""The search of the top bar: over all that a customer has, and over pages and actions."""
