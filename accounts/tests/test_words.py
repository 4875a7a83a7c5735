from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from accounts.templatetags.ui import counted, lasting, spelled, time_left, when
from accounts.trail import audit
from tests.people import client_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("person.role_changed", "Person: role changed"),
        ("contact.create", "Contact: create"),
        ("thread.snoozed", "Conversation: snoozed"),
        ("sweep", "Sweep"),
        ("", ""),
    ],
)
def test_names_of_acts_and_calls_are_spelled_out(name, words):
    assert spelled(name) == words


def test_the_audit_trail_says_what_was_done_in_words(aino, mikko):
    browser = client_of(aino)

    browser.post(f"/settings/people/{mikko.pk}/role/", {"role": "viewer"})

    page = browser.get("/settings/audit/").content.decode()
    assert "Person: role changed" in page
    assert AuditEvent.objects.get().verb not in page


def test_the_audit_trail_says_what_changed_without_the_words_of_a_machine(aino, kahvila):
    event = audit.record(
        actor=aino,
        customer=kahvila,
        verb="contact.updated",
        subject=kahvila,
        before={"city": None, "property:Level": "gold", "active": True, "note": ""},
        after={"city": "Oulu", "property:Level": "", "active": False, "left_alone": 19601, "note": None},
    )
    held = audit.record(
        actor=aino,
        customer=kahvila,
        verb="person.erased",
        subject="a number",
        after={"held": {"Contacts": 1, "Rows of files": 12000}, "year": 1980, "regions": ["FI", "SE"]},
    )

    assert audit.describe_changes(event) == [
        ("city", "", "Oulu"),
        ("Level", "gold", ""),
        ("active", "yes", "no"),
        ("left alone", "", "19,601"),
    ]
    assert [new for _, _, new in audit.describe_changes(held)] == [
        "Contacts: 1, Rows of files: 12,000",
        "1980",
        "FI, SE",
    ]
    page = client_of(aino).get("/settings/audit/").content.decode()
    assert "None" not in page
    assert "property:" not in page


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("2026-12-01T12:00:00Z", "Tue 1 Dec 2026 14:00 Helsinki"),
        ("2026-12-01T01:33:04.523+02:00", "Tue 1 Dec 2026 01:33 Helsinki"),
        ("2026-99-99T12:00:00Z", "2026-99-99T12:00:00Z"),
        ("2026-12-01", "2026-12-01"),
    ],
)
def test_the_audit_trail_says_a_moment_as_people_read_it(aino, kahvila, kept, shown):
    event = audit.record(
        actor=aino, customer=kahvila, verb="thread.snoozed", subject=kahvila, after={"until": kept}
    )

    with timezone.override("Europe/Helsinki"):
        assert audit.describe_changes(event) == [("until", "", shown)]


def test_a_lasting_piece_is_made_once_for_the_same_words_and_anew_for_others():
    def rail(**words: object) -> str:
        return lasting(
            "includes/_rail.html", **({"nav": "inbox", "is_admin": False, "unanswered": 2} | words)
        )

    assert rail() is rail()
    people = f'href="{reverse("settings:people")}"'
    assert (people in rail(is_admin=True), people in rail()) == (True, False)
    assert (">2<" in rail(), ">3<" in rail(unanswered=3), ">2<" in rail(unanswered=3)) == (True, True, False)


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (1, "contact", "1 contact"),
        (1204, "contact", "1,204 contacts"),
        (1, "person waits,people wait", "1 person waits"),
        (0, "person waits,people wait", "0 people wait"),
    ],
)
def test_a_number_and_what_is_counted_agree(number, words, said):
    assert counted(number, words) == said


@pytest.mark.parametrize(
    ("minutes", "left", "near"),
    [(2.5, "2 min", "in 2 min"), (65.5, "1 h 5 min", "in 1 h"), (-3.5, "0 s", "3 min ago")],
)
def test_how_long_until_then_is_told_by_one_measure(minutes, left, near):
    then = timezone.now() + timedelta(minutes=minutes)

    assert time_left(then) == left
    assert f">{near}<" in when(then)
