import pytest

from accounts.sign_in.client_address import client_address, client_site


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ([], "203.0.113.7", "10.0.0.1", "203.0.113.7"),
        (["127.0.0.1"], "127.0.0.1", "203.0.113.7", "203.0.113.7"),
        (["127.0.0.1"], "127.0.0.1", "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (["127.0.0.1", "10.0.0.0/8"], "127.0.0.1", "6.6.6.6, 203.0.113.7, 10.1.2.3", "203.0.113.7"),
        (["127.0.0.1"], "127.0.0.1", "", "127.0.0.1"),
        (["127.0.0.1"], "127.0.0.1", "nonsense", "127.0.0.1"),
        (["127.0.0.1"], "127.0.0.1", "203.0.113.7, ", "127.0.0.1"),
        (["::1"], "::1", "2001:DB8::1", "2001:db8::1"),
        ([], "::ffff:203.0.113.7", "", "203.0.113.7"),
        ([], "", "", "unknown"),
    ],
)
def test_the_address_is_what_trusted_proxies_say_last(rf, settings, trusted, peer, forwarded, address):
    settings.TRUSTED_PROXIES = trusted

    request = rf.get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)

    assert client_address(request) == address


def test_of_ipv6_the_site_is_counted(rf):
    assert client_site(rf.get("/", REMOTE_ADDR="2001:db8:1:2:3::4")) == "2001:db8:1:2::/64"
