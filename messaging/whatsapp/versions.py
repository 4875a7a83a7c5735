"""Earlier versions of a draft: what each of them has otherwise than now, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from accounts.models import User
from messaging.whatsapp import drafts
from messaging.whatsapp.models import Template, TemplateVersion

SHOWN = 30
LABELS = {
    "display_name": "Name",
    "body": "Message",
    "category": "Category",
    "language": "Language",
    "identity": "Sent from",
    "buttons": "Buttons",
    "attachment_url": "Example attachment",
    "header_kind": "Kind of attachment",
}


@dataclass(frozen=True)
class Earlier:
    """`changes`: what restoring it would change: label, as it is now, as it was then."""

    version: TemplateVersion
    changes: list[tuple[str, str, str]]


def earlier(template: Template) -> list[Earlier]:
    """The latest, newest first; one query."""
    now = template.audited()
    kept = template.versions.select_related("saved_by")[:SHOWN]
    return [Earlier(version, list(_changes(now, version.fields))) for version in kept]


def restore(template: Template, version: TemplateVersion, *, revision: int, by: User) -> None:
    """It becomes the draft, as one more version: what is there now is kept, too. Raises TemplateChanged."""
    fields = {name: value for name, value in version.fields.items() if name in LABELS}
    drafts.edit(template, revision=revision, fields=fields, by=by, page=uuid4())


def _changes(now: dict[str, Any], then: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, label in LABELS.items():
        if now[name] != then.get(name, now[name]):
            yield label, _words(now[name]), _words(then[name])


def _words(value: Any) -> str:
    return ", ".join(button["label"] for button in value) if isinstance(value, list) else value
