"""WhatsApp's codes in words: what went wrong with a message, and what to do. Meta's list of error codes."""

import re
from dataclasses import dataclass

_CODE = re.compile(r"(?<!\d)(13[0-9]{4})(?!\d)")


@dataclass(frozen=True)
class Failure:
    """`is_of_template`: as long as nothing changes, nobody gets this template."""

    words: str
    to_do: str
    is_of_template: bool = False

    @property
    def text(self) -> str:
        return f"{self.words} {self.to_do}"


FAILURES = {
    "130429": Failure("WhatsApp takes fewer messages a second.", "Send again later."),
    "130472": Failure("WhatsApp left this person out, as part of a trial.", "Write to them another way."),
    "131026": Failure("This number cannot get it: no WhatsApp, or too old a version.", "Send an SMS."),
    "131047": Failure("The person last wrote more than 24 hours ago.", "Write with a template."),
    "131048": Failure(
        "WhatsApp holds back this number: too many people blocked it.", "Send less for a while."
    ),
    "131049": Failure("This person got enough marketing for now.", "Try again after some days, not sooner."),
    "131050": Failure(
        "This person stopped marketing messages from you in WhatsApp.", "Do not send them any."
    ),
    "131053": Failure(
        "The file could not be fetched or is of a kind that WhatsApp does not take.", "Check it."
    ),
    "132000": Failure(
        "The number of values is not that of the template.",
        "Describe its header and its buttons, or copy it anew.",
    ),
    "132001": Failure(
        "WhatsApp has no approved template of this name in this language.",
        "Ask what became of its review.",
        is_of_template=True,
    ),
    "132005": Failure("Filled in, the text is too long.", "Shorten the values or the template."),
    "132007": Failure(
        "The template breaks a rule of WhatsApp.",
        "Copy it, change its words, submit it.",
        is_of_template=True,
    ),
    "132012": Failure(
        "A value has a form that the template does not take.", "Describe its header and its buttons."
    ),
    "132015": Failure(
        "WhatsApp paused the template: people reported or ignored it.",
        "It goes on by itself after some hours; change its words if it is paused again.",
        is_of_template=True,
    ),
    "132016": Failure(
        "WhatsApp disabled the template for good: it was paused too often.",
        "Copy it, change its words, submit it.",
        is_of_template=True,
    ),
}


def code_in(text: str) -> str:
    """The first known code that a text of SmartDialog names, or nothing."""
    return next((code for code in _CODE.findall(text) if code in FAILURES), "")


def explain(code: str) -> str:
    """What a code means and what to do, or nothing for one that is not known."""
    return FAILURES[code].text if code in FAILURES else ""
