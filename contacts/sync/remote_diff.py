"""What SmartDialog has of a person where we have something else, and what of it a contact can hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from contacts.fields import NAMES, PROPERTY_PREFIX, label, parser_of
from contacts.models import Contact
from contacts.text.answered_numbers import is_same_phone
from contacts.text.values import InvalidValue, clean_text
from gateway.smartdialog.types import RemoteContact

DIFFERS_PREFIX = "SmartDialog has something else as"
_STAYS = (
    DIFFERS_PREFIX + " {fields}, and takes no empty value: it cannot be emptied from here. Write something "
    "else there, or ask Arena to empty it."
)
_WORDS = DIFFERS_PREFIX + " {fields}. Send the contact again, or change it here."


def remote_diff(contact: Contact, remote: RemoteContact) -> dict[str, str]:
    """What SmartDialog has where we have something else, by target. It does not say who is active."""
    theirs = remote_values(remote)
    if is_same_phone(contact.phone, remote.phone):
        theirs["phone"] = contact.phone
    ours = {target: str(value) for target, value in contact.values().items() if value != ""}
    targets = [*NAMES, *sorted((theirs.keys() | ours.keys()) - set(NAMES))]
    return {each: theirs.get(each, "") for each in targets if theirs.get(each, "") != ours.get(each, "")}


def remote_values(remote: RemoteContact) -> dict[str, str]:
    """What SmartDialog has, by target; only what is filled."""
    fields = {name: str(value) for name in NAMES if (value := getattr(remote, name))}
    return fields | {f"{PROPERTY_PREFIX}{name}": value for name, value in remote.properties if value}


def diff_message(there: Mapping[str, str], contact: Contact | None = None) -> str:
    """For the person who mends it; nothing where nothing differs."""
    if contact and (stays := _staying(there, contact)):
        return _STAYS.format(fields=field_names(stays))[:500]
    return _WORDS.format(fields=field_names(there))[:500] if there else ""


def _staying(there: Mapping[str, str], contact: Contact) -> list[str]:
    """What is empty here, and cannot be emptied there."""
    ours = contact.values() if contact.group.refuses_empty else there
    return [target for target in there if ours.get(target, "") == ""]


def field_names(targets: Iterable[str]) -> str:
    """ "city, birth year, Level": properties are written as they are."""
    return ", ".join(label(target).lower() if target in NAMES else label(target) for target in targets)


def storable(found: Mapping[str, str]) -> dict[str, Any]:
    """What a contact can hold of it, by target: a birth year that is none cannot be kept."""
    values = {}
    for target, text in found.items():
        try:
            if cleaned := clean_text(text):
                values[target] = parser_of(target)(cleaned)
        except InvalidValue:
            continue
    return values


def not_storable(found: Mapping[str, str]) -> dict[str, str]:
    """What it cannot hold. Nothing at all it can."""
    kept = storable(found)
    return {target: text for target, text in found.items() if text and target not in kept}
