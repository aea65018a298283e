"""Web addresses are read strictly, and every form of an inside address is known for what it is."""

import ipaddress

import pytest
from hostile_urls import HOSTILE

from taiga_crm.kernel.addresses import (
    AddressFault,
    carried_by,
    is_outside,
    may_call,
    networks,
    read_target,
)

INSIDE = (
    "127.0.0.1", "127.255.255.255", "10.0.0.1", "172.16.0.1", "172.31.0.1", "192.168.0.1",
    "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.0.1", "192.0.2.1", "198.51.100.1",
    "203.0.113.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::",
    "fd00::1", "fc00::1", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1", "3fff::1",
    "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::808:808", "2002:a00:1::",
    "2002:808:808::", "2001::1", "::8.8.8.8", "2600::5efe:a00:1", "2600::200:5efe:808:808",
    "fe80::1%1", "5f00::1",
)  # fmt: skip
OUTSIDE = (
    "8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.128.0.1", "169.253.0.1",
    "2606:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
)  # fmt: skip


@pytest.mark.parametrize("text", INSIDE)
def test_an_inside_address_is_inside(text):
    assert not is_outside(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_outside_address_is_outside(text):
    assert is_outside(ipaddress.ip_address(text))


@pytest.mark.parametrize("text, carried", [
    ("::ffff:10.0.0.1", "10.0.0.1"), ("64:ff9b::a00:1", "10.0.0.1"), ("2002:a00:1::", "10.0.0.1"),
    ("2600::5efe:a00:1", "10.0.0.1"), ("2606:4700::1", None),
])  # fmt: skip
def test_the_address_inside_another_is_found(text, carried):
    found = carried_by(ipaddress.IPv6Address(text))
    assert (None if found is None else str(found)) == carried


@pytest.mark.parametrize("text, allowed", [
    ("10.1.2.3", True), ("10.2.0.1", False), ("::ffff:10.1.2.3", True), ("8.8.8.8", True),
    ("fd00:1::5", True), ("fd00:2::5", False), ("127.0.0.1", False),
])  # fmt: skip
def test_what_the_installation_allows_inside_is_allowed_and_nothing_else(text, allowed):
    inside = networks(["10.1.0.0/16", "fd00:1::/32"])
    assert may_call(ipaddress.ip_address(text), inside) is allowed


@pytest.mark.parametrize("url, host, port, path", [
    ("https://hooks.example.com", "hooks.example.com", 443, "/"),
    ("HTTPS://Hooks.Example.COM./a/b?x=1&y=%20#f", "hooks.example.com", 443, "/a/b?x=1&y=%20"),
    ("http://8.8.8.8:8080/x", "8.8.8.8", 8080, "/x"),
    ("https://[2606:4700::1111]:8443/", "2606:4700::1111", 8443, "/"),
    ("https://bücher.example/straße?q=ü", "xn--bcher-kva.example", 443, "/stra%C3%9Fe?q=%C3%BC"),
    ("https://a_b.example/", "a_b.example", 443, "/"),
])  # fmt: skip
def test_a_plain_address_is_read_in_parts(url, host, port, path):
    target = read_target(url)
    assert (target.host, target.port, target.path) == (host, port, path)


@pytest.mark.parametrize("url, code", [
    ("ftp://a.example/", "scheme"), ("https://u@a.example/", "credentials"),
    ("https://0x7f.1/", "host"), ("https://1.2.3/", "host"), ("https://-a.example/", "host"),
    ("https://a b.example/", "malformed"), ("https://a.example\\b", "malformed"), ("", "malformed"),
    (f"https://a.example/{'x' * 500}", "malformed"), ("https://a.example:70000/", "malformed"),
    (f"https://{'a' * 64}.example/", "host"), ("https://[::1%25lo]/", "host"),
    ("https://a.example/\r\nHost: b", "malformed"), (None, "malformed"), (7, "malformed"),
])  # fmt: skip
def test_what_programs_read_differently_is_refused(url, code):
    with pytest.raises(AddressFault) as refused:
        read_target(url)
    assert refused.value.code == code


def test_no_hostile_form_is_read_as_an_outside_address():
    """What is read at all is a name to be looked up, an inside address, or a port to be refused."""
    for url in HOSTILE:
        try:
            target = read_target(url.format(port=8080))
        except AddressFault:
            continue
        names = target.literal is None and target.host.split(".")[-1] in ("example", "localhost")
        inside = target.literal is not None and not is_outside(target.literal)
        assert names or inside or target.port not in (80, 443, 8080, 8443), url
