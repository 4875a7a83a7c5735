"""Which column of a file holds what, by its header in English, Finnish, Swedish or Italian."""

import re
from collections.abc import Sequence

from contacts.fields import CONSENT_TARGETS, FIELDS, MAX_PROPERTY_NAME_LENGTH, PROPERTY_PREFIX
from contacts.importing.consent_columns import consent_targets
from contacts.text.full_text_search import case_folded
from contacts.text.normalization import nfc

# What our own list of rejects calls its reasons; left out when the mended file comes back.
REASON_HEADER = "Why it was not imported"

_SIGNS = re.compile(r"[\W_]+")
_LIKE_A_NUMBER = re.compile(r"'?\+?[\d\s().\-/]{7,24}")


def header_key(header: str) -> str:
    """A header as it is compared: no case, no spaces, no punctuation, one spelling a letter."""
    return _SIGNS.sub("", case_folded(header))


_FIELD_OF = {header_key(word): field.name for field in FIELDS for word in field.headers.split("|")}


def guess_mapping(headers: Sequence[str], samples: Sequence[Sequence[str]] = ()) -> list[str]:
    """A target for each column, "" for one that is left out.

    A field is given once, but what tells consent may be told twice: another such column becomes a custom
    property. `samples` are the first rows: where no header says phone, the column whose cells look most like
    phone numbers is taken.
    """
    targets: list[str] = []
    consents = consent_targets(headers, samples)
    fields = [
        consents.get(column) or _FIELD_OF.get(header_key(header), "") for column, header in enumerate(headers)
    ]
    numbers = _best([column for column, field in enumerate(fields) if field == "phone"], samples)
    for place, (header, field) in enumerate(zip(headers, fields, strict=True)):
        is_free = field not in targets and (field != "phone" or place == numbers)
        targets.append(
            field if field and (is_free or field in CONSENT_TARGETS) else _property(header, targets)
        )
    if "phone" not in targets and (column := guess_phone_column(samples)) is not None:
        targets[column] = "phone"
    return targets


def _best(columns: Sequence[int], samples: Sequence[Sequence[str]]) -> int | None:
    """Of columns that say they hold numbers, the one whose cells look it most; the first of equals."""
    return max(columns, key=lambda column: _phone_share(_cells(samples, column)), default=None)


def guess_phone_column(samples: Sequence[Sequence[str]]) -> int | None:
    """The column that looks most like phone numbers, in half of its filled cells at least; or None."""
    width = max(map(len, samples), default=0)
    shares = [_phone_share(_cells(samples, column)) for column in range(width)]
    best = max(shares, default=0)
    return shares.index(best) if best >= 0.5 else None


def header_holds_phone(header: Sequence[str]) -> bool:
    """Whether a header holds a phone number: then it is no header, but the first contact."""
    return any(_phone_share([cell]) for cell in header)


def _property(header: str, taken: Sequence[str]) -> str:
    if header_key(header) == header_key(REASON_HEADER):
        return ""
    words = " ".join(nfc(header).replace("\ufffd", "").split())
    name = "".join(filter(str.isprintable, words))[:MAX_PROPERTY_NAME_LENGTH].strip()
    target = f"{PROPERTY_PREFIX}{name}" if name else ""
    number = 2
    while target and target in taken:
        target = f"{PROPERTY_PREFIX}{name[: MAX_PROPERTY_NAME_LENGTH - 5]} ({number})"
        number += 1
    return target


def _cells(samples: Sequence[Sequence[str]], column: int) -> list[str]:
    return [row[column] for row in samples if column < len(row)]


def _phone_share(cells: Sequence[str]) -> float:
    filled = [cell.strip() for cell in cells if cell.strip()]
    alike = [cell for cell in filled if _LIKE_A_NUMBER.fullmatch(cell) and _digits(cell) >= 7]
    return len(alike) / len(filled) if filled else 0


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)
