"""Finding templates, what became of what was sent with them, and putting them away."""

import pytest
from django.utils import timezone

from messaging.campaigns.models import Campaign, Channel, Recipient, RecipientState
from messaging.inbox.models import Message, Thread
from messaging.whatsapp.catalogue import archiving, listing_merge, usage
from messaging.whatsapp.models import Template, TemplateState
from messaging.whatsapp.tests.conftest import make_template
from tests.factories import make_service
from tests.people import client_of


@pytest.fixture
def listed(kahvila):
    return make_template(kahvila, state=TemplateState.LISTED, remote_id="a", listed_at=timezone.now())


def names(user, **asked) -> list[str]:
    rows = client_of(user).get("/templates/", asked).context["page"].rows
    return [each.display_name for each in rows]


def test_the_list_is_searched_and_filtered(kahvila, trattoria, mikko):
    make_template(kahvila, display_name="Kesäjuhla", body="Tervetuloa", language="fi", category="UTILITY")
    make_template(kahvila, display_name="Fest", body="Välkommen", language="sv", category="Marketing")
    make_template(trattoria, display_name="Theirs", body="Tervetuloa", language="fi")

    assert names(mikko, q="tervetu") == ["Kesäjuhla"]
    assert names(mikko, q="FEST") == ["Fest"]
    assert names(mikko, language="sv") == ["Fest"]
    assert names(mikko, category="Utility") == ["Kesäjuhla"]
    assert names(mikko, identity="+358000") == []
    assert names(mikko, state="draft", language="fi") == ["Kesäjuhla"]


def test_what_is_archived_is_listed_apart_offered_to_no_campaign_and_comes_back(listed, mikko):
    archiving.archive(listed, by=mikko)

    assert names(mikko) == []
    assert names(mikko, state="archived") == ["Christmas brunch"]
    assert not Template.objects.sendable().exists()
    client_of(mikko).post(f"/templates/{listed.pk}/archiving/", {"undo": "1"})
    assert names(mikko) == ["Christmas brunch"]


def test_the_page_counts_what_was_sent_and_says_why_some_failed(kahvila, listed, mikko):
    campaign = Campaign.objects.create(
        customer=kahvila, name="Brunch", channel=Channel.WHATSAPP, template=listed
    )
    said = [
        (RecipientState.DELIVERED, ""),
        (RecipientState.FAILED, "No WhatsApp"),
        (RecipientState.SKIPPED, ""),
    ]
    for number, (state, reason) in enumerate(said):
        Recipient.objects.create(
            campaign=campaign,
            phone=f"+35840123456{number}",
            state=state,
            reason=reason,
            settled_at=timezone.now(),
        )

    Recipient.objects.create(  # who got another text, in another template
        campaign=campaign, phone="+358401234569", state=RecipientState.FAILED, wording=1
    )

    used = usage.of_template(listed)
    [shown] = usage.campaigns_with(listed)
    page = client_of(mikko).get(f"/templates/{listed.pk}/").content.decode()

    assert (used.sent, used.delivered, used.failed, used.reasons) == (2, 1, 1, [("No WhatsApp", 1)])
    assert (shown.sent, shown.failed) == (2, 1)
    assert "No WhatsApp" in page


def test_joined_with_a_listed_one_messages_of_the_inbox_come_along(kahvila, mikko):
    listed = Template.objects.create(
        customer=kahvila, body="Hei", state=TemplateState.LISTED, remote_id="b", listed_at=timezone.now()
    )
    ours = make_template(kahvila, state=TemplateState.SUBMITTED)
    service = make_service(kahvila, kind="TwoWay")
    thread = Thread.objects.create(
        customer=kahvila, service=service, address="+358401", last_message_at=timezone.now()
    )
    now = timezone.now()
    message = Message.objects.create(thread=thread, direction="out", template=listed, at=now, received_at=now)

    listing_merge.join(ours, listed, by=mikko)

    message.refresh_from_db()
    assert message.template == ours


def test_two_of_one_name_are_told_apart_where_they_are_chosen(kahvila):
    finnish = make_template(
        kahvila, display_name="Welcome", body="Tervetuloa", language="fi", category="UTILITY"
    )
    swedish = make_template(kahvila, display_name="Welcome", body="Välkommen", language="sv", category="")

    assert finnish.choice_label == "Welcome (Finnish, Utility): Tervetuloa"
    assert swedish.choice_label == "Welcome (Swedish): Välkommen"
