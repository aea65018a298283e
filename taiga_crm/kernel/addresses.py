"""Web addresses that our server may call: read strictly, and IP addresses told inside or outside.

Inside is whatever is not plainly the public internet: private, loopback, link-local, reserved
and multicast ranges, and every IPv6 form that carries such an IPv4 address.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

MAX_URL = 500
DEFAULT_PORTS = {"http": 80, "https": 443}
NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff]")

# beside `is_global`, whose tables differ between the versions of Python
SPECIAL_4 = tuple(
    ipaddress.IPv4Network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
UNICAST_6 = ipaddress.IPv6Network("2000::/3")
SPECIAL_6 = tuple(
    ipaddress.IPv6Network(one)
    for one in (
        "2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20",
    )
)  # fmt: skip
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")
ISATAP = (0x00005EFE, 0x02005EFE)


class AddressFault(ValueError):
    """An address that is not called; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """A web address in its parts; `host` is ASCII, an IPv6 address stands without brackets."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def literal(self) -> Address | None:
        """Return the IP address that stands in place of a name."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None


def read_target(url: str) -> Target:
    """Return the parts of an http(s) address; AddressFault for what browsers only guess at.

    The codes are "malformed", "scheme", "credentials" and "host".
    """
    if not isinstance(url, str) or not 0 < len(url) <= MAX_URL or FORBIDDEN.search(url):
        raise AddressFault("malformed")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressFault("malformed") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise AddressFault("scheme")
    if "@" in parts.netloc:
        raise AddressFault("credentials")
    path = quote(parts.path or "/", safe="/%:!$&'()*+,;=~@-._")
    query = quote(parts.query, safe="/%:!$&'()*+,;=~@-._?")
    return Target(
        parts.scheme,
        _host(host, in_brackets="[" in parts.netloc),
        DEFAULT_PORTS[parts.scheme] if port is None else port,
        f"{path}?{query}" if query else path,
    )


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return networks like "10.1.0.0/16" or "::1"; ValueError for what is none."""
    return tuple(ipaddress.ip_network(text) for text in texts)


def is_outside(address: Address) -> bool:
    """Say whether an address lies in the public internet, whatever form it has."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in one for one in SPECIAL_4)
    carried = carried_by(address)
    if carried is not None:
        return is_outside(carried) and (address in NAT64 or address.ipv4_mapped is not None)
    plain = address in UNICAST_6 and address.is_global
    return plain and address.scope_id is None and not any(address in one for one in SPECIAL_6)


def carried_by(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address inside a mapped, NAT64, 6to4 or ISATAP address."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    number = int(address)
    if address in NAT64:
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    if address in SIX_TO_FOUR:
        return address.sixtofour
    if (number >> 32) & 0xFFFFFFFF in ISATAP:
        return ipaddress.IPv4Address(number & 0xFFFFFFFF)
    return None


def may_call(address: Address, inside: Iterable[Network]) -> bool:
    """Say whether an address is outside, or inside where the installation allows it."""
    known = list(inside)
    carried = carried_by(address) if isinstance(address, ipaddress.IPv6Address) else None
    return is_outside(address) or any((carried or address) in one for one in known)


def _host(host: str, *, in_brackets: bool) -> str:
    """Return a name or an IP address as it is looked up; numbers in other notations are refused."""
    if in_brackets:
        return _six(host)
    try:
        name = host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower()
    except UnicodeError as error:
        raise AddressFault("host") from error
    name = name.removesuffix(".")
    if not NAME.fullmatch(name):
        raise AddressFault("host")
    if NUMBER.fullmatch(name.rpartition(".")[2]):
        return _four(name)
    return name


def _six(host: str) -> str:
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError as error:
        raise AddressFault("host") from error
    if address.scope_id is not None:
        raise AddressFault("host")
    return str(address)


def _four(name: str) -> str:
    """Decimal, octal, hexadecimal and short forms mean something else to each program."""
    try:
        return str(ipaddress.IPv4Address(name))
    except ValueError as error:
        raise AddressFault("host") from error
