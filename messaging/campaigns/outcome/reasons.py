"""Why people did not get it: in words, with the network's code behind them."""

from dataclasses import dataclass

from messaging.campaigns.reporting.delivery_reports import FAILURE_TEXTS

# By the error code of a delivery report, in small letters.
_WORDS = {
    "absentsubscriber": "The phone was off or out of reach",
    "unknownsubscriber": "The number is not in use",
    "unidentifiedsubscriber": "The number is not in use",
    "illegalsubscriber": "The number may not use the network",
    "callbarred": "The person’s operator does not let such messages through",
    "teleservicenotprovisioned": "The person’s subscription takes no messages",
    "memorycapacityexceeded": "The phone had no room for messages",
    "handsetbusy": "The phone was busy",
    "equipmentnotsmscapable": "The phone cannot receive messages",
    "networkerror": "The network had a fault",
    "systemfailure": "The network had a fault",
    "spamrejected": "The network took it for spam",
}


@dataclass(frozen=True)
class FailureReason:
    """`code`: as the network put it; empty where it is all in the words."""

    words: str
    code: str = ""


def in_words(stored: str) -> FailureReason:
    """Of a recipient's stored reason: "It could not be delivered (AbsentSubscriber)."."""
    said, _, rest = stored.partition(" (")
    if not rest.endswith(").") or said not in FAILURE_TEXTS.values():
        return FailureReason(stored)
    code = rest.removesuffix(").")
    return FailureReason(f"{_WORDS.get(code.casefold(), said)}.", code)
