"""Whether SmartDialog, from the internet, can reach an address. By the address alone: nothing is asked."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

# Names that nobody outside resolves: by RFC 2606, 6761, 6762, 8375, 9476, and those that offices use.
_INSIDE = (
    *("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "localdomain"),
    *("home.arpa", "test", "example", "invalid", "onion", "alt"),
)
_NUMBERS = re.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", re.ASCII)


THIS_HOST = {"localhost", "127.0.0.1", "::1"}


def is_of_this_host(url: str) -> bool:
    return (urlsplit(url).hostname or "") in THIS_HOST


def is_reachable_from_outside(url: str) -> bool:
    """Not: this machine's own, private and reserved addresses, and names without a place in the internet."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not host:
        return False
    address = _address_of(host)
    if address is not None:
        return address.is_global and not address.is_multicast
    return "." in host and not any(host.endswith(f".{name}") for name in _INSIDE)


def _address_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Also of numbers as a browser takes them: 127.1, 2130706433, 0x7f.1."""
    if _NUMBERS.fullmatch(host):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return ipaddress.IPv4Address(0)
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
