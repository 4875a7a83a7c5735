"""The dashboard's own settings, and in every process a byte in the file STATEMENTS for each SQL statement."""

import os
from typing import Any

from django.db.backends.signals import connection_created

from smartdialog_admin.settings import *  # noqa: F403

_file = os.open(os.environ["STATEMENTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


def _count(execute: Any, *arguments: Any) -> Any:
    os.write(_file, b".")
    return execute(*arguments)


def _watch(connection: Any, **_: Any) -> None:
    if _count not in connection.execute_wrappers:
        connection.execute_wrappers.append(_count)


connection_created.connect(_watch)
