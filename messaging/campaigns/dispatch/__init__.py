"""How a campaign leaves: in which calls, when, and what still holds before each."""
