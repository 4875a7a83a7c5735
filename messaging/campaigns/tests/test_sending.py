"""From the schedule to calls, and from their outcomes to what became of everybody."""

from contacts.consent import opt_out_requests
from gateway.models import Operation, OperationState
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, sending, stages
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.outcome.delivery_stats import stats_of, status_badge
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled, make_template, refuse
from messaging.campaigns.tests.stages import now_of
from messaging.campaigns.tests.test_last_look import claimed
from tests.factories import make_contact


def test_everybody_is_listed_once_and_who_is_left_out_has_a_reason(sending_now):
    found = {each.phone: (each.state, each.reason) for each in sending_now.recipients.all()}

    assert found == {
        "+358400000001": ("planned", ""),
        "+358400000002": ("planned", ""),
        "+358400000003": ("skipped", "No first name"),
        "+358400000004": ("skipped", "Not active in the group"),
        "+358400000005": ("skipped", "Opted out"),
    }
    assert sending_now.state == CampaignState.SENDING


def test_of_whom_nobody_has_said_it_the_receipt_says_undecided(group, people, connected, mikko):
    make_contact(group, phone="+358400000006", first_name="Ei", active=False, undecided=True)
    campaign = make_scheduled(group, mikko)

    sending.send_now(campaign.pk)

    assert campaign.recipients.get(phone="+358400000006").reason == "Undecided"


def test_who_may_have_opted_out_is_skipped_until_somebody_has_decided(
    kahvila, group, people, connected, mikko
):
    opt_out_requests.keep(kahvila, people[0].phone, words="en halua enää viestejä", place="Inbound")
    campaign = make_scheduled(group, mikko)

    sending.send_now(campaign.pk)

    assert campaign.recipients.get(phone=people[0].phone).reason == "May have opted out"
    recipients = calls_of(campaign)[0].payload["message"]["recipients"]
    assert [each["address"] for each in recipients] == [people[1].phone]


def test_one_call_carries_each_persons_own_words_and_a_request_id_fixed_before_it(sending_now):
    [operation] = calls_of(sending_now)

    message = operation.payload["message"]
    assert operation.request_id == message["request_id"] == f"{sending_now.uuid}-1"
    assert [each["personalization"]["firstName"] for each in message["recipients"]] == ["Maija", "Антон"]
    assert f"c={sending_now.pk}" in message["dlr_url"]


def test_values_that_look_like_placeholders_travel_as_values(group, people, connected, mikko):
    make_contact(group, first_name="$(lastName) {{ 7|add:7 }}")
    campaign = make_scheduled(group, mikko)

    sending.send_now(campaign.pk)

    recipients = calls_of(campaign)[0].payload["message"]["recipients"]
    assert recipients[-1]["personalization"] == {"firstName": "$(lastName) {{ 7|add:7 }}"}


def test_begun_twice_it_has_the_same_people_and_calls(sending_now):
    sending.send_now(sending_now.pk)
    sending.advance_campaigns()

    assert (len(calls_of(sending_now)), sending_now.recipients.count()) == (1, 5)


