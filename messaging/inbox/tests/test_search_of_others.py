"""Notes, people, labels and files in a search; and what follows where time ran out."""

import pytest

from contacts.text.full_text_search import words_of
from messaging.inbox.models import Label, Message, Thread
from messaging.inbox.search import results
from messaging.inbox.search.hits import Hits
from messaging.inbox.search.results import search
from messaging.inbox.team import notes, teamwork
from messaging.inbox.team.desk import Desk
from messaging.inbox.tests.conftest import THREADS, of, receive
from tests.factories import make_contact, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("50%", ["Alennus on 50% nyt"]),
        ("50", ["Pöytä 50 hengelle", "Alennus on 50% nyt"]),
        ('"50 hengelle"', ["Pöytä 50 hengelle"]),
        ('"hengelle 50"', []),
    ],
)
def test_a_note_has_phrases_and_signs_as_they_were_asked_for(thread, kahvila, mikko, text, found):
    for said in ["Alennus on 50% nyt", "Pöytä 50 hengelle"]:
        notes.write(thread, said, by=mikko)

    assert [hit.note.text for hit in search(Desk(kahvila), text).notes] == found


def test_a_note_that_is_found_opens_where_it_stands(thread, kahvila, mikko):
    notes.write(thread, "Soita maanantaina", by=mikko)
    note = thread.notes.get()

    assert f'{of(thread)}?q=maanantaina&amp;note={note.pk}#note-{note.pk}"' in markup(
        client_of(mikko).get(THREADS, {"q": "maanantaina"})
    )


def test_more_notes_and_people_than_are_shown_are_a_press_away(hook, thread, kahvila, mikko):
    group = make_service(kahvila, kind="group")
    for number in range(8):
        notes.write(thread, f"Soita {number}", by=mikko)
        phone = f"+35840444444{number}"
        make_contact(group, phone=phone, first_name="Soitto")
        receive(hook, sender=phone, content="Moi")
    page = client_of(mikko).get(THREADS, {"q": "soit"})

    assert (len(page.context["results"].notes), len(page.context["results"].people)) == (5, 6)
    notes_page = client_of(mikko).get(THREADS + page.context["all_notes"])
    assert len(notes_page.context["results"].notes) == 8
    assert not notes_page.context["all_notes"]
    people_page = client_of(mikko).get(THREADS + page.context["all_people"])
    assert len(people_page.context["results"].people) == 8


def test_where_time_runs_out_no_hit_comes_twice_and_none_is_left_out(hook, thread, kahvila, monkeypatch):
    for number in range(6):
        receive(hook, content=f"Moi {number}", timestamp=f"2026-11-25T10:{number:02}:00Z")
    keys = sorted(Message.objects.values_list("pk", flat=True), reverse=True)
    monkeypatch.setattr(results, "PAGE_SIZE", 2)
    monkeypatch.setattr(results, "_by_name_and_word", lambda *args, before, **rest: _older(keys, before))
    stages = iter([Hits([], looked_back_to=keys[2]), Hits(keys[3:])])
    monkeypatch.setattr(results, "newest_hits", lambda *args, **rest: next(stages))

    first = search(Desk(kahvila), "moi")
    second = search(Desk(kahvila), "moi", before=first.next)

    shown = [hit.message.pk for page in (first, second) for hit in page.hits]
    assert shown == keys[: len(shown)]
    assert len(shown) == 4


def _older(keys: list[int], before: int) -> list[int]:
    return [key for key in keys if not before or key < before]


def test_a_file_is_found_by_its_name(hook, thread, kahvila):
    attachments = [{"name": "Kuitti lokakuu.pdf", "mimeType": "application/pdf", "resourceLocation": "x"}]
    receive(hook, content="Tässä", attachments=attachments, timestamp="2026-11-25T10:00:00Z")

    [hit] = search(Desk(kahvila), "lokakuu").hits
    assert ("lokakuu.pdf", True) in hit.snippet


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_what_nobody_sees_inside_a_word_parts_it_not(mark):
    assert words_of(f"Lauan{mark}tai sopii") == ["lauantai", "sopii"]


def test_a_label_is_one_in_capitals_too_whatever_its_letters(thread, kahvila, mikko):
    for name in ["Ärkeä", "ÄRKEÄ"]:
        teamwork.add_label(Thread.objects.all(), name, customer=kahvila, by=mikko)

    assert [label.name for label in Label.objects.all()] == ["Ärkeä"]
    assert [label.name for label in search(Desk(kahvila), "äRK").labels] == ["Ärkeä"]


def test_after_a_search_done_leads_to_nobody_who_was_not_found(hook, thread, mikko):
    receive(hook, sender="+358402222222", content="Moi")

    done = client_of(mikko).post(
        f"{of(thread, 'state')}?q=avaatte", {"state": "closed", "newest": thread.newest_received}
    )

    assert done.url == f"{THREADS}?q=avaatte"
