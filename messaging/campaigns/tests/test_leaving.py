"""What a person began waits from the moment on when they may do no more."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database

from accounts.models import AuditEvent, Role, User
from accounts.people import offboarding, user_admin
from contacts.bulk import action_runner
from contacts.importing import import_lifecycle, saving, undoing
from contacts.models import BulkAction, BulkState, BulkVerb, Contact, Import, ImportState
from contacts.sync import pushing
from contacts.tests.bulk_actions import begun
from contacts.tests.conftest import make_checked, uploads
from gateway import clock
from gateway.hooks.subscriptions import subscribe
from gateway.models import Backlog, Connection, ConnectionState, Operation, ServiceKind
from gateway.outbox.backlogs import open_backlog
from gateway.outbox.claiming import Claim, claim_next
from gateway.workers import leases
from messaging.campaigns.dispatch import next_calls, sending
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import make_scheduled
from tests.factories import make_connection, make_contact, make_operation, make_service
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db

ENDINGS = {
    "deactivated": lambda person, by: user_admin.set_active(person, active=False, by=by),
    "made a viewer": lambda person, by: user_admin.change_role(person, role=Role.VIEWER, by=by),
}
uploads = uploads  # the fixture, for files of imports


@pytest.fixture(params=ENDINGS)
def end(request, aino):
    return lambda person: ENDINGS[request.param](person, aino)


@pytest.fixture
def lea(kahvila) -> User:
    lea = make_person("Lea", Role.MARKETER, kahvila)
    make_connection(lea)
    return lea


def test_a_bulk_action_in_its_grace_never_begins(group, people, mikko, connected, end):
    action = begun(BulkVerb.DEACTIVATE, group, mikko, query="")

    end(mikko)
    BulkAction.objects.update(begins_at=clock.now())
    action_runner.run(action.pk)

    action.refresh_from_db()
    assert (action.state, action.paused) == (BulkState.PENDING, True)
    assert not Contact.objects.filter(active=False).exclude(first_name="Pekka").exists()
    assert not BulkAction.objects.due().exists()


def test_emptying_a_group_never_begins(group, people, mikko, connected, end):
    action = begun(BulkVerb.DELETE, group, mikko, query="")

    end(mikko)
    BulkAction.objects.update(begins_at=clock.now())
    action_runner.run(action.pk)

    assert not Operation.objects.exclude(state="held").exists()
    assert Contact.objects.present().count() == 5


def test_a_scheduled_campaign_is_held_with_the_reason_and_a_running_one_calls_nobody(
    group, people, mikko, connected, sending_now, end
):
    later = make_scheduled(group, mikko, send_at=clock.after(7200))

    end(mikko)

    later.refresh_from_db()
    assert later.state == CampaignState.HELD
    assert "Aino" in later.held_reason
    assert "Mikko" in later.held_reason
    connected.refresh_from_db()
    assert connected.state == ConnectionState.PAUSED
    assert connected.state_reason.startswith("Paused when Aino")
    assert Operation.objects.get(batch=sending_now.batch).state == "waiting"


def test_a_campaign_that_is_still_being_prepared_leaves_no_call(group, people, mikko, connected, end):
    campaign = make_scheduled(group, mikko)
    sending.begin(Campaign.objects.get(pk=campaign.pk))

    end(mikko)
    sending.enqueue_batches(campaign.pk)

    assert nothing_can_be_claimed(connected)


def test_an_import_stops_between_two_chunks(group, mikko, connected, end, monkeypatch):
    rows = "".join(f"040 12345{number:02};Anna{number};B;;;\r\n" for number in range(6))
    job = make_checked(group, mikko, rows)
    import_lifecycle.confirm(job, by=mikko)
    monkeypatch.setattr(saving, "CHUNK", 2)

    saving.save(job.pk, on_progress=lambda _: end(mikko))

    job.refresh_from_db()
    assert (job.state, job.paused) == (ImportState.SAVING, True)
    assert 0 < Contact.objects.count() < 6
    assert nothing_can_be_claimed(connected)


@pytest.fixture
def ainos(group, aino, mikko, connected) -> Import:
    """An import that Aino uploaded and Mikko saves."""
    make_connection(aino)
    job = make_checked(
        group, aino, "".join(f"040 12345{number:02};Anna{number};B;;;\r\n" for number in range(6))
    )
    import_lifecycle.confirm(job, by=mikko)
    return job


def test_a_save_that_another_uploaded_stops(ainos, connected, end, mikko, monkeypatch):
    monkeypatch.setattr(saving, "CHUNK", 2)

    saving.save(ainos.pk, on_progress=lambda _: end(mikko))

    ainos.refresh_from_db()
    connected.refresh_from_db()
    assert (ainos.paused, connected.state) == (True, ConnectionState.PAUSED)
    assert 0 < Contact.objects.count() < 6


def test_an_undo_of_what_another_uploaded_stops_and_is_handed_over(ainos, aino, lea, connected, end, mikko):
    saving.save(ainos.pk)
    undoing.begin(ainos, by=mikko)

    end(mikko)
    undoing.undo(ainos.pk)

    ainos.refresh_from_db()
    connected.refresh_from_db()
    assert (ainos.state, ainos.paused) == (ImportState.UNDOING, True)
    assert connected.state == ConnectionState.PAUSED
    offboarding.hand_over(mikko, to=lea, by=aino)
    ainos.refresh_from_db()
    assert (ainos.created_by, ainos.undone_by, ainos.connection) == (aino, lea, lea.connection)
    assert not offboarding.held_of(mikko)


def test_what_somebody_else_saves_stays_with_their_connection(ainos, aino, mikko, connected, lea):
    boss = make_person("Boss", Role.ADMIN, *aino.customers.all())
    user_admin.set_active(aino, active=False, by=boss)

    offboarding.hand_over(aino, to=lea, by=boss)

    ainos.refresh_from_db()
    assert (ainos.created_by, ainos.connection, ainos.paused) == (lea, connected, True)


def test_a_campaign_that_they_send_and_another_wrote_waits_and_is_handed_over(
    sending_now, aino, mikko, connected, lea, end
):
    Campaign.objects.filter(pk=sending_now.pk).update(created_by=aino)
    Operation.objects.all().delete()  # as between the planning of two calls

    end(mikko)

    connected.refresh_from_db()
    assert connected.state == ConnectionState.PAUSED
    offboarding.hand_over(mikko, to=lea, by=aino)
    sending_now.refresh_from_db()
    assert (sending_now.created_by, sending_now.connection) == (aino, lea.connection)


def test_calls_that_wait_wait_on(group, mikko, connected, end):
    contact = make_contact(group, first_name="Anna")
    pushing.push(contact, connection=connected, by=mikko)

    end(mikko)

    assert nothing_can_be_claimed(connected)


def test_a_call_in_flight_is_settled_and_none_follows(mikko, connected, end):
    first, _ = make_operation(connected), make_operation(connected)
    lease = leases.take_connection(connected.pk)
    claimed = claim_next(connected, lease)
    assert isinstance(claimed, Claim)
    assert claimed.operation.pk == first.pk

    end(mikko)

    assert not isinstance(claim_next(connected, lease), Claim)
    assert Operation.objects.get(pk=first.pk).state == "inflight"


def test_a_viewer_without_anything_unfinished_reads_on(mikko, connected, aino):
    user_admin.change_role(mikko, role=Role.VIEWER, by=aino)

    connected.refresh_from_db()
    assert connected.state == ConnectionState.ACTIVE


def test_a_sign_in_afterwards_lets_nothing_go(mikko, connected, aino, group):
    Connection.objects.update(state=ConnectionState.RECONNECT)
    user_admin.set_active(mikko, active=False, by=aino)
    user_admin.set_active(mikko, active=True, by=aino)

    assert not Connection.objects.without_grant().exists()


def test_the_grant_is_dropped_when_asked_and_a_refresh_under_way_brings_nothing_back(mikko, connected, aino):
    was = connected.token_version

    client_of(aino).post(f"/settings/people/{mikko.pk}/activity/", {"active": "false", "forget_grant": "on"})

    connected = Connection.objects.get(pk=connected.pk)
    assert (connected.access_token, connected.refresh_token) == ("", "")
    assert connected.token_version > was
    assert AuditEvent.objects.filter(verb="connection.grant_dropped", actor=aino).exists()


def test_everything_is_on_the_persons_page_and_another_takes_it_over(
    group, people, mikko, connected, sending_now, aino, lea
):
    begun(BulkVerb.DEACTIVATE, group, mikko, query="")
    later = make_scheduled(group, mikko, send_at=clock.after(7200))
    job = make_checked(group, mikko, "040 1234567;Anna;B;;;\r\n")
    browser = client_of(aino)

    page = browser.post(f"/settings/people/{mikko.pk}/activity/", {"active": "false"}, follow=True)
    assert {each.words for each in page.context["held"]} == {
        "2 campaigns",
        "1 bulk action",
        "1 import",
        "1 call to SmartDialog",
    }
    browser.post(f"/settings/people/{mikko.pk}/unfinished/", {"to": lea.pk})

    assert not offboarding.held_of(mikko)
    taken = lea.connection
    assert Operation.objects.get(batch=sending_now.batch).connection == taken
    assert set(Campaign.objects.values_list("created_by", "connection")) == {(lea.pk, taken.pk)}
    assert set(BulkAction.objects.values_list("created_by", "connection", "paused")) == {
        (lea.pk, taken.pk, True)
    }
    assert Import.objects.get(pk=job.pk).created_by == lea
    later.refresh_from_db()
    assert later.state == CampaignState.HELD
    assert AuditEvent.objects.filter(verb="person.work_handed_over", subject=f"user:{mikko.pk}").exists()


def test_services_that_receive_on_are_no_held_work(kahvila, mikko, connected, aino):
    subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=mikko)
    Operation.objects.update(state="done")
    user_admin.set_active(mikko, active=False, by=aino)

    page = client_of(aino).get(f"/settings/people/{mikko.pk}/")

    assert "1 service that they set up" in page.text
    assert "Hand over" not in page.text


def test_all_calls_that_are_handed_over_are_counted(group, mikko, connected, aino, lea):
    backlog = open_backlog(connected, kind="contact", customer=group.customer, by=mikko, batch="b")
    Backlog.objects.filter(pk=backlog.id).update(left=700)
    user_admin.set_active(mikko, active=False, by=aino)

    assert offboarding.hand_over(mikko, to=lea, by=aino) == 700


def test_calls_made_while_a_campaign_is_handed_over_are_of_who_has_it_now(
    group, people, mikko, connected, aino, lea, monkeypatch
):
    """A worker that read the campaign a moment before."""
    campaign = make_scheduled(group, mikko)
    sending.begin(Campaign.objects.get(pk=campaign.pk))
    user_admin.set_active(mikko, active=False, by=aino)
    look = next_calls.wait_for_their_time

    def hand_over_meanwhile(campaign: Campaign) -> bool:
        monkeypatch.setattr(next_calls, "wait_for_their_time", look)
        offboarding.hand_over(mikko, to=lea, by=aino)
        return look(campaign)

    monkeypatch.setattr(next_calls, "wait_for_their_time", hand_over_meanwhile)
    sending.enqueue_batches(campaign.pk)
    sending.enqueue_batches(campaign.pk)

    assert {each.connection for each in Operation.objects.filter(batch=campaign.batch)} == {lea.connection}


def test_a_paused_import_goes_on_for_who_took_it_over(group, mikko, connected, aino, lea):
    job = make_checked(group, mikko, "040 1234567;Anna;B;;;\r\n")
    import_lifecycle.confirm(job, by=mikko)
    user_admin.set_active(mikko, active=False, by=aino)

    offboarding.hand_over(mikko, to=lea, by=aino)
    job.refresh_from_db()
    import_lifecycle.resume(job, by=lea)
    saving.save(job.pk)

    assert Contact.objects.count() == 1
    assert Backlog.objects.get().connection == lea.connection


def test_it_is_cancelled_instead(group, people, mikko, connected, aino):
    begun(BulkVerb.DEACTIVATE, group, mikko, query="")
    make_scheduled(group, mikko, send_at=clock.after(7200))
    user_admin.set_active(mikko, active=False, by=aino)

    client_of(aino).post(f"/settings/people/{mikko.pk}/unfinished/", {"cancel": "true"})

    assert set(BulkAction.objects.values_list("state", flat=True)) == {BulkState.CANCELLED}
    assert set(Campaign.objects.values_list("state", flat=True)) == {CampaignState.CANCELLED}


def test_a_viewer_whose_work_was_taken_over_reads_on(group, people, mikko, connected, sending_now, aino, lea):
    user_admin.change_role(mikko, role=Role.VIEWER, by=aino)
    mikko.refresh_from_db()

    offboarding.hand_over(mikko, to=lea, by=aino)

    connected.refresh_from_db()
    assert connected.state == ConnectionState.ACTIVE


@pytest.mark.parametrize("who", ["vera", "otto", "nina", "mikko"])
def test_nobody_takes_over_who_may_not_or_does_not_reach_it(
    group, people, mikko, connected, sending_now, aino, who, vera, otto, nina
):
    user_admin.set_active(mikko, active=False, by=aino)
    to = {"vera": vera, "otto": otto, "nina": nina, "mikko": mikko}[who]

    answer = client_of(aino).post(f"/settings/people/{mikko.pk}/unfinished/", {"to": to.pk})

    assert answer.status_code == 404
    assert Operation.objects.get(batch=sending_now.batch).connection == connected


def test_what_the_other_does_not_reach_stays(mikko, connected, aino, lea, trattoria):
    theirs = make_operation(connected, customer=trattoria)
    user_admin.set_active(mikko, active=False, by=aino)

    offboarding.hand_over(mikko, to=lea, by=aino)

    theirs.refresh_from_db()
    assert theirs.connection == connected


def test_a_call_that_may_have_been_taken_stays_with_its_connection(mikko, connected, aino, lea, kahvila):
    asked = make_operation(connected, customer=kahvila, possibly_accepted=True)
    user_admin.set_active(mikko, active=False, by=aino)

    offboarding.hand_over(mikko, to=lea, by=aino)

    asked.refresh_from_db()
    assert asked.connection == connected


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ENDINGS)
def test_of_two_admins_who_end_each_other_at_once_one_stays(kahvila, how):
    one, two = (make_person(name, Role.ADMIN, kahvila) for name in ("One", "Two"))

    def decide(pair: tuple[User, User]) -> None:
        try:
            ENDINGS[how](*pair)
        except user_admin.LastAdmin:
            pass
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(decide, [(one, two), (two, one)]))

    assert User.objects.admins().count() == 1


def nothing_can_be_claimed(connection: Connection) -> bool:
    connection.refresh_from_db()
    lease = leases.take_connection(connection.pk)
    found = claim_next(connection, lease)
    lease.release()
    return not isinstance(found, Claim)
