"""Rules about what goes with the text: name, language, category, sender, attachment."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from messaging.whatsapp.lint.draft import EditorField, Finding, LintedDraft, LintRule, error, warning
from messaging.whatsapp.lint.languages import LANGUAGES

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
_NOT_IN_ADDRESS = re.compile(r"[\s<>\"{}|\\^`\x00-\x1f]")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?")
_ENDING = re.compile(r"\.([A-Za-z0-9]{2,5})$")
_LANGUAGE = re.compile(r"[a-z]{2}")


def name(draft: LintedDraft) -> Iterator[Finding]:
    if not draft.display_name.strip():
        yield error("name.empty", EditorField.NAME, "Give the template a name.")
    elif len(draft.display_name) > MAX_NAME_LENGTH:
        yield error(
            "name.long", EditorField.NAME, f"Shorten the name: {MAX_NAME_LENGTH} characters is the most."
        )


def similar_name(draft: LintedDraft) -> Iterator[Finding]:
    """SmartDialog makes its own id from the name, and finding the template again goes by the name."""
    own = _slug(draft.display_name)
    same = next((other for other in draft.others if own and _slug(other.name) == own), None)
    if same:
        words = f"“{same.name}” is called nearly the same. Another name keeps the two apart at SmartDialog."
        yield warning("name.similar", EditorField.NAME, words)


def name_without_letters(draft: LintedDraft) -> Iterator[Finding]:
    if draft.display_name.strip() and not _slug(draft.display_name):
        words = "Use letters or digits in the name: the template’s id is made from them."
        yield warning("name.letters", EditorField.NAME, words)


def language(draft: LintedDraft) -> Iterator[Finding]:
    if not _LANGUAGE.fullmatch(draft.language):
        words = "SmartDialog takes a code of two letters, such as fi." if draft.language else ""
        yield error("language.code", EditorField.LANGUAGE, f"Choose the language. {words}".strip())
    elif draft.language not in LANGUAGES:
        words = f"WhatsApp has no language “{draft.language}” of two letters."
        yield error("language.unknown", EditorField.LANGUAGE, words)


def category(draft: LintedDraft) -> Iterator[Finding]:
    if not any(map(draft.is_of, draft.categories)):
        yield error(
            "category.unknown", EditorField.CATEGORY, f"Choose a category: {', '.join(draft.categories)}."
        )


def identity(draft: LintedDraft) -> Iterator[Finding]:
    if not draft.identity:
        yield error("identity.empty", EditorField.IDENTITY, "Choose the WhatsApp number that sends it.")


def attachment(draft: LintedDraft) -> Iterator[Finding]:
    if draft.attachment_url and not is_https(draft.attachment_url):
        words = "Give the whole address of the example attachment, beginning with https://."
        yield error("attachment.address", EditorField.ATTACHMENT, words)


def attachment_of_no_kind(draft: LintedDraft) -> Iterator[Finding]:
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
    """Absolute, with a host that can be, nobody's password, and no longer than the contract takes."""
    if len(address) > MAX_URL_LENGTH or _NOT_IN_ADDRESS.search(address):
        return False
    try:
        parts = urlsplit(address)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    is_whole = parts.scheme == "https" and has_port and "@" not in parts.netloc
    return is_whole and _is_public(parts.hostname or "")


def _is_public(host: str) -> bool:
    """A name with a dot in it, or the number of a machine that everybody reaches."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return bool(_HOST.fullmatch(host))


def _slug(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name[:MAX_NAME_LENGTH].casefold()).strip("_")


RULES: list[LintRule] = [
    name,
    name_without_letters,
    similar_name,
    identity,
    category,
    language,
    attachment,
    attachment_of_no_kind,
]