def test_a_large_audience_is_cut_into_full_calls(group, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 4
    for _ in range(21):
        make_contact(group, first_name="Matti")
    campaign = make_scheduled(group, mikko)

    sending.send_now(campaign.pk)

    sizes = [len(operation.payload["message"]["recipients"]) for operation in calls_of(campaign)]
    assert sizes == [4, 4, 4, 4, 4, 1]


def test_a_template_goes_in_one_call_to_all_with_equal_parameters(group, people, kahvila, connected, mikko):
    twin = make_contact(group, first_name="Maija")
    parameters = [{"field": "firstName", "fallback": "ystävä"}, {"field": "", "fallback": "tänään"}]
    campaign = make_scheduled(
        group, mikko, channel="whatsapp", template=make_template(kahvila), parameters=parameters
    )

    sending.send_now(campaign.pk)

    messages = [operation.payload["message"] for operation in calls_of(campaign)]
    found = {tuple(each["body_parameters"]): each["recipients"] for each in messages}
    assert found == {
        ("Maija", "tänään"): [people[0].phone, twin.phone],
        ("Антон", "tänään"): [people[1].phone],
        ("ystävä", "tänään"): [people[2].phone],
    }


def test_a_campaign_whose_calls_were_all_refused_is_not_called_sent(sending_now):
    refuse(calls_of(sending_now)[0])

    sending_now.refresh_from_db()
    assert sending_now.state == CampaignState.SENT
    assert status_badge(sending_now, stats_of(sending_now)).label == "Failed"


def test_a_refused_call_is_tried_again_with_the_same_bytes(sending_now, mikko):
    [operation] = calls_of(sending_now)
    payload, request_id = operation.payload, operation.request_id
    refuse(operation)
    sending_now.refresh_from_db()

    assert lifecycle.retry_failed(sending_now, by=mikko) == 1

    [operation] = calls_of(sending_now)
    assert (operation.state, operation.payload, operation.request_id) == ("waiting", payload, request_id)
    sending_now.refresh_from_db()
    assert (sending_now.state, stats_of(sending_now).waiting) == (CampaignState.SENDING, 2)


def test_what_is_tried_again_comes_after_what_waits_already(group, connected, mikko, settings):
    """Others were promised their hour."""
    settings.SMARTDIALOG_BATCH_SIZE = 1
    for number in range(3):
        make_contact(group, first_name=f"Matti{number}")
    first, other = make_scheduled(group, mikko), make_scheduled(group, mikko)
    for campaign in (first, other):
        sending.send_now(campaign.pk)
    left = claimed(connected)
    record = left.calls.get()
    refuse(left)
    waiting = list(Operation.objects.filter(state="waiting").order_by("pk"))

    assert lifecycle.retry_failed(Campaign.objects.get(pk=first.pk), by=mikko) == 1

    assert list(Operation.objects.filter(state="waiting").order_by("pk"))[:-1] == waiting
    again = Operation.objects.latest("pk")
    assert (again.request_id, again.attempts, again.payload) == (left.request_id, 1, left.payload)
    record.refresh_from_db()
    assert record.operation == again
    assert not Operation.objects.filter(pk=left.pk).exists()


def test_tried_again_as_it_ends_it_goes_on(sending_now, mikko, monkeypatch):
    """Else nobody could pause or cancel it while its calls leave."""
    refuse(calls_of(sending_now)[0])
    Campaign.objects.update(state=CampaignState.SENDING)
    keeps_rest = stages.keeps_rest

    def while_a_person_tries_again(campaign: Campaign) -> bool:
        monkeypatch.setattr(stages, "keeps_rest", keeps_rest)
        assert lifecycle.retry_failed(now_of(sending_now), by=mikko) == 1
        return keeps_rest(campaign)

    monkeypatch.setattr(stages, "keeps_rest", while_a_person_tries_again)
    sending.finish(now_of(sending_now))

    assert now_of(sending_now).state == CampaignState.SENDING
    assert pausing.pause(now_of(sending_now), by=mikko)


def test_a_cancelled_campaigns_refused_calls_are_not_tried_again(sending_now, mikko):
    refuse(calls_of(sending_now)[0])
    Campaign.objects.filter(pk=sending_now.pk).update(state=CampaignState.CANCELLED)
    sending_now.refresh_from_db()

    assert lifecycle.retry_failed(sending_now, by=mikko) == 0
    assert calls_of(sending_now)[0].state == OperationState.FAILED


def test_cancelled_midway_what_left_stands_and_the_rest_never_leaves(group, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 2
    for _ in range(6):
        make_contact(group, first_name="Matti")
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    first, second, third = calls_of(campaign)
    answer(first)
    type(second).objects.filter(pk=second.pk).update(state=OperationState.INFLIGHT)
    campaign.refresh_from_db()

    assert lifecycle.cancel(campaign, by=mikko) == 1

    second.refresh_from_db()
    answer(second)
    stats = stats_of(campaign)
    assert (stats.accepted, stats.skipped, stats.waiting, stats.total) == (4, 2, 0, 6)
    third.refresh_from_db()
    campaign.refresh_from_db()
    assert (third.state, campaign.state) == (OperationState.CANCELLED, CampaignState.CANCELLED)


def test_a_deleted_contact_keeps_its_result(sending_now, people):
    answer(calls_of(sending_now)[0])
    people[0].delete()

    assert stats_of(sending_now).accepted == 2


def test_a_land_line_gets_no_sms_unless_somebody_asks_for_it(group, people, connected, mikko):
    make_contact(group, phone="+358942411001", first_name="Lasse", phone_type="landline")
    without, including = make_scheduled(group, mikko), make_scheduled(group, mikko, include_landlines=True)

    for campaign in (without, including):
        sending.send_now(campaign.pk)

    reached = [
        campaign.recipients.values_list("state", "reason").get(phone="+358942411001")
        for campaign in (without, including)
    ]
    assert reached == [("skipped", "Not a mobile number"), ("planned", "")]


def test_a_campaign_that_breaks_keeps_no_other_from_beginning(
    group, people, connected, mikko, monkeypatch, caplog
):
    broken, other = make_scheduled(group, mikko), make_scheduled(group, mikko)
    begin = sending.begin

    def begin_unless_broken(campaign):
        if campaign == broken:
            raise ZeroDivisionError
        return begin(campaign)

    monkeypatch.setattr(sending, "begin", begin_unless_broken)
    sending.advance_campaigns()

    other.refresh_from_db()
    assert other.state == CampaignState.SENDING
    assert "ZeroDivisionError" in caplog.text
