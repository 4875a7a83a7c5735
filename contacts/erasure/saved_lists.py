"""Lists of the table that people keep under a name, by what was searched for."""

from collections.abc import Iterator
from urllib.parse import parse_qsl

from contacts.erasure.registry import DataSubject, ErasureOrder, HeldRow, Holder, holds
from contacts.erasure.words_holder import Place, WordsHolder
from contacts.models import SavedFilter, Segment


@holds("contacts.saved_filter")
class SavedFilterHolder(Holder):
    title = "Lists of the table that name the person"
    fate = "Deleted; one that only bears the name stays, without it"
    covers = {"contacts.SavedFilter": "name query"}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [{"List": saved.name, "Kept by": saved.user.name} for saved in _kept(person)]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        for saved in _kept(person):
            if searches_for(person, saved.query):
                saved.delete()
            else:
                name = f"{person.naming.without(saved.name, lone=True)[:40]} {saved.pk}"
                SavedFilter.objects.filter(pk=saved.pk).update(name=name)


def searches_for(person: DataSubject, query: str) -> bool:
    """Whether the query string of a table asks for the person."""
    asked = [text for pair in parse_qsl(query) for text in pair]
    return person.naming.found_in(asked, lone=True) or any(person.naming.is_of([text]) for text in asked)


def _kept(person: DataSubject) -> Iterator[SavedFilter]:
    for saved in SavedFilter.objects.of_customer(person.customer).select_related("user"):
        if searches_for(person, saved.query) or person.naming.found_in(saved.name, lone=True):
            yield saved


@holds("contacts.segments")
class SegmentHolder(WordsHolder):
    title = "Segments that name the person"
    places = (
        Place(Segment, "Segment", customer="customer", columns="name text", lone="name text", once="name"),
    )
