"""A stand-in SmartDialog platform, in a process of its own: sign-in, API, phones and a control page."""
