"""Rules about buttons: one type in a template, how many, how long, and where they lead."""

import re
from collections.abc import Iterator

from messaging.whatsapp.lint.draft import Button, ButtonType, Draft, EditorField, Finding, Rule, error
from messaging.whatsapp.lint.metadata import MAX_URL_LENGTH, is_https
from messaging.whatsapp.variables import VARIABLE

MAX_LABEL_LENGTH = 25
MAX_REPLY_LENGTH = 20
MAX_PHONE_LENGTH = 20
MAX_BUTTONS = {ButtonType.QUICK_REPLY: 10, ButtonType.URL: 2, ButtonType.CALL: 1}
NAMES = {
    ButtonType.QUICK_REPLY: "quick replies",
    ButtonType.URL: "links",
    ButtonType.CALL: "call buttons",
}
_E164 = re.compile(r"\+[1-9][0-9]{4,14}")


def one_type(draft: Draft) -> Iterator[Finding]:
    if len({button.type for button in draft.buttons}) > 1:
        words = "Use one type of button: SmartDialog takes no mixture."
        yield error("buttons.mixed", EditorField.BUTTONS, words)


def known_type(draft: Draft) -> Iterator[Finding]:
    if any(button.type not in set(ButtonType) for button in draft.buttons):
        yield error("buttons.type", EditorField.BUTTONS, "Choose what the buttons do.")


def how_many(draft: Draft) -> Iterator[Finding]:
    for kind, most in MAX_BUTTONS.items():
        count = sum(button.type == kind for button in draft.buttons)
        if count > most:
            words = f"Use at most {most} {NAMES[kind]}: there are {count}."
            yield error("buttons.count", EditorField.BUTTONS, words)


def labels(draft: Draft) -> Iterator[Finding]:
    for number, button in enumerate(draft.buttons, 1):
        if not button.label.strip():
            yield error("buttons.label_empty", EditorField.BUTTONS, f"Write what stands on button {number}.")
        elif len(button.label) > MAX_LABEL_LENGTH:
            words = f"Shorten “{button.label}”: {MAX_LABEL_LENGTH} characters fit on a button."
            yield error("buttons.label_long", EditorField.BUTTONS, words)


def repeated_labels(draft: Draft) -> Iterator[Finding]:
    seen: set[str] = set()
    for button in draft.buttons:
        label = button.label.strip().casefold()
        if label and label in seen:
            words = f"Two buttons say “{button.label.strip()}”. Give each its own words."
            yield error("buttons.label_repeated", EditorField.BUTTONS, words)
            return
        seen.add(label)


def replies(draft: Draft) -> Iterator[Finding]:
    for button in _of(draft, ButtonType.QUICK_REPLY):
        if len(button.data) > MAX_REPLY_LENGTH:
            words = f"Shorten the reply “{button.data}”: SmartDialog takes {MAX_REPLY_LENGTH} characters."
            yield error("buttons.reply_long", EditorField.BUTTONS, words)
        elif not button.data.strip() and button.label.strip():
            yield error("buttons.reply_empty", EditorField.BUTTONS, f"Write what “{button.label}” answers.")


def links(draft: Draft) -> Iterator[Finding]:
    for button in _of(draft, ButtonType.URL):
        if len(button.data) > MAX_URL_LENGTH:
            words = f"Shorten the address of “{button.label}”: {MAX_URL_LENGTH:,} characters is the most."
            yield error("buttons.address_long", EditorField.BUTTONS, words)
        elif not is_https(VARIABLE.sub("x", button.data)):
            words = f"Give “{button.label}” a whole address, beginning with https://."
            yield error("buttons.address", EditorField.BUTTONS, words)


def no_variables(draft: Draft) -> Iterator[Finding]:
    """WhatsApp takes one at the end of an address; a campaign has no value for it, so nobody would get it."""
    for button in draft.buttons:
        if VARIABLE.search(button.label + button.data):
            words = f"Leave variables out of button “{button.label}”: campaigns fill those of the message."
            yield error("buttons.variable", EditorField.BUTTONS, words)


def numbers(draft: Draft) -> Iterator[Finding]:
    for button in _of(draft, ButtonType.CALL):
        if len(button.data) > MAX_PHONE_LENGTH or not _E164.fullmatch(button.data):
            words = f"Give “{button.label}” a number in international form, such as +358401234567."
            yield error("buttons.number", EditorField.BUTTONS, words)


def _of(draft: Draft, kind: ButtonType) -> Iterator[Button]:
    return (button for button in draft.buttons if button.type == kind)


RULES: list[Rule] = [
    one_type,
    known_type,
    how_many,
    labels,
    repeated_labels,
    replies,
    links,
    no_variables,
    numbers,
]
