"""A hook's secret is in an address that SmartDialog calls, and in nothing that a browser ever sees."""

import pytest

from gateway.hooks.subscriptions import subscribe
from gateway.models import HookSubscription, Service
from tests.access.addresses import Address, addresses
from tests.access.sample_rows import create_sample_rows
from tests.people import client_of

pytestmark = pytest.mark.django_db

PAGES = [one for one in addresses() if "secret" not in one.parameters]


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.name)
def test_no_page_tells_a_hooks_secret_or_hands_its_own_address_to_another_site(page: Address, aino, kahvila):
    rows = create_sample_rows(aino, kahvila)
    HookSubscription.objects.filter(kind="inbound").delete()
    subscribe(Service.objects.two_way().get(pk=rows["pk"]), by=aino)
    secrets = [one.secret for one in HookSubscription.objects.of_customer(kahvila)]
    assert len(secrets) == 2
    browser = client_of(aino)

    for response in (browser.get(page.path(rows)), browser.post(page.path(rows))):
        body = "" if response.streaming else response.content.decode(errors="replace")
        told = f"{response.headers.get('Location', '')} {body}"
        assert not any(secret in told for secret in secrets)
        assert response.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
