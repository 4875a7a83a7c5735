"""Setting faults, from JSON or from the control page's form."""

from typing import Any

from sandbox.api import faults
from sandbox.api.operations import OPERATIONS
from sandbox.db import write_transaction
from sandbox.models import Fault

OPERATION_NAMES = ("*", "token", *(operation.name for operation in OPERATIONS))


def replace_rules(rules: list[dict[str, Any]], *, seed: int | None = None) -> None:
    """Have exactly these faults; ValueError says which part of a rule is wrong."""
    made = [parse_rule(rule) for rule in rules]
    with write_transaction():
        Fault.objects.all().delete()
        Fault.objects.bulk_create(made)
    faults.rng.seed(seed)


def parse_rule(rule: dict[str, Any]) -> Fault:
    """Keys: op, do, when (nth, every, until, p or always), n, ms, jitter, retry_after (null: no header)."""
    if rule.get("op", "*") not in OPERATION_NAMES:
        raise ValueError(f"op is one of {', '.join(OPERATION_NAMES)}")
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


def as_json(fault: Fault) -> dict[str, Any]:
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
