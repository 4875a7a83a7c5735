"""manage.py hold_calls: after a backup was restored, no call is made before an admin says so.

Where the database alone went back, each host finds that by itself. Where its files went back with it, or the
host is a new one, nobody could: then run this before anything is started.
"""

from typing import Any

from django.core.management.base import BaseCommand

from gateway.installation_checks import restored


class Command(BaseCommand):
    help = "Make no call to SmartDialog until an admin says so on a page."

    def handle(self, *args: Any, **options: Any) -> None:
        restored.hold_calls()
        self.stdout.write("No call is made before an admin says so: each page tells it, with a button.")
