"""Words that may ask for no more messages. Until a person decides, campaigns leave the number out."""

from collections.abc import Collection

from accounts.db.array_param import Listed
from accounts.models import Customer, User
from contacts.models import OptOutDecision, OptOutRequest
from contacts.models.suppression import MAX_WORDS_LENGTH
from contacts.text.phones import spellings
from gateway import clock


def keep(
    customer: Customer, phone: str, *, words: str, place: str, unreadable: bool = False
) -> OptOutRequest:
    """Runs in a transaction. Of several that wait, in whatever spelling, the latest words stand.

    `unreadable`: `phone` is a sender of whom it is not certain which number it is.
    """
    said = {
        "words": words[:MAX_WORDS_LENGTH],
        "place": place[:200],
        "asked_at": clock.now(),
        "unreadable": unreadable,
    }
    undecided = OptOutRequest.objects.undecided().filter(customer=customer)
    asked = undecided.as_said().filter(phone__in=spellings(phone)).first()
    request, _ = undecided.update_or_create(
        customer=customer, phone=asked.phone if asked else phone, decided_at=None, defaults=said
    )
    others = [
        OptOutRequest(customer=customer, phone=other, other_spelling=True, **said)
        for other in spellings(request.phone)[1:]
    ]
    OptOutRequest.objects.bulk_create(others, ignore_conflicts=True)
    return request


def name_number(request: OptOutRequest, phone: str, *, by: User) -> bool:
    """A person says which number opted out with an unreadable sender; False when somebody just decided."""
    waiting = OptOutRequest.objects.undecided().filter(pk=request.pk, unreadable=True)
    return bool(
        waiting.update(
            phone=phone,
            unreadable=False,
            decision=OptOutDecision.OPTED_OUT,
            decided_at=clock.now(),
            decided_by=by,
        )
    )


def waiting_among(customer: Customer, phones: Collection[str]) -> set[str]:
    """Of whom a person has yet to say whether they opted out."""
    waiting = OptOutRequest.objects.undecided().filter(customer=customer, phone__in=Listed(phones))
    return set(waiting.values_list("phone", flat=True))


def close(
    customer: Customer, phones: Collection[str], decision: OptOutDecision, *, by: User | None = None
) -> int:
    """What waits of these numbers is decided; how many, each spelling for itself."""
    waiting = OptOutRequest.objects.undecided().filter(customer=customer, phone__in=phones)
    return waiting.update(decision=decision, decided_at=clock.now(), decided_by=by)
