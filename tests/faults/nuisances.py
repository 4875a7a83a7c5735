"""What goes wrong beside kills: slow senders, and a platform that is otherwise than we guess."""

import asyncio
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.bench.slow_connections import begun_post, slow_connections
from tests.faults.stack import Stack

SLOW = 20  # connections
GUESSERS, GUESS_EVERY = 3, 0.05  # seconds
AT_ONCE = (1, 1, 2, 3)  # how many of the next
OTHERWISE: dict[str, tuple[Any, ...]] = {
    "answered_addresses": ("digits", "zeros", "spaces", "national"),
    "recipient_ids": ("message",),
    "recipients_limit": (4,),
    "bad_recipient": ("skip",),
    "reply_recipients": ("parent",),
    "refuse_past_send_time": (False,),
    "duplicate_contact": ("upsert",),
    "unknown_contact": ("false",),
    "unknown_contact_read": ("empty",),
    "invalid_contact_phone": ("keep",),
    "read_says_active": (True,),
    "replace_on_update": (False,),
    "done_answers": ("object",),
    "refuse_empty_texts": (True,),
    "refuse_unknown_fields": (False,),
    "success_status": ("200", "202"),
    "error_body": ("problem", "html", "empty"),
    "limit_counts": ("customer", "client"),
    "limit_says_when": (False,),
    "services_in_two_kinds": (True,),
    "report_names": ("rid mid addr state err time",),
    "report_words": ("OK KO",),
    "report_on_the_way": (True,),
    "notification_body": ("form", "gzip", "deflate"),
    "thread_ids": ("replies", "everywhere"),
    "callbacks_arrive": (False,),
    "times_without_zone": ("Europe/Helsinki",),
    "trigger_location": (False,),
    "send_lead_seconds": (3600,),
    "duplicate_request_id": ("empty_success",),
    "require_pkce": (True,),
    "reuse_revokes_family": (True,),
    "access_token_seconds": (5,),
    "refresh_rotation": ("same", "absent"),
    "access_token_form": ("opaque",),
    "token_sub": ("literal", "missing"),
    "token_oid": (False,),
    "nonce_needs_openid": (True,),
    "token_reply_shape": ("list", "text"),
    "token_expires_in": ("null", "-1", '"3600.0"'),
    "token_scope_reply": ("empty", "missing"),
    "token_numbers_as_text": (True,),
    "client_secret_expired": (True,),
    "grants_offline_access": (False,),
    "services_listed": ("first", "none"),
}
# Of one run from its beginning: a notification says it once and for all. Where it is no "message", nothing
# can be answered.
NOTIFICATION_IDS = ("message", "message", "other", "none", "discussion", "zeros")
# As they are: they say how much and how long (which the run sets itself), are of what the run has none of, or
# leave a person in doubt of what is known to have been taken.
AS_USUAL = {
    *("delivery_seconds", "content_limit", "sender_limit", "unknown_placeholder", "calls_per_minute"),
    *("report_copies", "callback_tries", "clock_offset_seconds", "refresh_token_days", "notification_names"),
    *("whatsapp_replies", "sms_attachments", "sms_fallback", "whatsapp_opt_ins", "meta_rules"),
    *("template_review_seconds", "template_review_verdict", "template_rejection_reason", "template_ids"),
    *("template_categories", "list_all_templates", "missing_scope", "other_customer", "cancel_means"),
    *("id_form", "notification_ids"),
}

# With all of one of these nobody can sign in, whatever the dashboard does.
NOBODY_SIGNS_IN = ({"client_secret_expired"}, {"token_sub", "token_oid"})

