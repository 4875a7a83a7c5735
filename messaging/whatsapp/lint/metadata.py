"""Rules about what goes with the text: name, language, category, sender, attachment."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.text import slugify

from messaging.whatsapp.lint.draft import Draft, EditorField, Finding, Rule, error, warning

MAX_NAME_LENGTH = 100
MAX_URL_LENGTH = 2000
KINDS_OF_ENDINGS = {
    "jpg": "image",
    "jpeg": "image",
    "png": "image",
    "mp4": "video",
    "3gp": "video",
    "3gpp": "video",
    "pdf": "document",
}
_ENDING = re.compile(r"\.([A-Za-z0-9]{2,5})$")
_LANGUAGE = re.compile(r"[a-z]{2}")


def name(draft: Draft) -> Iterator[Finding]:
    if not draft.display_name.strip():
        yield error("name.empty", EditorField.NAME, "Give the template a name.")
    elif len(draft.display_name) > MAX_NAME_LENGTH:
        yield error(
            "name.long", EditorField.NAME, f"Shorten the name: {MAX_NAME_LENGTH} characters is the most."
        )


def similar_name(draft: Draft) -> Iterator[Finding]:
    """SmartDialog makes its own id from the name, and finding the template again goes by the name."""
    own = slugify(draft.display_name[:MAX_NAME_LENGTH])
    same = next((other for other in draft.others if own and slugify(other.name) == own), None)
    if same:
        words = f"“{same.name}” is called nearly the same. Another name keeps the two apart at SmartDialog."
        yield warning("name.similar", EditorField.NAME, words)


def language(draft: Draft) -> Iterator[Finding]:
    if not _LANGUAGE.fullmatch(draft.language):
        words = "Choose the language: SmartDialog takes a code of two letters, such as fi."
        yield error("language.code", EditorField.LANGUAGE, words)


def category(draft: Draft) -> Iterator[Finding]:
    if draft.category not in draft.categories:
        yield error(
            "category.unknown", EditorField.CATEGORY, f"Choose a category: {', '.join(draft.categories)}."
        )


def identity(draft: Draft) -> Iterator[Finding]:
    if not draft.identity:
        yield error("identity.empty", EditorField.IDENTITY, "Choose the WhatsApp number that sends it.")


def attachment(draft: Draft) -> Iterator[Finding]:
    if draft.attachment_url and not is_https(draft.attachment_url):
        words = "Give the whole address of the example attachment, beginning with https://."
        yield error("attachment.address", EditorField.ATTACHMENT, words)


def attachment_of_no_kind(draft: Draft) -> Iterator[Finding]:
    ending = _ending(draft.attachment_url)
    if draft.attachment_url and ending and ending not in KINDS_OF_ENDINGS:
        words = f"WhatsApp takes no .{ending}: give a .jpg, .png, .mp4, .3gp or .pdf."
        yield error("attachment.ending", EditorField.ATTACHMENT, words)
    elif draft.attachment_url and not draft.header_kind:
        words = "Say whether the attachment is a picture, a video or a document."
        yield error("attachment.kind", EditorField.ATTACHMENT_KIND, words)


def attachment_kind(address: str) -> str:
    """Image, video or document, as the ending says; nothing where it says none that WhatsApp takes."""
    return KINDS_OF_ENDINGS.get(_ending(address), "")


def _ending(address: str) -> str:
    path = address.partition("?")[0].partition("#")[0]
    found = _ENDING.search(path)
    return found[1].lower() if found and path.count("/") > 2 else ""


def is_https(address: str) -> bool:
    """Absolute, with a host, and no longer than the contract takes."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in (parts.hostname or "") and len(address) <= MAX_URL_LENGTH


RULES: list[Rule] = [name, similar_name, identity, category, language, attachment, attachment_of_no_kind]
