"""Bring the database to shape and let the demo people in; one process, as Django starts slowly."""

import sys

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection


def main() -> None:
    django.setup()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        where = connection.settings_dict
        print(
            f"The database {where['NAME']} on {where['HOST'] or 'this machine'} cannot be used: "
            f"{str(error).strip().splitlines()[0]} Check DATABASE_URL and that the database runs.",
            file=sys.stderr,
        )
        raise SystemExit(1) from None
    if settings.USES_SANDBOX:
        call_command("seed_demo", verbosity=0)


if __name__ == "__main__":
    main()
