"""What a segment names: groups, imports and who brought them."""

from collections.abc import Callable, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Customer, User
from contacts.models import Contact, Import
from contacts.segments import subjects
from contacts.segments.deeds import SUGGESTED
from contacts.segments.suggestions import near
from contacts.segments.syntax import Comparison, SegmentError
from gateway.models import Service


def condition(node: Comparison, customer: Customer) -> Q:
    """That a contact is of what is named; of several of one name, of any. Raises SegmentError."""
    found = list(_named(node.subject, customer, node.value).values_list("pk", flat=True))
    if not found:
        words = "Nobody who imported" if node.subject == subjects.IMPORTED_BY else f"No {node.subject}"
        instead = near(node.value, names(node.subject, customer))
        raise SegmentError(f"{words} is called “{node.value}”.", node.place, instead)
    return _CONDITIONS[node.subject](found)


def names(subject: str, customer: Customer) -> Sequence[str]:
    """What can be named, the newest first."""
    rows, name = _rows(subject, customer)
    return list(dict.fromkeys(rows.order_by("-pk").values_list(name, flat=True)[:SUGGESTED]))


def _named(subject: str, customer: Customer, value: str) -> QuerySet:
    rows, name = _rows(subject, customer)
    return rows.filter(**{name: value})


def _rows(subject: str, customer: Customer) -> tuple[QuerySet, str]:
    """The rows that may be meant, and which of their columns is the name."""
    saved = Import.objects.filter(group__customer=customer).exclude(confirmed_at=None)
    if subject == subjects.GROUP:
        return Service.objects.filter(customer=customer).groups(), "name"
    if subject == subjects.IMPORT:
        return saved, "original_name"
    return User.objects.filter(pk__in=saved.values("created_by")), "name"


def _in_groups(groups: Sequence[int]) -> Q:
    """The number is in one of them, in whichever row it is asked."""
    there = Contact.objects.present().filter(group__in=groups, phone=OuterRef("phone"))
    return Q(Exists(there))


def _of_imports(imports: Sequence[int]) -> Q:
    return Q(last_import__isnull=False, last_import__in=imports)


def _imported_by(people: Sequence[int]) -> Q:
    brought = Import.objects.filter(pk=OuterRef("last_import"), created_by__in=people)
    return Q(Exists(brought))


_CONDITIONS: dict[str, Callable[[Sequence[int]], Q]] = {
    subjects.GROUP: _in_groups,
    subjects.IMPORT: _of_imports,
    subjects.IMPORTED_BY: _imported_by,
}
