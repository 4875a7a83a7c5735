"""What is worked out once for all calls of a campaign comes to what each would be by itself."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.hooks import dlr_url
from gateway.models import Operation
from messaging.campaigns.dispatch import calls, recipient_changes
from messaging.campaigns.dispatch.recipient_changes import WaitingRecipient
from messaging.campaigns.models import Campaign
from messaging.campaigns.tests.conftest import make_campaign, make_template

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
PEOPLE = st.lists(st.tuples(st.integers(358400000000, 358409999999), TEXTS), min_size=1, max_size=5)


@pytest.fixture(params=["sms", "whatsapp"])
def campaign(request, group, service, connected, mikko, kahvila) -> Campaign:
    if request.param == "sms":
        campaign = make_campaign(group, mikko, content='Hei $(firstName) "1 €"')
    else:
        template = make_template(kahvila, body="Hei {{1}}, tervetuloa!")
        parameters = [{"field": "firstName", "fallback": ""}]
        campaign = make_campaign(group, mikko, channel="whatsapp", template=template, parameters=parameters)
    campaign.connection = connected
    campaign.save()
    return campaign


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE)
def test_a_call_in_the_outbox_says_what_a_message_built_for_it_alone_says(campaign, people, monkeypatch):
    monkeypatch.setattr(recipient_changes, "place", lambda numbers: None)
    addressed = [(f"+{number}", (text,)) for number, text in people]
    batch = [
        WaitingRecipient(pk, phone, list(values), "", 0, None, "")
        for pk, (phone, values) in enumerate(addressed)
    ]

    calls.enqueue(campaign, {7: batch})

    operation = Operation.objects.latest("pk")
    message = calls.build_message(
        campaign,
        addressed,
        request_id=campaign.request_id(7),
        dlr_url=f"{dlr_url(campaign.customer)}?{urlencode({'c': campaign.pk, 'b': 7})}",
    )
    assert operation.payload["message"] == message.to_json()
    assert operation.payload["number"] == 7
    assert (operation.request_id, operation.batch) == (campaign.request_id(7), campaign.batch)
    assert (operation.created_by_id, operation.customer_id) == (campaign.created_by_id, campaign.customer_id)
