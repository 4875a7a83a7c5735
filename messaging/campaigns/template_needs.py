"""What a campaign still has to give for its template: the header's file and words, the ends of its links."""

from collections.abc import Mapping
from typing import Any

from accounts.quantities import counted
from messaging.whatsapp import needs
from messaging.whatsapp.models import HeaderKind, Template

FILE = "Give the attachment under More options: the template’s own is an example. It needs"
KINDS = {HeaderKind.IMAGE: "a picture", HeaderKind.VIDEO: "a video", HeaderKind.DOCUMENT: "a document"}


def missing(template: Template | None, values: Mapping[str, Any]) -> dict[str, str]:
    """By field of the form, in words that ask for it; a wrong count is missing, too."""
    if template is None:
        return {}
    asked, wanted = needs.of_template(template), {}
    if asked.media and not values.get("attachment_url"):
        wanted["attachment_url"] = f"{FILE} {KINDS[HeaderKind(asked.media)]}."
    for name, needed, what in [
        ("header_parameters", len(asked.header), "The template’s header"),
        ("button_data", len(asked.links), "The template’s links"),
    ]:
        if needed and len(values.get(name) or []) != needed:
            wanted[name] = (
                f"{what} need{'s' if name == 'header_parameters' else ''} {counted(needed, 'line')}."
            )
    return wanted
