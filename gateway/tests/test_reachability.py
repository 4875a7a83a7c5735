"""Whether SmartDialog can reach an address, told by the address."""

import pytest

from gateway.models import HookSubscription, ServiceKind
from gateway.reachability import is_reachable_from_outside
from tests.factories import make_service
from tests.people import client_of

INSIDE = [
    *(
        "127.0.0.1",
        "127.8.9.1",
        "localhost",
        "LOCALHOST",
        "admin.localhost",
        "localhost.",
        "[::1]",
        "0.0.0.0",
    ),
    *("10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.20", "169.254.1.1", "100.64.0.1", "224.0.0.1"),
    *("[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[::ffff:192.168.1.1]", "[::]", "[fe80::1%25eth0]"),
    *("palvelin", "nas.local", "NAS.Local.", "crm.lan", "x.internal", "x.home.arpa", "a.test", "a.invalid"),
    *("127.1", "2130706433", "0x7f.0.0.1", "0300.0250.1.1", "192.168.1", "999.1.1.1"),
]
OUTSIDE = [
    *("dashboard.kahvila.fi", "8.8.8.8", "172.32.0.1", "172.15.255.255", "192.169.0.1", "11.0.0.1"),
    *("[2a00:1450::1]", "local.kahvila.fi", "10.kahvila.fi", "xn--kahvila-4za.fi", "kahvila.fi."),
]


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize("form", ["http://{}", "https://{}:8443/path", "https://user@{}"])
def test_an_address_of_this_network_is_not_reached(host, form):
    assert not is_reachable_from_outside(form.format(host))


@pytest.mark.parametrize("host", OUTSIDE)
@pytest.mark.parametrize("form", ["http://{}", "https://{}:8443/path"])
def test_an_address_of_the_internet_is_reached(host, form):
    assert is_reachable_from_outside(form.format(host))


@pytest.mark.parametrize(
    "url", ["", "kahvila.fi", "ftp://kahvila.fi", "https://", "https://[::1", "//kahvila.fi"]
)
def test_what_is_no_web_address_is_not_reached(url):
    assert not is_reachable_from_outside(url)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("url", "uses_sandbox", "said"),
    [
        ("http://127.0.0.1:8000", True, False),
        ("http://192.168.1.20", False, True),
        ("https://dashboard.kahvila.fi", False, False),
    ],
)
def test_an_admin_is_told_where_nothing_can_arrive(aino, kahvila, settings, url, uses_sandbox, said):
    settings.PUBLIC_URL, settings.USES_SANDBOX = url, uses_sandbox
    service = make_service(kahvila, kind=ServiceKind.TWO_WAY)
    HookSubscription.objects.create(
        customer=kahvila, service=service, kind="inbound", state="active", digest="a"
    )

    services = client_of(aino).get("/settings/services/").content.decode()
    system = client_of(aino).get("/settings/system/").content.decode()

    assert ("SmartDialog cannot reach this address" in services) == said
    assert ("SmartDialog cannot reach this address" in system) == said
    assert ("Cannot be reached" in services) == said
    assert ("Receiving" in services) != said
