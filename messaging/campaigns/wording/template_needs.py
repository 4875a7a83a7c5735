"""What a campaign still has to give for its template: the header's file and words, the ends of its links."""

from collections.abc import Mapping
from typing import Any

from accounts.wording.quantities import counted
from messaging.whatsapp.authoring import variables
from messaging.whatsapp.lint.metadata import MAX_URL_LENGTH
from messaging.whatsapp.models import HeaderKind, Template
from messaging.whatsapp.sending import send_requirements
from messaging.whatsapp.sending.send_requirements import Needs

MAX_HEADER_LENGTH = 60  # characters, once filled

FILE = "Give the attachment under More options: the template’s own is an example. It needs"
KINDS = {HeaderKind.IMAGE: "a picture", HeaderKind.VIDEO: "a video", HeaderKind.DOCUMENT: "a document"}


def missing(template: Template | None, values: Mapping[str, Any]) -> dict[str, str]:
    """By field of the form, in words that ask for it; a wrong count is missing, too."""
    if template is None:
        return {}
    asked, wanted = send_requirements.of_template(template), {}
    if asked.media and not values.get("attachment_url"):
        wanted["attachment_url"] = f"{FILE} {KINDS[HeaderKind(asked.media)]}."
    for name, needed, what in [
        ("header_parameters", len(asked.header), "The template’s header needs"),
        ("button_data", len(asked.links), "The template’s links need"),
    ]:
        if needed and len(values.get(name) or []) != needed:
            wanted[name] = f"{what} {counted(needed, 'line')}."
    return _too_long(template, asked, values) | wanted


def _too_long(template: Template, asked: Needs, values: Mapping[str, Any]) -> dict[str, str]:
    """What fits as it is given, and does not once it stands where it belongs."""
    words, ends = values.get("header_parameters") or [], values.get("button_data") or []
    header = variables.fill(template.header_text, dict(zip(asked.header, words, strict=False)))
    links = (
        variables.fill(template.buttons[place]["data"], {1: end})
        for place, end in zip(asked.links, ends, strict=False)
    )
    found = {}
    if asked.header and len(header) > MAX_HEADER_LENGTH:
        found["header_parameters"] = (
            f"Filled in, the header has {len(header):,} characters, and {MAX_HEADER_LENGTH} is the most."
        )
    if (longest := max(map(len, links), default=0)) > MAX_URL_LENGTH:
        found["button_data"] = (
            f"Filled in, a link has {longest:,} characters, and {MAX_URL_LENGTH:,} is the most."
        )
    return found
