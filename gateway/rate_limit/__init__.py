"""Never more calls in a minute than a connection has."""
