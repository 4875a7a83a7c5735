"""Earlier versions of a draft: what each of them has otherwise than now, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from accounts.models import User
from messaging.whatsapp.authoring import drafts, variables
from messaging.whatsapp.models import WRITTEN, Template, TemplateVersion

SHOWN = 30
LABELS = {
    "display_name": "Name",
    "body": "Message",
    "samples": "Samples",
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
    now = _as_written(template.audited())
    kept = template.versions.select_related("saved_by")[:SHOWN]
    return [Earlier(version, list(_changes(now, _as_written(version.fields)))) for version in kept]


def restore(template: Template, version: TemplateVersion, *, revision: int, by: User) -> None:
    """It becomes the draft, as one more version: what is there now is kept, too. Raises TemplateChanged."""
    fields = {name: value for name, value in version.fields.items() if name in WRITTEN}
    fields = {"variable_names": {}, "samples": {}, **fields}
    drafts.edit(template, revision=revision, fields=fields, by=by, page=uuid4())


def _as_written(fields: dict[str, Any]) -> dict[str, Any]:
    """Its text with the names that its variables had."""
    names = {int(number): name for number, name in fields.get("variable_names", {}).items()}
    return {**fields, "body": variables.named(fields["body"], names)}


def _changes(now: dict[str, Any], then: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, label in LABELS.items():
        if now[name] != then.get(name, now[name]):
            yield label, _words(now[name]), _words(then[name])


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(value.values())
    return ", ".join(button["label"] for button in value) if isinstance(value, list) else value
