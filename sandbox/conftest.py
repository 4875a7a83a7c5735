"""These tests need the sandbox's own settings: `pytest sandbox --ds=sandbox.settings`."""

import os

collect_ignore_glob = [] if os.environ.get("DJANGO_SETTINGS_MODULE") == "sandbox.settings" else ["tests/*"]
