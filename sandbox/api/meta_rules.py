"""What WhatsApp itself refuses, with its codes, where the switch `meta_rules` is on.

A second reading of the rules, on purpose: whoever writes a client tests it against other words than its own.
"""

import re
from typing import Any

from sandbox.api.calls import Refusal
from sandbox.models import Customer, Template

VARIABLE = re.compile(r"\{\{(\d+)\}\}")
MAX_BODY = 1024
MEDIA_ENDINGS = (".jpg", ".jpeg", ".png", ".mp4", ".3gp", ".pdf")


def check_template(customer: Customer, body: dict[str, Any]) -> None:
    """A new template, as the create call carries it."""
    text = body["RawContent"]
    numbers = [int(number) for number in VARIABLE.findall(text)]
    fixed = VARIABLE.sub(" ", text)
    plain = text.strip().rstrip(".!?…,;: ")
    if len(text) > MAX_BODY:
        raise refused(2388040, "The message body is too long")
    if "{{" in fixed or "}}" in fixed or set(numbers) != set(range(1, len(set(numbers)) + 1)):
        raise refused(2388072, "Variables must be {{1}}, {{2}} and so on, without a gap")
    if VARIABLE.match(text.strip()) or plain.endswith("}}"):
        raise refused(2388299, "Variables can't be at the start or end of the template")
    if numbers and len(fixed.split()) <= len(numbers):
        raise refused(2388293, "This template has too many variables for its length")
    if "\n\n\n" in text or "\t" in text or "     " in text:
        raise refused(2388072, "The body has more than two line ends, a tab, or more than four spaces")
    address = body.get("AttachmentUrl", "")
    if address and not address.partition("?")[0].lower().endswith(MEDIA_ENDINGS):
        raise refused(2388047, "The header is of a format that is not supported")
    check_labels(body.get("Buttons", []))
    same = customer.templates.filter(display_name=body["DisplayName"], language=body["Language"])
    if same.exclude(review=Template.Review.REJECTED).exists():
        raise refused(2388024, "There is already content in this language for this template")


def check_labels(buttons: list[dict[str, str]]) -> None:
    for button in buttons:
        label = button.get("Label", "")
        if len(label) > 25:
            raise refused(2388040, "The button text is too long")
        if set("*_~`{}\n") & set(label) or any(ord(letter) >= 0x1F000 for letter in label):
            raise refused(
                2388072, "Buttons can't have any variables, newlines, emojis, or formatting characters"
            )


def check_send(template: Template | None, body: dict[str, Any]) -> None:
    """A message with a template, before it is taken."""
    if template is None or template.review in (Template.Review.PENDING, Template.Review.REJECTED):
        raise failed(132001, "Template name does not exist in the translation")
    if template.review == Template.Review.PAUSED:
        raise failed(132015, "Template is paused")
    parameters = body.get("BodyParameters", [])
    needed = len(set(VARIABLE.findall(template.raw_content)))
    if len(parameters) != needed:
        raise failed(
            132000, f"Number of parameters ({len(parameters)}) does not match the expected ({needed})"
        )
    if any(re.search(r"[\n\t]| {5}", value) or not value for value in parameters):
        raise failed(132012, "Parameter format does not match format in the created template")
    if template.attachment_url and not body.get("AttachmentUri"):
        raise failed(132012, "The header needs a file")
    ends = sum("{{" in button.get("Data", "") for button in template.buttons)
    if ends != len([each for each in body.get("Buttons", []) if each.get("Data")]):
        raise failed(132000, "Number of button parameters does not match")
    if len(VARIABLE.sub("", template.raw_content)) + sum(map(len, parameters)) > MAX_BODY:
        raise failed(132005, "Translated text too long")


def refused(subcode: int, words: str) -> Refusal:
    return Refusal(400, f"(#100) Invalid parameter: {words} (subcode {subcode})")


def failed(code: int, words: str) -> Refusal:
    return Refusal(400, f"(#{code}) {words}")
