"""Setting faults, from JSON or from the control page's form."""

from typing import Any

from sandbox.api import faults
from sandbox.api.table import OPERATIONS
from sandbox.models import Fault
from sandbox.store import writing

NAMES = ("*", "token", *(operation.name for operation in OPERATIONS))


def replace(rules: list[dict[str, Any]], *, seed: int | None = None) -> None:
    """Have exactly these faults; ValueError says which part of a rule is wrong."""
    made = [read(rule) for rule in rules]
    with writing():
        Fault.objects.all().delete()
        Fault.objects.bulk_create(made)
    faults.dice.seed(seed)


def read(rule: dict[str, Any]) -> Fault:
    """Keys: op, do, when (nth, every, until, p or always), n, ms, jitter, retry_after (null: no header)."""
    if rule.get("op", "*") not in NAMES:
        raise ValueError(f"op is one of {', '.join(NAMES)}")
    if str(rule.get("do")) not in faults.ACTIONS:
        raise ValueError(f"do is one of {', '.join(faults.ACTIONS)}")
    if rule.get("when", "always") not in Fault.When.values:
        raise ValueError(f"when is one of {', '.join(Fault.When.values)}")
    retry_after = rule.get("retry_after", "1")
    return Fault(
        operation=rule.get("op", "*"),
        action=str(rule["do"]),
        when=rule.get("when", "always"),
        n=float(rule.get("n", 1)),
        milliseconds=None if rule.get("ms") is None else int(rule["ms"]),
        jitter_milliseconds=int(rule.get("jitter", 0)),
        retry_after=None if retry_after is None else str(retry_after),
    )


def shown(fault: Fault) -> dict[str, Any]:
    return {
        "op": fault.operation,
        "do": fault.action,
        "when": fault.when,
        "n": fault.n,
        "ms": fault.milliseconds,
        "jitter": fault.jitter_milliseconds,
        "retry_after": fault.retry_after,
        "seen": fault.seen,
        "fired": fault.fired,
    }
