"""Who on a list of a campaign may be written to, and who says so."""

import pytest
from django.db import transaction

from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, OptOutRequest
from gateway.models import ServiceKind
from gateway.outbox import QueuedCall
from messaging.campaigns.dispatch import last_look
from messaging.campaigns.models import Campaign, PeopleList
from messaging.campaigns.people_lists import reading
from messaging.campaigns.tests.conftest import calls_of
from messaging.campaigns.tests.people_lists import (
    OTHER,
    STRANGER,
    addresses,
    gets,
    paste,
    send,
    skipped,
    skipped_now,
    to_nobody_yet,
    url,
)
from tests.factories import make_contact, make_service, suppress
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(group, service, connected, mikko) -> Campaign:
    return to_nobody_yet(group, mikko)


class TestConsent:
    def test_the_record_holds_for_strangers_too(self, campaign, kahvila, mikko):
        suppress(kahvila, phone=STRANGER, reason="STOP")

        paste(campaign, "0409990001\n0409990002", mikko)

        assert skipped(campaign) == {STRANGER: "Opted out"}

    def test_words_that_wait_keep_a_stranger_from_it(self, campaign, kahvila, mikko):
        OptOutRequest.objects.create(customer=kahvila, phone=STRANGER, words="Stop kiitos")

        paste(campaign, "0409990001\n0409990002", mikko)

        assert skipped(campaign) == {STRANGER: "May have opted out"}

    def test_a_contact_who_is_inactive_in_all_groups_gets_nothing(self, campaign, group, mikko):
        make_contact(group, phone=STRANGER, active=False)

        paste(campaign, "0409990001", mikko)

        assert skipped(campaign) == {STRANGER: "Not active in the group"}

    def test_a_contact_who_is_undecided_gets_nothing(self, campaign, group, mikko):
        make_contact(group, phone=STRANGER, active=False, undecided=True)

        paste(campaign, "0409990001", mikko)

        assert skipped(campaign) == {STRANGER: "Undecided"}

    def test_a_contact_who_is_active_somewhere_gets_it(self, campaign, kahvila, group, mikko):
        make_contact(group, phone=STRANGER, active=False)
        make_contact(make_service(kahvila, kind=ServiceKind.GROUP), phone=STRANGER)

        paste(campaign, "0409990001", mikko)

        assert set(gets(campaign)) == {STRANGER}

    def test_another_customers_contact_says_nothing(self, campaign, otto, mikko):
        elsewhere = make_service(otto.customers.get(), kind=ServiceKind.GROUP)
        make_contact(elsewhere, phone=STRANGER, active=False, first_name="Toinen")

        paste(campaign, "0409990001", mikko)

        assert set(gets(campaign)) == {STRANGER}

    def test_a_number_in_another_spelling_is_the_contact(self, campaign, group, mikko):
        make_contact(group, phone="+5215512345678", active=False)

        paste(campaign, "+525512345678", mikko)

        assert skipped(campaign) == {"+5215512345678": "Not active in the group"}

    def test_a_column_that_says_no_is_heard(self, campaign, mikko):
        paste(campaign, "Numero;SMS-lupa\n0409990001;ei\n0409990002;kyllä\n", mikko)

        assert skipped(campaign) == {STRANGER: "The list says no messages"}

    @pytest.mark.parametrize("rows", [("kyllä", "ei"), ("ei", "kyllä")])
    @pytest.mark.parametrize("chunk", [1, 5000])
    def test_one_no_is_enough_wherever_it_stands(self, campaign, group, mikko, monkeypatch, rows, chunk):
        monkeypatch.setattr(reading, "CHUNK", chunk)
        make_contact(group, phone=STRANGER)
        Campaign.objects.filter(pk=campaign.pk).update(group=group)
        said = "".join(f"0409990001;{each}\n" for each in rows)

        people_list = paste(campaign, f"Numero;SMS-lupa\n{said}0409990002;kyllä\n", mikko)
        send(campaign, mikko)

        assert addresses(campaign) == [OTHER]
        assert (people_list.people, people_list.repeated, people_list.left_out) == (1, 1, 1)

    def test_a_stop_after_planning_is_respected(self, campaign, kahvila, mikko):
        paste(campaign, "0409990001\n0409990002", mikko)
        send(campaign, mikko)
        opt_outs.opt_out(kahvila, STRANGER, Evidence(ConsentSource.STAFF, words="STOP", by=mikko))

        with transaction.atomic():
            last_look.look(QueuedCall(calls_of(campaign)[0]))

        assert addresses(campaign) == [OTHER]
        assert campaign.recipients.get(phone=STRANGER).reason == "Opted out"

    def test_strangers_of_the_list_are_still_there(self, campaign, mikko):
        paste(campaign, "0409990001\n0409990002", mikko)
        send(campaign, mikko)

        assert skipped_now(campaign) == set()


class TestBlankConsent:
    @pytest.fixture
    def unsaid(self, campaign, mikko) -> PeopleList:
        return paste(campaign, "Numero;SMS-lupa\n0409990001;kyllä\n0409990002;\n", mikko)

    def test_who_does_not_say_is_asked_about(self, unsaid, campaign):
        assert skipped(campaign) == {"row 3": "Unclear number in the list"}

    @pytest.mark.parametrize(("said", "people"), [("yes", {STRANGER, OTHER}), ("no", {STRANGER})])
    def test_it_is_decided_for_all_alike(self, unsaid, campaign, mikko, said, people):
        client_of(mikko).post(url(campaign, "people_list_unclear"), {"blank_consent": said})

        assert set(gets(campaign)) == people
