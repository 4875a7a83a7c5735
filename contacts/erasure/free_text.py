"""What names a person only in somebody's words: lists that people keep, and rows that nobody could read."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from django.db.models import QuerySet

from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from contacts.models import Contact, ImportRow, SavedFilter

_NO_DIGIT = re.compile(r"\D+")
MIN_DIGITS = 7  # digits that a number is known by, without its country code

# Around an address: nothing that would make it a part of a longer one, as anna@x.fi is of johanna@x.fi.
_BEFORE = r"(?<![\w.%&+-])(?<!\w')"
_AFTER = r"(?![\w-]|\.\w)"

Emails = list[re.Pattern[str]]


@holds("contacts.saved_filter")
class SavedFilterHolder(Holder):
    """Before the contacts, whose emails it finds them by."""

    title = "Lists of the table that are kept by the person’s number or email"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [{"List": saved.name, "Kept by": saved.user.name} for saved in _kept(person)]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for saved in _kept(person):
            saved.delete()


@holds("contacts.unreadable_row")
class UnreadableRowHolder(Holder):
    """Before the contacts, too."""

    title = "Rows of imported files that could not be read"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {
                "File": row.job.original_name,
                "Group": row.job.group.name,
                "Row": row.line,
                "Cells": row.raw,
            }
            for row in _unreadable(person).select_related("job__group")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        _unreadable(person).delete()


def _kept(person: DataSubject) -> Iterator[SavedFilter]:
    emails = _emails(person)
    for saved in SavedFilter.objects.of_customer(person.customer).select_related("user"):
        if any(_names(person, emails, text) for _, text in parse_qsl(saved.query)):
            yield saved


def _unreadable(person: DataSubject) -> QuerySet[ImportRow]:
    """Looked through one by one: no index knows a number in a spelling that nobody could read."""
    emails = _emails(person)
    rows = ImportRow.objects.of_customer(person.customer).filter(phone=None).values_list("pk", "raw")
    naming = [pk for pk, raw in rows.iterator() if any(_names(person, emails, cell) for cell in raw)]
    return ImportRow.objects.filter(pk__in=naming).order_by("pk")


def _emails(person: DataSubject) -> Emails:
    """Each as it is looked for in a text."""
    contacts = Contact.objects.of_customer(person.customer).filter(phone=person.phone).exclude(email="")
    emails = {email.lower() for email in contacts.values_list("email", flat=True)}
    return [re.compile(f"{_BEFORE}{re.escape(email)}{_AFTER}", re.IGNORECASE) for email in emails]


def _names(person: DataSubject, emails: Emails, text: str) -> bool:
    """By the number in whatever spelling, as no region can be told here, or by an email."""
    digits = _NO_DIGIT.sub("", text).lstrip("0")
    is_number = len(digits) >= MIN_DIGITS and person.digits.endswith(digits)
    return is_number or ("@" in text and any(email.search(text) for email in emails))
