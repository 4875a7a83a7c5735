"""What stands between uvicorn and the threads that serve pages and hooks: one module a concern."""

SLOWEST = 16 * 1024  # bytes a second, on the average: a poor mobile line
