"""manage.py accept_settings: keys that were changed on purpose hold from now on, in every process.

Stop every process on every host first.
"""

from typing import Any

from django.core.management.base import BaseCommand

from gateway.installation_checks import installation


class Command(BaseCommand):
    help = "Let the keys and the version that this host has hold for the whole installation."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = installation.accept()
        self.stdout.write(f"From now on these hold: {', '.join(changed)}." if changed else "Nothing differs.")
