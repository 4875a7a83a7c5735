"""Search over messages, people, notes and labels: by an index, in stages, within a budget of time."""
