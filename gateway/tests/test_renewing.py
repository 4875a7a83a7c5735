"""A hook's secret is replaced with overlap: nothing is lost between the two, and the old one ends."""

from datetime import timedelta

import pytest

from accounts.models import AuditEvent, Role
from gateway import clock
from gateway.hook_urls import with_secret
from gateway.hooks.subscriptions import confirmed, dlr_url, failed, renew, subscribe, unsubscribe
from gateway.models import HookEvent, HookSubscription, Operation, ServiceKind
from gateway.smartdialog.types import Subscribed
from tests.factories import make_service
from tests.people import client_of, make_person

pytestmark = pytest.mark.django_db

LOCATION = "https://smartdialog.test/v1/pipelines/{}/actions/{}"


@pytest.fixture
def old(aino, kahvila, aino_connected):
    hook = subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=aino)
    confirm(hook, aino_connected, "old")
    return hook


def confirm(hook, connection, name):
    confirmed(hook, Subscribed(name, LOCATION.format("pipe", name)), connection=connection)
    hook.refresh_from_db()


def successor(old):
    return HookSubscription.objects.exclude(pk=old.pk).get()


def is_taken(client, hook):
    if hook.service is None:
        return client.get(f"/hooks/dlr/{hook.secret}/").status_code == 200
    address = f"/hooks/inbound/{hook.secret}/"
    return client.post(address, b"{}", content_type="application/json").status_code == 200


def ended():
    return [each.payload["action"] for each in Operation.objects.filter(kind="hooks.unsubscribe")]


def test_both_addresses_are_taken_until_the_new_one_is_confirmed(old, aino, aino_connected, client):
    client_of(aino).post(f"/settings/hooks/{old.pk}/renewals/")
    new = successor(old)

    assert new.secret != old.secret
    assert is_taken(client, old)
    assert is_taken(client, new)
    assert ended() == []
    assert b"The former address is taken until" in client_of(aino).get("/settings/services/").content
    confirm(new, aino_connected, "new")

    assert not is_taken(client, old)
    assert is_taken(client, new)
    assert ended() == ["old"]
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["hook.asked_for", "hook.replaced", "hook.asked_for", "hook.revoked"]


def test_a_new_address_that_is_refused_leaves_the_old_one_and_says_so(old, aino, client):
    renew(old, by=aino)
    new = successor(old)

    failed(new, "No more than one trigger")

    assert is_taken(client, old)
    assert not is_taken(client, new)
    page = client_of(aino).get("/settings/services/").content.decode()
    assert "did not take the new address, so this one stays: No more than one trigger" in page
    assert "New address" in page
    assert ended() == []
    assert renew(old, by=aino)


def test_a_second_press_asks_for_no_third_address(old, aino):
    assert renew(old, by=aino)
    assert not renew(old, by=aino)
    assert not renew(successor(old), by=aino)


def test_stopping_while_it_is_replaced_closes_both(old, aino, aino_connected, client):
    renew(old, by=aino)
    new = successor(old)

    unsubscribe(new, by=aino)
    assert not is_taken(client, old)
    assert not is_taken(client, new)
    confirm(new, aino_connected, "new")

    assert not is_taken(client, new)
    assert sorted(ended()) == ["new", "old"]


def test_reports_are_taken_at_the_old_address_for_ten_days_or_until_it_is_closed(
    aino, kahvila, client, monkeypatch
):
    before = dlr_url(kahvila)
    old = HookSubscription.objects.get()
    browser = client_of(aino)
    browser.post(f"/settings/hooks/{old.pk}/renewals/")

    assert with_secret(dlr_url(kahvila)) != with_secret(before)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=9, hours=23))
    assert is_taken(client, old)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=10, seconds=1))
    assert not is_taken(client, old)
    monkeypatch.setattr(clock, "now", lambda: now)
    assert is_taken(client, old)
    assert b"The former address" in browser.get("/settings/services/").content
    browser.post(f"/settings/hooks/{old.pk}/revocations/")
    assert not is_taken(client, old)
    assert is_taken(client, successor(old))
    assert HookEvent.objects.count() == 3


def test_a_new_address_is_for_admins_of_the_customer(old, mikko, vera, outsider_oy):
    address = f"/settings/hooks/{old.pk}/renewals/"

    assert [client_of(each).post(address).status_code for each in (mikko, vera)] == [403, 403]
    stranger = make_person("Olga", Role.ADMIN, outsider_oy)
    assert client_of(stranger).post(address).status_code == 404
    assert HookSubscription.objects.count() == 1
