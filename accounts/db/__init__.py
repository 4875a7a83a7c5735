"""Ways of asking a database that Django has not: keyset pages, one clock, moves from state to state."""
