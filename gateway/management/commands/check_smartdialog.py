"""How an admin tries a real account for the first time."""

import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from accounts.trail import audit
from accounts.trail.masking import masked
from gateway.account_check import ADVICE, CheckOptions, StepResult, StepState, run_check
from gateway.models import Connection, ConnectionState
from gateway.smartdialog.api import require_e164
from gateway.smartdialog.errors import Unsendable

REFUSED = 2


class Command(BaseCommand):
    help = (
        "Sign on to SmartDialog with a person's stored grant and call every operation that may be called, "
        "one line each: what it proves, and what to ask Arena for when it fails. Reads only, unless --write. "
        "Exit code 0: all of it works; 1: something failed; 2: the check could not begin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--user", default="", help="whose sign-in to use: a username, an e-mail, or how their name begins"
        )
        parser.add_argument(
            "--write",
            action="store_true",
            help="also make a contact, send messages, and undo what can be undone",
        )
        parser.add_argument("--group", default="", metavar="ID", help="SmartDialog's id of a group to try")
        parser.add_argument(
            "--to", default="", metavar="NUMBER", help="your own phone, such as +358401234567"
        )
        parser.add_argument("--sender", default="Test", help="who the test message says it is from")

    def handle(self, *args: Any, **arguments: Any) -> None:
        connection = chosen(arguments["user"])
        options = read(arguments)
        what = f"writing to {masked(options.to)}" if options.write else "reading only"
        self.stdout.write(f"SmartDialog at {settings.SMARTDIALOG_API_URL}, as {connection.user}, {what}")
        lines = []
        for line in run_check(connection, options):
            lines.append(line)
            self.stdout.write(shown(line))
            self.stdout.flush()
        failed = sum(line.state is StepState.FAILED for line in lines)
        self.stdout.write(summed_up(lines))
        audit.record(
            actor=connection.user,
            customer=None,
            verb="connection.checked",
            subject=connection,
            after={"write": options.write, "failed": failed},
        )
        if failed or any(line.state is StepState.NOT_TRIED for line in lines):
            sys.exit(1)


def summed_up(lines: list[StepResult]) -> str:
    states = Counter(line.state for line in lines)
    failed, not_tried = states[StepState.FAILED], states[StepState.NOT_TRIED]
    if not failed and not not_tried:
        return "All that was tried works."
    mends = dict.fromkeys(line.mend for line in lines if line.mend)
    told = [f"{failed} failed, {not_tried} not tried."]
    if mends:
        told += ["In the environment of the dashboard, which then has to be started again:", *mends]
    return "\n".join(told)


def chosen(name: str) -> Connection:
    """The named person's connection, or the only one there is."""
    found = Connection.objects.select_related("user").filter(user__is_active=True)
    if name:
        found = found.filter(
            Q(user__username=name) | Q(user__email__iexact=name) | Q(user__name__istartswith=name)
        )
    if len(found) != 1:
        raise CommandError(_why_not_one(len(found), name), returncode=REFUSED)
    if found[0].state == ConnectionState.PAUSED:
        raise CommandError(f"{found[0]} is paused. Resume it in Settings first.", returncode=REFUSED)
    return found[0]


def _why_not_one(count: int, name: str) -> str:
    if count:
        people = Connection.objects.select_related("user").order_by("user__name")
        return (
            f"Several people are connected; name one with --user: {', '.join(str(c.user) for c in people)}."
        )
    who = f"{name} is not" if name else "Nobody is"
    return f"{who} connected to SmartDialog. Sign in with SmartDialog in the dashboard first."


def read(arguments: dict[str, Any]) -> CheckOptions:
    """What the arguments ask for; CommandError when they do not fit together."""
    options = CheckOptions(
        write=arguments["write"], group=arguments["group"], to=arguments["to"], sender=arguments["sender"]
    )
    if options.write and not (options.group and options.to):
        raise CommandError("--write needs --group ID and --to NUMBER.", returncode=REFUSED)
    try:
        if options.to:
            require_e164(options.to)
    except Unsendable as error:
        raise CommandError(f"--to: {error.detail}", returncode=REFUSED) from error
    return options


def shown(line: StepResult) -> str:
    words = f"{line.state:<9} {line.name:<30} {line.words}"
    if line.state is StepState.OK:
        return f"{words} | proves that {ADVICE[line.name].proves}"
    if line.state is StepState.FAILED:
        advice = ADVICE[line.name]
        ask = line.ask or f"ask Arena for {advice.ask}"
        if line.mend:
            ask = f"set {line.mend}, or {ask}"
        return f"{words} | would prove that {advice.proves} | {ask}"
    return words