# What an admin does when reports cannot be read: without them, nobody learns what became of a call in doubt.
EXPLAIN_REPORTS = """
from accounts.models import Customer, User
from gateway.hooks import unclear
by = User.objects.first()
names = dict(recipientId="rid", messageId="mid", address="addr")
names |= dict(status="state", errorCode="err", timestamp="time")
for customer in Customer.objects.all():
    unclear.say_names(customer, names, by=by)
    unclear.say_word(customer, "OK", unclear.DeliveryStatus.DELIVERED, by=by)
    unclear.say_word(customer, "KO", unclear.DeliveryStatus.FAILED, by=by)
answer = None
"""
IS_ASKED_TO_SIGN_IN = """
from gateway.models import Connection
answer = (Connection.objects.ended() | Connection.objects.without_grant()).exists()
"""
IS_ASKED_TO_CORRECT_A_SETTING = """
from gateway.models import Connection
answer = Connection.objects.exclude(wrong_setting="").exists()
"""
# And with what stays in doubt, as it was made three times and nobody heard of it, or was refused for a
# service that was gone.
TRY_AGAIN = """
from accounts.models import User
from gateway import outbox
from gateway.models import Operation
left = Operation.objects.needing_a_person()
answer = len([outbox.retry(outbox.QueuedCall(each), by=User.objects.first()) for each in left])
"""


class ChangingPlatform:
    """`sign_in`: what a person does who is asked to."""

    def __init__(self, stack: Stack, rng: random.Random, sign_in: Callable[[], object]) -> None:
        self._stack, self._sandbox, self._rng, self._sign_in = stack, stack.sandbox, rng, sign_in
        told = self._sandbox.get("/_switches")["switches"]
        self._usual = {name: told[name] for name in OTHERWISE}
        self._otherwise: dict[str, Any] = {}

    def be_otherwise(self) -> dict[str, Any]:
        """From now on, in one thing or in some at once; what they are."""
        names = self._rng.sample(list(OTHERWISE), self._rng.choice(AT_ONCE))
        self._say({name: self._rng.choice(OTHERWISE[name]) for name in names})
        return self._otherwise

    def show_at_a_sign_in(self) -> None:
        """What is otherwise there alone; while the dashboard is up."""
        if "grants_offline_access" in self._otherwise:
            self._sign_in_somehow()

    def do_what_is_asked(self) -> None:
        """As a person does whose access token has ended, and who was given no refresh token; and as who runs
        the dashboard does when its client secret is not taken: nothing can go on before that.
        """
        if self._stack.ask(IS_ASKED_TO_CORRECT_A_SETTING):
            self._say({})
        if self._stack.ask(IS_ASKED_TO_SIGN_IN):
            self._sign_in_somehow()

    def be_as_usual(self) -> None:
        """And what it said otherwise is explained to the dashboard."""
        self._say({})
        self.do_what_is_asked()
        self._stack.ask(EXPLAIN_REPORTS)

    def try_again(self) -> int:
        """As a person decides: each once more, and what was taken before is said to be taken. How many."""
        self._say({"duplicate_request_id": "empty_success"})
        return int(self._stack.ask(TRY_AGAIN))

    def _sign_in_somehow(self) -> None:
        if any(self._otherwise.keys() >= names for names in NOBODY_SIGNS_IN):
            self._say({})
        self._sign_in()

    def _say(self, otherwise: dict[str, Any]) -> None:
        self._otherwise = otherwise
        self._sandbox.post("/_switches", self._usual | otherwise).raise_for_status()


@contextmanager
def slow_senders(stack: Stack) -> Iterator[None]:
    """To hooks and to a form; who is hung up on comes again."""
    over = threading.Event()
    kinds = [begun_post("/hooks/inbound/guess/"), begun_post("/sign-in/")]

    async def send() -> None:
        async with slow_connections(urlsplit(stack.url).port or 0, kinds, SLOW):
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(send()), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def guesses(stack: Stack) -> Iterator[None]:
    """Of the secrets of hooks, as fast as one may; also where nobody answers."""
    over = threading.Event()

    def guess() -> None:
        while not over.wait(GUESS_EVERY):
            with suppress(requests.RequestException):
                requests.post(f"{stack.url}/hooks/inbound/guess/", data=b"{}", timeout=2)

    threads = [threading.Thread(target=guess, daemon=True) for _ in range(GUESSERS)]
    for each in threads:
        each.start()
    try:
        yield
    finally:
        over.set()
        for each in threads:
            each.join()
