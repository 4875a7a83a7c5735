"""Rules about buttons: one type in a template, how many, how long, and where they lead."""

import re
from collections.abc import Iterator

from messaging.whatsapp.authoring.variables import VARIABLE
from messaging.whatsapp.lint.body import EMOJI
from messaging.whatsapp.lint.draft import (
    Button,
    EditorField,
    Finding,
    LintedDraft,
    LintRule,
    TemplateButtonType,
    error,
    warning,
)
from messaging.whatsapp.lint.metadata import MAX_URL_LENGTH, is_https

MAX_LABEL_LENGTH = 25
MAX_REPLY_LENGTH = 20
MAX_PHONE_LENGTH = 20
MAX_BUTTONS = {TemplateButtonType.QUICK_REPLY: 10, TemplateButtonType.URL: 2, TemplateButtonType.CALL: 1}
NAMES = {
    TemplateButtonType.QUICK_REPLY: "quick replies",
    TemplateButtonType.URL: "links",
    TemplateButtonType.CALL: "call buttons",
}
SHOWN_BUTTONS = 3  # all of them, if there are no more
NOT_IN_LABEL = re.compile(r"[*_~`\n\r{}]")
_LINK_WITH_VARIABLE = re.compile(r"https://[^/?#{}\s]+[/?#][^{}\s]*\{\{1\}\}")
_E164 = re.compile(r"\+[1-9][0-9]{4,14}")


def one_type(draft: LintedDraft) -> Iterator[Finding]:
    if len({button.type for button in draft.buttons}) > 1:
        words = "Use one type of button: SmartDialog takes no mixture."
        yield error("buttons.mixed", EditorField.BUTTONS, words)


def known_type(draft: LintedDraft) -> Iterator[Finding]:
    if any(button.type not in set(TemplateButtonType) for button in draft.buttons):
        yield error("buttons.type", EditorField.BUTTONS, "Choose what the buttons do.")


def how_many(draft: LintedDraft) -> Iterator[Finding]:
    for kind, most in MAX_BUTTONS.items():
        count = sum(button.type == kind for button in draft.buttons)
        if count > most:
            words = f"Use at most {most} {NAMES[kind]}: there are {count}."
            yield error("buttons.count", EditorField.BUTTONS, words)


def labels(draft: LintedDraft) -> Iterator[Finding]:
    for number, button in enumerate(draft.buttons, 1):
        if not button.label.strip():
            yield error("buttons.label_empty", EditorField.BUTTONS, f"Write what stands on button {number}.")
        elif len(button.label) > MAX_LABEL_LENGTH:
            words = f"Shorten “{button.label}”: {MAX_LABEL_LENGTH} characters fit on a button."
            yield error("buttons.label_long", EditorField.BUTTONS, words)


def repeated_labels(draft: LintedDraft) -> Iterator[Finding]:
    seen: set[str] = set()
    for button in draft.buttons:
        label = button.label.strip().casefold()
        if label and label in seen:
            words = f"Two buttons say “{button.label.strip()}”. Give each its own words."
            yield error("buttons.label_repeated", EditorField.BUTTONS, words)
            return
        seen.add(label)


def replies(draft: LintedDraft) -> Iterator[Finding]:
    for button in _of(draft, TemplateButtonType.QUICK_REPLY):
        if len(button.data) > MAX_REPLY_LENGTH:
            words = f"Shorten the reply “{button.data}”: SmartDialog takes {MAX_REPLY_LENGTH} characters."
            yield error("buttons.reply_long", EditorField.BUTTONS, words)
        elif not button.data.strip() and button.label.strip():
            yield error("buttons.reply_empty", EditorField.BUTTONS, f"Write what “{button.label}” answers.")


def links(draft: LintedDraft) -> Iterator[Finding]:
    for button in _of(draft, TemplateButtonType.URL):
        if len(button.data) > MAX_URL_LENGTH:
            words = f"Shorten the address of “{button.label}”: {MAX_URL_LENGTH:,} characters is the most."
            yield error("buttons.address_long", EditorField.BUTTONS, words)
        elif not is_https(VARIABLE.sub("x", button.data)) and "{" not in button.data:
            words = f"Give “{button.label}” a whole address, beginning with https://."
            yield error("buttons.address", EditorField.BUTTONS, words)


def plain_labels(draft: LintedDraft) -> Iterator[Finding]:
    """Buttons can't have any variables, newlines, emojis, or formatting characters, says WhatsApp."""
    for button in draft.buttons:
        if NOT_IN_LABEL.search(button.label) or EMOJI.search(button.label):
            words = f"“{button.label}”: no variables, emoji, line ends or formatting on a button."
            yield error("buttons.label_plain", EditorField.BUTTONS, words)


def link_variables(draft: LintedDraft) -> Iterator[Finding]:
    """One, {{1}}, at the very end; and WhatsApp asks for an example of it, which SmartDialog cannot carry."""
    for button in _of(draft, TemplateButtonType.URL):
        if "{" not in button.data and "}" not in button.data:
            continue
        if not _LINK_WITH_VARIABLE.fullmatch(button.data):
            words = f"“{button.label}”: a link may have one variable, {{{{1}}}}, at its very end, after a /."
            yield error("buttons.link_variable", EditorField.BUTTONS, words)
        else:
            words = (
                f"“{button.label}”: WhatsApp asks for an example of the link’s variable, which SmartDialog "
                "cannot carry. Give a whole address."
            )
            yield error("buttons.link_example", EditorField.BUTTONS, words)


def no_variables_elsewhere(draft: LintedDraft) -> Iterator[Finding]:
    for button in draft.buttons:
        if button.type != TemplateButtonType.URL and VARIABLE.search(button.data):
            words = f"Leave variables out of button “{button.label}”."
            yield error("buttons.variable", EditorField.BUTTONS, words)


def collapsed(draft: LintedDraft) -> Iterator[Finding]:
    if len(draft.buttons) > SHOWN_BUTTONS:
        words = "With more than three buttons people see two, and “See all options”."
        yield warning("buttons.collapsed", EditorField.BUTTONS, words)


def numbers(draft: LintedDraft) -> Iterator[Finding]:
    for button in _of(draft, TemplateButtonType.CALL):
        if len(button.data) > MAX_PHONE_LENGTH or not _E164.fullmatch(button.data):
            words = f"Give “{button.label}” a number in international form, such as +358401234567."
            yield error("buttons.number", EditorField.BUTTONS, words)


def _of(draft: LintedDraft, kind: TemplateButtonType) -> Iterator[Button]:
    return (button for button in draft.buttons if button.type == kind)


RULES: list[LintRule] = [
    one_type,
    known_type,
    how_many,
    labels,
    repeated_labels,
    replies,
    links,
    plain_labels,
    link_variables,
    no_variables_elsewhere,
    collapsed,
    numbers,
]
