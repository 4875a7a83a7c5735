"""Where a request comes from: the peer, or, behind proxies that the settings name, whom those say."""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Network = IPv4Network | IPv6Network
IPV6_SITE = 64  # bits: who has one address of these has them all


def client_address(request: HttpRequest) -> str:
    """X-Forwarded-For is read from its end, past trusted proxies only: what is before is anybody's word."""
    peer = request.META.get("REMOTE_ADDR") or "unknown"
    hops = [each.strip() for each in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    while hops and _is_trusted(peer):
        if not (named := _spelled(hops.pop())):
            break
        peer = named
    return _spelled(peer) or "unknown"


def client_site(request: HttpRequest) -> str:
    """The same, as it is counted: of IPv6 a whole site."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ip_network(f"{address}/{IPV6_SITE}", strict=False))


def _spelled(text: str) -> str:
    """One spelling an address; "" for what is none. An IPv4 address that IPv6 carries is itself."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _is_trusted(text: str) -> bool:
    spelled = _spelled(text)
    return bool(spelled) and any(
        ip_address(spelled) in each for each in _networks(tuple(settings.TRUSTED_PROXIES))
    )


@lru_cache
def _networks(names: tuple[str, ...]) -> list[Network]:
    return [ip_network(name, strict=False) for name in names]
