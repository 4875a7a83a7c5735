"""Bring the database to shape and let the demo people in; one process, as Django starts slowly.

With --compare nothing is brought to shape: of several hosts, each looks whether it fits the others.
"""

import sys

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from contacts.importing.files import stored_files
from gateway.installation_checks import installation, schema_version


def main() -> None:
    is_one_of_several = "--compare" in sys.argv
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise warns when it is missing
    try:
        if not is_one_of_several:
            if found := schema_version.left_between():
                sys.exit(found)
            call_command("migrate", verbosity=0, interactive=False)
        installation.require_equal()
        stored_files.drop_left_copies()
        stored_files.take_in()
    except DatabaseError as error:
        _tell(error)
        raise SystemExit(0 if is_one_of_several else 1) from None
    if settings.USES_SANDBOX and not is_one_of_several:
        call_command("seed_demo", verbosity=0)


def _tell(error: DatabaseError) -> None:
    where = connection.settings_dict
    print(
        f"The database {where['NAME']} on {where['HOST'] or 'this machine'} cannot be used: "
        f"{str(error).strip().splitlines()[0]} Check DATABASE_URL and that the database runs.",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
