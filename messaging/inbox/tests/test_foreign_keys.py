"""Keys of another customer in each field of each form of the inbox: as if there were no such thing."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.models import OptOutRequest
from gateway.models import ServiceKind
from messaging.campaigns.models import Snippet
from messaging.inbox.models import Draft, Label, Message, Note, Rule, SavedInboxView, Team, Thread
from messaging.inbox.rules.forms import RuleForm
from messaging.inbox.tests.conftest import HTMX, THREADS, of
from messaging.whatsapp.models import Template
from tests.factories import make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

FAR = "+390612345678"


@pytest.fixture
def theirs(outsider_oy) -> Thread:
    """A thread of a customer that none of ours reach, with a message and a note."""
    service = make_service(outsider_oy, kind=ServiceKind.TWO_WAY, name="Far away")
    found = Thread.objects.create(
        customer=outsider_oy, service=service, address=FAR, last_message_at=timezone.now(), our_address="+39"
    )
    Message.objects.create(thread=found, direction="in", content="salaisuus", at=timezone.now())
    Note.objects.create(thread=found, text="salainen muistio", at=timezone.now())
    return found


@pytest.fixture
def their_team(outsider_oy, otto) -> Team:
    team = Team.objects.create(customer=outsider_oy, name="Far team")
    team.members.add(otto)
    return team


def test_nobody_and_no_team_of_another_customer_is_given_a_thread(thread, mikko, otto, their_team):
    for field, key in [("to", otto.pk), ("team", their_team.pk)]:
        assert client_of(mikko).post(of(thread, "assignment"), {field: key}).status_code == 404
    for field, key in [("assign", otto.pk), ("team", their_team.pk)]:
        ticked = {"thread": f"{thread.pk}:{thread.newest_received}", field: key}
        assert client_of(mikko).post(reverse("inbox:bulk"), ticked).status_code == 404

    thread.refresh_from_db()
    assert (thread.assignee, thread.team) == (None, None)


def test_threads_of_another_customer_are_left_out_of_what_is_done_to_many(thread, theirs, mikko):
    ticked = [f"{each.pk}:{9**9}" for each in (thread, theirs)]
    for field in ({"label": "Kiire"}, {"assign": mikko.pk}, {}):
        client_of(mikko).post(reverse("inbox:bulk"), {"thread": ticked, **field})

    theirs.refresh_from_db()
    assert (theirs.state, theirs.assignee, list(theirs.labels.all())) == ("open", None, [])


def test_a_label_of_another_customer_is_not_taken_off(thread, theirs, outsider_oy, mikko):
    label = Label.objects.create(customer=outsider_oy, name="Far")
    theirs.labels.add(label)
    thread.labels.add(label)  # as if it had been

    assert client_of(mikko).post(of(thread, "labels"), {"off": label.pk}).status_code == 404
    assert theirs.labels.get() == label


@pytest.mark.parametrize("asked", ["hit", "note", "new", "snippet", "current"])
def test_a_key_in_the_address_of_a_thread_shows_nothing_of_another(
    thread, theirs, outsider_oy, mikko, connected, asked
):
    snippet = Snippet.objects.create(customer=outsider_oy, name="far", text="salasana")
    keys = {
        "hit": theirs.messages.get().pk,
        "note": Note.objects.get().pk,
        "new": theirs.messages.get().pk,
        "snippet": snippet.pk,
        "current": theirs.pk,
    }

    for target in ({}, {**HTMX, "HTTP_HX_TARGET": "look"}, {**HTMX, "HTTP_HX_TARGET": "open"}):
        page = markup(client_of(mikko).get(of(thread), {asked: keys[asked]}, **target))
        assert "sala" not in page


@pytest.mark.parametrize("asked", ["team", "label", "service", "who"])
def test_a_filter_by_a_key_of_another_customer_finds_nothing(
    thread, theirs, their_team, outsider_oy, mikko, otto, asked
):
    label = Label.objects.create(customer=outsider_oy, name="Far")
    theirs.labels.add(label)
    whose = {"assignee": otto} if asked == "who" else {"team": their_team}
    Thread.objects.filter(pk=theirs.pk).update(**whose)
    keys = {"team": their_team.pk, "label": label.pk, "service": theirs.service_id, "who": otto.pk}

    page = client_of(mikko).get(THREADS, {asked: keys[asked], "show": "all"})

    assert page.context["page"].rows == []
    assert FAR not in markup(page)


def test_a_template_of_another_customer_is_no_choice(thread, outsider_oy, mikko, connected):
    named = {"display_name": "Far", "language": "fi", "state": "listed", "remote_id": "x"}
    far = Template.objects.create(customer=outsider_oy, body="salasana", **named)
    for page in (
        client_of(mikko).get(of(thread, "template_reply"), {"template": far.pk}),
        client_of(mikko).post(of(thread, "template_reply"), {"template": far.pk, "key": uuid4()}),
        client_of(mikko).post(of(thread, "template_draft"), {"template": far.pk, "key": uuid4()}),
    ):
        assert "salasana" not in page.content.decode()

    assert not Message.objects.filter(direction="out").exists()


def test_a_first_message_takes_no_service_of_another_customer(thread, theirs, mikko, connected, sending):
    said = {
        "phone": "+358409999999",
        "sender": "+358459999999",
        "service": theirs.service_id,
        "content": "Hei",
        "key": uuid4(),
    }

    page = client_of(mikko).post(reverse("inbox:first_message"), said)

    assert page.status_code == 422
    assert not Message.objects.filter(direction="out").exists()


def test_a_rule_takes_nothing_of_another_customer(rule, theirs, their_team, otto, aino, outsider_oy):
    kept = rule(label="Kiire")
    group = make_service(outsider_oy, kind=ServiceKind.GROUP)
    far = {
        "service": theirs.service_id,
        "assignee": otto.pk,
        "team": their_team.pk,
        "group": group.pk,
        "carrier": otto.pk,
    }
    for field, key in far.items():
        form = RuleForm(
            {"name": kept.name, "when": "any", "label": "Kiire", field: key}, instance=kept, by=aino
        )
        assert field in form.errors
    assert Rule.objects.get().label == "Kiire"


def test_what_is_of_another_customer_is_decided_by_nobody_here(theirs, mikko, aino, otto):
    message = theirs.messages.get()
    Message.objects.filter(pk=message.pk).update(direction="out", state="failed")
    asked = OptOutRequest.objects.create(customer=theirs.customer, phone=FAR, asked_at=timezone.now())
    view = SavedInboxView.objects.create(user=otto, customer=theirs.customer, name="x", query="?show=all")
    for name, key in [
        *((each, message.pk) for each in ("tries", "takeover", "cancellation", "dismissal")),
        ("opt_out_decision", asked.pk),
        ("view_removal", view.pk),
    ]:
        for person in (mikko, aino):
            assert client_of(person).post(reverse(f"inbox:{name}", args=[key])).status_code == 404
    assert client_of(mikko).get(reverse("inbox:attachment", args=[message.pk, 0])).status_code == 404


def test_the_saved_view_of_a_colleague_is_removed_by_nobody_else(kahvila, mikko, aino):
    view = SavedInboxView.objects.create(user=aino, customer=kahvila, name="x", query="?show=all")

    assert client_of(mikko).post(reverse("inbox:view_removal", args=[view.pk])).status_code == 404


def test_the_key_of_an_answer_of_another_customer_sends_and_tells_nothing(thread, theirs, mikko, connected):
    key = theirs.messages.get().uuid

    page = markup(client_of(mikko).post(of(thread, "replies"), {"content": "Hei", "key": key}, **HTMX))

    assert "too old to answer from" in page
    assert "sala" not in page
    assert not thread.messages.filter(direction="out").exists()
    assert not Draft.objects.exists()
