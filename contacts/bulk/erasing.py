"""What actions on many contacts hold of a person: what was before, and by what they were chosen."""

from collections.abc import Iterator

from accounts.db.state_moves import move
from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from contacts.erasure.saved_lists import searches_for
from contacts.erasure.words_holder import Place, WordsHolder
from contacts.models import BulkAction, BulkPart, BulkState, Contact
from contacts.models.bulk import STOPPABLE
from gateway import clock
from gateway.outbox import backlogs

CANCELLED = "Cancelled: it was for a person who has been erased."


@holds("contacts.bulk_change")
class BulkChangeHolder(Holder):
    title = "Changes made to many contacts at once"
    fate = "What was done stays; that it was done to the person goes"
    covers = {"contacts.BulkPart": "changes"}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {"Action": str(part.action), "When": part.action.created_at, "Before": old}
            for part, key in _parts(person)
            if (old := part.changes[key])
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for part, key in _parts(person):
            part.refresh_from_db(fields=["changes"])
            del part.changes[key]
            part.save(update_fields=["changes"])


@holds("contacts.bulk_search")
class BulkSearchHolder(Holder):
    """Of an action that is not over, too: nobody would be left whom it is for."""

    title = "Actions on contacts that were found by searching for the person"
    fate = "What was searched for goes; an action that was not over is cancelled"
    covers = {"contacts.BulkAction": "filter"}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [{"Action": str(action), "When": action.created_at} for action in _searches(person)]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for action in _searches(person):
            _cancel(action)
            BulkAction.objects.filter(pk=action.pk).update(filter="")


@holds("contacts.words_of_bulk")
class WordsOfBulk(WordsHolder):
    title = "What was noted about actions on many contacts, and names the person"
    places = (
        Place(
            BulkAction, "Action", customer="group__customer", columns="options whom note", lone="whom note"
        ),
    )


def _parts(person: DataSubject) -> Iterator[tuple[BulkPart, str]]:
    """Those that changed a contact of the person, and its key in them."""
    own = BulkPart.objects.filter(group__customer=person.customer).select_related("action")
    for key in person.keys(Contact):
        parts = own.filter(first__lte=key, last__gte=key, changes__has_key=str(key))
        yield from ((part, str(key)) for part in parts)


def _cancel(action: BulkAction) -> None:
    """Unless it is over by now."""
    over = {"note": CANCELLED, "finished_at": clock.now(), "leased_until": None}
    if move(BulkAction.objects.filter(pk=action.pk), *STOPPABLE, to=BulkState.CANCELLED, **over):
        backlogs.cancel(action.batch)


def _searches(person: DataSubject) -> Iterator[BulkAction]:
    for action in BulkAction.objects.of_customer(person.customer).exclude(filter="").select_related("group"):
        if searches_for(person, action.filter):
            yield action
