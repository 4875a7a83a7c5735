"""The webhook sender: a thread pool with kept-alive connections, a few retries; any 2xx is enough."""

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import requests
from django.conf import settings

from sandbox import clock, switches
from sandbox.db import bulk_update_grouped, write_transaction
from sandbox.deliveries.notification_bodies import written
from sandbox.models import Callback

THREADS = 8
BACKOFF_SECONDS = (1, 5)
TIMEOUT_SECONDS = (2, 10)
BATCH = 400

log = logging.getLogger(__name__)


class ThreadSession(threading.local):
    """Each thread keeps its own connections."""

    def __init__(self) -> None:
        self.session = requests.Session()
        self.session.trust_env = False


thread_local = ThreadSession()


class CallbackSender:
    """Makes the calls that are due. Only `settle` and `start_due` touch the database, from one thread."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="callback")
        self._under_way: dict[int, tuple[Callback, Future[str]]] = {}

    def start_due(self) -> int:
        """Hand what is due to the threads; returns how many are under way."""
        room = BATCH - len(self._under_way)
        due = Callback.objects.filter(state="waiting", due_at__lte=clock.now()).exclude(
            pk__in=self._under_way
        )
        told = switches.current()
        act = partial(attempt, form=told["notification_body"]) if told["callbacks_arrive"] else lose
        for callback in due.order_by("due_at", "id")[:room]:
            self._under_way[callback.pk] = (callback, self._pool.submit(act, callback))
        return len(self._under_way)

    def settle(self) -> None:
        """Keep the outcomes that have come in."""
        done = [pair for pair in self._under_way.values() if pair[1].done()]
        if not done:
            return
        tries = switches.get("callback_tries")
        for callback, future in done:
            record_attempt(callback, future.result(), tries=tries)
        with write_transaction():
            bulk_update_grouped(
                [callback for callback, _ in done], fields=["state", "tries", "due_at", "outcome"]
            )
        for callback, _ in done:
            del self._under_way[callback.pk]

    def stop(self) -> None:
        """What is under way is forgotten and tried again after a restart."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def attempt(callback: Callback, form: str = "json") -> str:
    """One try; returns the status, or what went wrong."""
    if urlsplit(callback.url).hostname not in settings.CALLBACK_HOSTS:
        return "refused: the sandbox calls this machine only"
    try:
        answer = thread_local.session.request(
            callback.method,
            callback.url,
            **written(callback.body, form),
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except (requests.RequestException, UnicodeError) as error:
        return type(error).__name__
    return str(answer.status_code)


def lose(callback: Callback) -> str:
    """What a firewall leaves of one try."""
    return "no answer"


def record_attempt(callback: Callback, outcome: str, *, tries: int) -> None:
    callback.outcome = outcome
    callback.tries += 1
    if outcome.startswith("2"):
        callback.state = Callback.State.DONE
    elif callback.tries >= tries or outcome.startswith("refused"):
        callback.state = Callback.State.GIVEN_UP
        log.warning("%s given up after %s tries: %s", callback.kind, callback.tries, outcome)
    else:
        pause = BACKOFF_SECONDS[min(callback.tries, len(BACKOFF_SECONDS)) - 1]
        callback.due_at = clock.now() + timedelta(seconds=pause)
