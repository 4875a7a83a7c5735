"""A conversation tells all that was said and done with a person, however their number is written."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Customer
from accounts.templatetags.ui import exact
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.editing import crud
from contacts.models import ConsentSource
from gateway import clock
from gateway.models import ServiceKind
from messaging.campaigns.models import (
    REST,
    Campaign,
    CampaignState,
    Channel,
    Link,
    Recipient,
    RecipientState,
)
from messaging.inbox.models import Direction, Message, Thread
from messaging.inbox.team import notes, teamwork
from messaging.inbox.tests.conftest import ANNA, HTMX, of, receive
from messaging.inbox.threads import conversations
from messaging.inbox.threads.conversations import MESSAGES_SHOWN
from messaging.inbox.threads.person import Entry
from messaging.whatsapp.models import Template
from tests.factories import make_contact, make_service
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db

BEGUN = datetime(2026, 11, 20, 9, tzinfo=UTC)


def message(customer: Customer, phone: str = ANNA, *, at: datetime = BEGUN, **fields) -> Recipient:
    """What a campaign said to Anna."""
    content = fields.pop("content", "Hei $(firstName), tervetuloa!")
    campaign = Campaign.objects.create(
        customer=customer, name="Kevättalkoot", content=content, state=CampaignState.SENT, begun_at=at
    )
    usual = {"state": RecipientState.DELIVERED, "values": ["Anna"]}
    return Recipient.objects.create(campaign=campaign, phone=phone, **(usual | fields))


def said_by(entry: Entry) -> str:
    if entry.message:
        return entry.message.content
    return entry.campaign.text if entry.campaign else entry.event.text


def words(conversation: conversations.Conversation) -> list[str]:
    """Everything in the order in which it stands."""
    return [said_by(entry) for day in conversation.days for entry in day.entries]


def test_what_a_campaign_said_stands_above_what_they_answered_with_its_state(thread, kahvila, mikko):
    message(kahvila, state=RecipientState.FAILED, reason="Phone off or out of reach.")

    assert words(conversations.load(thread)) == ["Hei Anna, tervetuloa!", "Milloin avaatte?"]
    page = markup(client_of(mikko).get(of(thread)))
    for each in ["Kevättalkoot", "Failed", "Phone off or out of reach."]:
        assert each in page


def test_what_was_said_under_the_number_before_stays_on_the_sheet(thread, hook, kahvila, mikko):
    anna = make_contact(make_service(kahvila, kind=ServiceKind.GROUP), phone=ANNA, first_name="Anna")
    message(kahvila)
    crud.edit(anna, values={}, revision=0, by=mikko, phone="+358402222222")
    receive(hook, content="Olen joku muu")
    Message.objects.filter(content="Olen joku muu").update(at=clock.after(3600))

    page = markup(client_of(mikko).get(reverse("contacts:contact", args=[anna.pk])))

    assert "Milloin avaatte?" in page
    assert "Hei Anna, tervetuloa!" in page
    assert "Olen joku muu" not in page


def test_a_contacts_sheet_tells_the_same_history(thread, kahvila, mikko):
    anna = make_contact(make_service(kahvila, kind=ServiceKind.GROUP), phone=ANNA, first_name="Anna")
    message(kahvila, state=RecipientState.FAILED, reason="Phone off or out of reach.")
    ours = {"thread": thread, "direction": Direction.OUT, "at": BEGUN, "created_by": mikko}
    Message.objects.create(content="Olemme kiinni", automatic=True, **ours)
    Message.objects.create(content="Avaamme", state="failed", error_text="No such number.", **ours)
    notes.write(thread, "Soita hänelle", by=mikko)
    teamwork.add_label(Thread.objects.all(), "VIP", customer=kahvila, by=mikko)

    page = markup(client_of(mikko).get(reverse("contacts:contact", args=[anna.pk])))

    sheet = page.split('id="messages"')[1]
    for words in ["Phone off or out of reach.", "No such number.", "Soita hänelle", "Labelled", "VIP", "SMS"]:
        assert words in sheet
    assert "Sent by itself" in sheet.split("Olemme kiinni")[1].split("</li>")[0]


def test_a_sheet_without_a_conversation_shows_more_than_the_latest_by_a_press(kahvila, mikko):
    anna = make_contact(make_service(kahvila, kind=ServiceKind.GROUP), phone=ANNA, first_name="Anna")
    for number in range(12):
        message(kahvila, content=f"Viesti {number}.", values=[], at=BEGUN + timedelta(hours=number))

    page = markup(client_of(mikko).get(reverse("contacts:contact", args=[anna.pk])))

    assert "Show 2 earlier" in page
    assert page.index("Viesti 2.") < page.index("Show 2 earlier") < page.index("Viesti 1.")


def test_what_has_not_left_or_is_of_another_customer_is_not_said(thread, kahvila, trattoria):
    message(kahvila, state=RecipientState.SKIPPED, reason="Opted out.")
    message(kahvila, state=RecipientState.PLANNED)
    message(trattoria)
    message(kahvila, phone="+358402222222")

    assert words(conversations.load(thread)) == ["Milloin avaatte?"]


def test_who_was_left_out_and_why_stands_beside_the_conversation(thread, kahvila, mikko):
    message(kahvila, state=RecipientState.SKIPPED, reason="Opted out at the counter.")

    assert "Opted out at the counter." in markup(client_of(mikko).get(of(thread)))


def test_a_campaign_stands_where_its_person_got_it(thread, kahvila):
    """The rest later than the first; of a long list as each was taken, or failed; by own clocks, as each
    arrived.
    """
    names = ["first", "rest", "taken", "own", "failed"]
    hours = {name: BEGUN + timedelta(hours=hour) for hour, name in enumerate(names)}
    first = message(kahvila)
    rest = message(kahvila, stage=REST, state=RecipientState.UNCERTAIN, settled_at=hours["own"])
    taken = message(kahvila, state=RecipientState.ACCEPTED, settled_at=hours["taken"])
    own = message(kahvila, settled_at=hours["own"])
    failed = message(kahvila, state=RecipientState.FAILED, settled_at=hours["failed"])
    Campaign.objects.filter(pk=rest.campaign_id).update(rest_begun_at=hours["rest"])
    Campaign.objects.filter(pk=own.campaign_id).update(own_time=True, send_at=BEGUN + timedelta(days=1))

    found = {each.recipient.pk: each.at for each in conversations.load(thread).for_them or []}

    assert found == {
        first.pk: hours["first"],
        rest.pk: hours["rest"],
        taken.pk: hours["taken"],
        own.pk: hours["own"],
        failed.pk: hours["failed"],
    }


def test_a_campaign_that_failed_stands_below_what_was_said_before_it_failed(hook, thread, kahvila):
    begun = datetime(2026, 11, 24, 11, tzinfo=UTC)  # an hour before they wrote
    told = {"state": RecipientState.FAILED, "settled_at": begun + timedelta(hours=2)}
    message(kahvila, at=begun, content="Kesä alkaa.", values=[], **told)
    receive(hook, content="Entä nyt?", timestamp="2026-11-24T14:00:00Z")

    assert words(conversations.load(thread)) == ["Milloin avaatte?", "Kesä alkaa.", "Entä nyt?"]


def test_what_they_opened_the_file_and_the_buttons_stand_with_what_a_campaign_said(thread, kahvila, mikko):
    template = Template.objects.create(
        customer=kahvila,
        display_name="Kesä",
        body="Tervetuloa!",
        footer="Kahvila Aalto",
        buttons=[{"type": "url", "label": "Varaa pöytä", "url": "https://kahvila.example"}],
    )
    said = message(kahvila, values=[])
    Campaign.objects.filter(pk=said.campaign_id).update(
        channel=Channel.WHATSAPP,
        template=template,
        link_url="https://kahvila.example/kesa",
        attachment_url="https://kahvila.example/files/lista.pdf",
    )
    Link.objects.create(token="abc", campaign=said.campaign, recipient=said, clicked_at=BEGUN)

    page = markup(client_of(mikko).get(of(thread)))

    for words in ["Opened the link", "lista.pdf", "Varaa pöytä", "Kahvila Aalto"]:
        assert words in page.split('id="conversation"')[1].split('id="composer')[0]


def test_words_whose_values_are_not_kept_any_more_stand_as_they_were_written(thread, kahvila):
    message(kahvila, values=[])

    assert words(conversations.load(thread))[0] == "Hei $(firstName), tervetuloa!"


def test_what_people_did_stands_where_they_did_it(thread, kahvila, mikko):
    seen = {thread.pk: thread.newest_received}
    teamwork.finish(Thread.objects.all(), seen, customer=kahvila, by=mikko)
    opt_outs.opt_out(kahvila, ANNA, Evidence(ConsentSource.STAFF, words="Called us", by=mikko))

    page = client_of(mikko).get(of(thread)).content.decode()

    assert words(conversations.load(thread)) == ["Milloin avaatte?", "Marked as done", "Opted out"]
    assert page.count("Called us") == 3, "in the conversation, on top of the person's pane, in their record"


def test_whose_it_was_its_labels_and_its_sleep_stand_where_somebody_decided_them(
    thread, kahvila, mikko, aino
):
    own = Thread.objects.filter(pk=thread.pk)
    teamwork.assign(own, customer=kahvila, to=aino, by=mikko)
    label = teamwork.add_label(own, "VIP", customer=kahvila, by=mikko)
    teamwork.remove_label(thread, label, by=mikko)
    teamwork.assign(own, customer=kahvila, to=None, by=mikko)
    teamwork.add_label(own, "Sääntö", customer=kahvila, by=None)
    until = datetime(2026, 12, 24, 6, tzinfo=UTC)
    teamwork.snooze(thread, until=until, seen=thread.newest_received, by=mikko)

    said = [entry.event for day in conversations.load(thread).days for entry in day.entries if entry.event]

    assert [(each.text, each.note, each.who) for each in said] == [
        ("Assigned to", "Aino", "Mikko"),
        ("Labelled", "VIP", "Mikko"),
        ("Took a label off", "VIP", "Mikko"),
        ("Assigned to nobody", "", "Mikko"),
        ("Snoozed until", exact(until), "Mikko"),
    ]


def test_one_person_under_two_spellings_and_at_two_services_is_one_conversation(
    hook, answering, kahvila, mikko
):
    now, then = "+525512345678", "+5215512345678"
    receive(hook, sender=now, content="Bonjour", timestamp="2026-11-24T12:00:00Z")
    thread = Thread.objects.get()
    other = Thread.objects.create(
        customer=kahvila,
        service=make_service(kahvila, kind=ServiceKind.TWO_WAY, name="WhatsApp"),
        address=then,
        last_message_at=BEGUN,
    )
    Message.objects.create(
        thread=other, direction=Direction.IN, content="Allô", protocol="WHATSAPP", at=BEGUN, remote_id="w"
    )
    message(kahvila, phone=then, content="Salut", values=[], at=BEGUN - timedelta(hours=1))
    make_contact(
        make_service(kahvila, kind=ServiceKind.GROUP),
        phone=then,
        first_name="Awa",
        properties={"Taso": "Kulta"},
    )

    assert (
        words(conversations.load(thread)) == words(conversations.load(other)) == ["Salut", "Allô", "Bonjour"]
    )
    page = markup(client_of(mikko).get(of(thread)))
    for each in ["WhatsApp ·", "Awa", "Kulta"]:
        assert each in page


def test_an_unknown_number_is_added_to_a_group_with_one_press(thread, kahvila, mikko, vera):
    group = make_service(kahvila, kind=ServiceKind.GROUP, name="Uutiskirje")
    link = f"/contacts/{group.pk}/new/?phone=%2B358401111111"

    assert link in markup(client_of(mikko).get(of(thread)))
    assert link not in markup(client_of(vera).get(of(thread)))
    assert ANNA in markup(client_of(mikko).get(link))


def test_new_messages_begin_below_a_line_that_stays_while_the_page_is_open(hook, thread, mikko):
    conversations.mark_read(thread, newest=thread.newest_received, by=mikko)
    receive(hook, content="Ja sunnuntaina?", timestamp="2026-11-24T13:00:00Z")
    receive(hook, content="Haloo?", timestamp="2026-11-24T14:00:00Z")
    browser = client_of(mikko)

    page = browser.get(of(thread))
    html = markup(page)
    assert html.index("Milloin avaatte?") < html.index('id="new"') < html.index("Ja sunnuntaina?")

    thread.refresh_from_db()
    conversations.mark_read(thread, newest=thread.newest_received, by=mikko)
    query = page.context["since_query"]
    again = browser.get(of(thread) + query, **HTMX).content.decode()
    assert again.index('id="new"') < again.index("Ja sunnuntaina?")
    assert 'id="new"' not in markup(browser.get(of(thread)))


def make_messages(thread: Thread, count: int) -> list[str]:
    """One an hour from BEGUN on, the oldest first."""
    Message.objects.filter(thread=thread).delete()
    Message.objects.bulk_create(
        Message(
            thread=thread, direction=Direction.IN, content=f"m{number}", at=BEGUN + timedelta(hours=number)
        )
        for number in range(count)
    )
    return [f"m{number}" for number in range(count)]


def test_a_day_is_gone_to_and_read_on_from_to_the_end_without_a_hole(thread, mikko):
    all_of_them = make_messages(thread, 3 * MESSAGES_SHOWN)
    browser = client_of(mikko)

    page = browser.get(of(thread), {"day": "2026-11-22"})
    read = words(page.context["conversation"])
    assert timezone.localdate(page.context["conversation"].days[-1].messages[-1].at).day == 22
    while not page.context["conversation"].is_latest:
        page = browser.get(of(thread) + page.context["later_query"], **HTMX)
        read += words(page.context["conversation"])

    assert read == all_of_them


@pytest.mark.parametrize("day", ["", "x", "2026-13-40", "9999-12-31", "0001-01-01", "2026-11-22T00:00"])
def test_a_junk_day_is_answered(thread, mikko, day):
    assert client_of(mikko).get(of(thread), {"day": day}).status_code == 200


def test_all_of_it_takes_as_many_queries_as_a_little(thread, kahvila, mikko, django_assert_num_queries):
    message(kahvila)
    thread = Thread.objects.select_related("customer").get()
    with django_assert_num_queries(8):
        words(conversations.load(thread))
    for _ in range(20):
        message(kahvila)
        answer_of = Message.objects.create(
            thread=thread, direction=Direction.OUT, content="Hei", at=timezone.now(), created_by=mikko
        )
        assert answer_of.pk
    thread = Thread.objects.select_related("customer").get()
    with django_assert_num_queries(8):
        words(conversations.load(thread))


@pytest.mark.parametrize("shown", [100, 2])
def test_what_is_new_and_newest_is_the_same_for_a_part_as_for_the_whole(
    hook, thread, mikko, monkeypatch, shown
):
    """What came late is older than what it came after."""
    for minute in (30, 10, 20):
        receive(hook, content="Huhuu?", timestamp=f"2026-11-24T13:{minute}:00Z")
    receive(hook, content="Toiselle", timestamp="2026-11-24T14:00:00Z", sender="+358402222222")
    thread.refresh_from_db()
    monkeypatch.setattr(conversations, "MESSAGES_SHOWN", shown)
    conversation = conversations.load(thread)
    first, second, *_, last = thread.messages.order_by("pk").values_list("pk", flat=True)

    assert conversation.is_whole == (shown == 100)
    assert conversations.newest_key(thread, conversation) == conversations.newest_key(thread) == last
    assert conversations.first_unread({}, conversation) == first
    assert conversations.first_unread({thread.pk: first}, conversation) == second
    assert conversations.first_unread({thread.pk: last}, conversation) == 0
