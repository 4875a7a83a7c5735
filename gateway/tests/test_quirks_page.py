"""What an admin says of how SmartDialog behaves towards a customer."""

from urllib.parse import urlencode

import pytest

from accounts.models import AuditEvent
from gateway.hooks import processing, unclear
from gateway.hooks.subscriptions import dlr_url
from gateway.models import EventState, HookEvent, ServiceKind
from gateway.smartdialog import quirks
from tests.factories import make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db

HERE = "/settings/smartdialog/"


def test_what_is_set_counts_and_is_in_the_trail(aino, kahvila):
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    said = {
        "save": "1",
        "recipients_limit": "50",
        "content_limit": "300",
        "lead": "10",
        "zone": "Europe/Rome",
        "refuses_empty": "on",
    }

    assert client_of(aino).post(HERE, said).status_code == 302

    known = quirks.of(kahvila)
    group.refresh_from_db()
    assert (known.batch_size, known.longest_content, known.send_lead, known.zone) == (
        50,
        300,
        600,
        "Europe/Rome",
    )
    assert (known.recipients_taken, group.refuses_empty) == (50, True)
    assert AuditEvent.objects.get(verb="smartdialog.learnt").actor == aino
    groups_said = AuditEvent.objects.get(verb="smartdialog.groups_said")
    assert (groups_said.actor, groups_said.after) == (aino, {"refuses_empty": True})

    client_of(aino).post(HERE, {"save": "1"})
    assert quirks.of(kahvila).recipients_limit is None


@pytest.mark.parametrize("wrong", [{"recipients_limit": "0"}, {"zone": "Mars"}, {"content_limit": "5000"}])
def test_what_cannot_be_is_said_in_place_and_nothing_is_saved(aino, kahvila, wrong):
    assert client_of(aino).post(HERE, {"save": "1"} | wrong).status_code == 422
    assert not AuditEvent.objects.filter(verb="smartdialog.learnt").exists()


@pytest.mark.parametrize("status", ["x" * 300, "a" * 194 + "  b", "İ" * 150, "  Toimitettu  "])
def test_a_word_of_any_length_can_be_said(aino, kahvila, status):
    dlr_url(kahvila)
    query = urlencode({"recipientId": "r", "status": status})
    event = HookEvent.objects.create(subscription=kahvila.hook_subscriptions.get(), query=query)
    processing.process(event.pk)
    (shown,) = unclear.reports(kahvila)

    client_of(aino).post(f"{HERE}words/", {"word": shown.word, "status": "delivered"})

    processing.process(event.pk)
    event.refresh_from_db()
    assert event.state == EventState.PARKED, "it is read, though it belongs to nothing here"


@pytest.mark.parametrize("said", [{}, {"word": "X"}, {"word": "X", "status": "nonsense"}])
def test_a_word_without_a_meaning_changes_nothing(aino, kahvila, said):
    assert client_of(aino).post(f"{HERE}words/", said).status_code == 302
    assert quirks.of(kahvila).report_words == {}
