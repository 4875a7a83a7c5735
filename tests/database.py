"""The tests' own database, as another process is told of it."""

from django.db import connection


def database_url() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    who = f"{settings['USER']}:{settings['PASSWORD']}@" if settings["USER"] else ""
    return f"postgres://{who}{settings['HOST']}:{settings['PORT'] or 5432}/{settings['NAME']}"
