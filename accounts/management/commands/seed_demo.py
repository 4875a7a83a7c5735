"""Let the sandbox's demo people in, each with a role of their own."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.db import clock
from accounts.models import Role, User

PEOPLE = [
    ("11111111-1111-4111-8111-111111111111", "Aino Aalto", Role.ADMIN),
    ("22222222-2222-4222-8222-222222222222", "Mikko Mäkinen", Role.MARKETER),
    ("33333333-3333-4333-8333-333333333333", "Vera Virtanen", Role.VIEWER),
    ("44444444-4444-4444-8444-444444444444", "Otto Outsider", Role.MARKETER),
]


class Command(BaseCommand):
    help = "Approve the sandbox's demo people. Refuses when the real SmartDialog is used."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.USES_SANDBOX:
            raise CommandError("Demo people exist only in the sandbox; SMARTDIALOG_API_URL points elsewhere.")
        for subject, name, role in PEOPLE:
            User.objects.get_or_create(
                subject=subject,
                defaults={"username": subject, "name": name, "role": role, "approved_at": clock.now()},
            )
