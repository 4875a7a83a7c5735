"""How long people wait."""
