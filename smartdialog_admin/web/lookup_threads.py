"""What has to be asked of the database before anything is let in: in threads that serve nothing else."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.conf import settings
from django.db import close_old_connections
from django.http import parse_cookie

from accounts.sign_in import sessions
from smartdialog_admin.web.early_answers import header

Answer = TypeVar("Answer")

_threads = ThreadPoolExecutor(2, thread_name_prefix="asking")


async def ask(question: Callable[..., Answer], *about: Any) -> Answer:
    """Whatever the question raises."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _answer, question, *about)


async def sender_of(scope: Any) -> int | None:
    """Who it is that may send files; None for anybody else."""
    cookies = parse_cookie(header(scope, b"cookie").decode("latin-1"))
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    return await ask(_writer, key) if key else None


def _writer(session_key: str) -> int | None:
    user = sessions.user_of(session_key)
    return user.pk if user is not None and user.is_approved and user.can_write else None


def _answer(question: Callable[..., Answer], *about: Any) -> Answer:
    close_old_connections()
    try:
        return question(*about)
    finally:
        close_old_connections()
