"""manage.py reset_second_factor NAME: for whom no other admin can help."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.sign_in import second_factor


class Command(BaseCommand):
    help = "Turn off the two-step sign-in of a person who lost their phone and their recovery codes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is nobody of the username {username}.")
        was_on = second_factor.switch_off(user, by=None)
        self.stdout.write(f"{user} {'signs in with their password alone' if was_on else 'had none'} now.")
