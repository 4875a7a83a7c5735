"""What becomes of a campaign's messages tells whether its template is approved."""

import pytest
from django.utils import timezone

from messaging.campaigns.dispatch import calls, sending
from messaging.campaigns.models import Channel, RecipientState
from messaging.campaigns.reporting import template_evidence
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled, make_template, refuse
from messaging.whatsapp.models import Approval, Template


@pytest.fixture
def template(kahvila):
    return make_template(kahvila, body="Hei kaikki, tervetuloa")


def test_the_reviewers_example_is_never_sent(group, mikko, kahvila):
    template = make_template(kahvila, attachment_url="https://example.com/invoice-of-someone.pdf")
    campaign = make_campaign(group, mikko, channel=Channel.WHATSAPP, template=template)

    message = calls.build_message(campaign, [("+358401234567", ("Anna", "tiistai"))], request_id="1")

    assert "example.com" not in str(message.to_json())


def test_a_delivered_message_shows_that_its_template_is_approved(group, mikko, template):
    campaign = make_campaign(group, mikko, channel=Channel.WHATSAPP, template=template)

    template_evidence.take(campaign, RecipientState.DELIVERED, "", sent_at=timezone.now())

    assert Template.objects.get().approval == Approval.APPROVED


def test_a_template_that_an_sms_campaign_has_is_not_judged_by_it(group, mikko, template):
    campaign = make_campaign(group, mikko, channel=Channel.SMS, template=template)

    template_evidence.take(campaign, RecipientState.DELIVERED, "", sent_at=timezone.now())

    assert Template.objects.get().approval == Approval.UNKNOWN


def test_a_refused_call_that_names_a_code_says_what_to_do_and_marks_the_template(
    group, people, connected, mikko, template
):
    campaign = make_scheduled(group, mikko, channel=Channel.WHATSAPP, template=template)
    sending.send_now(campaign.pk)

    refuse(calls_of(campaign)[0], "(#132001) Template name does not exist in the translation")

    reason = campaign.recipients.filter(state=RecipientState.FAILED).first().reason
    assert reason == (
        "WhatsApp has no approved template of this name in this language. "
        "Ask what became of its review. (132001)"
    )
    assert Template.objects.get().approval == Approval.REJECTED
