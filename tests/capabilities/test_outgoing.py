"""Outgoing calls: to checked addresses alone, within five seconds, 64 KB read, no redirects."""

import json
import ssl
import threading
from pathlib import Path

import pytest
from hostile_urls import HOSTILE, NAMES, known_names
from listening import listening

from taiga_crm.capabilities.outgoing import (
    READ_BYTES,
    SECONDS,
    Door,
    Unsent,
    checked_target,
    look_up,
    post,
)
from taiga_crm.kernel.addresses import AddressFault

CERTIFICATES = Path(__file__).resolve().parent.parent / "certificates"
HEADERS = {"X-Crm-Event": "ping"}


class Clock:
    """A clock that goes on by itself, `step` seconds with each look."""

    def __init__(self, step=0.0):
        self.now, self.step = 0.0, step

    def __call__(self):
        self.now += self.step
        return self.now


def refused(url, door):
    with pytest.raises(Unsent) as fault:
        post(url, HEADERS, b"{}", door)
    return fault.value


@pytest.fixture
def inner():
    """Return a listener of our own network, which nothing allows to be called."""
    with listening() as one:
        yield one


def test_a_post_arrives_with_its_headers_and_the_answer_comes_back(listener):
    listener.status, listener.body = 201, b"thank you"
    answer = post(f"{listener.url}?a=1", HEADERS, b'{"x":1}')
    (got,) = listener.got
    assert (answer.status, answer.body) == (201, b"thank you")
    assert (got.method, got.path, json.loads(got.body)) == ("POST", "/hook?a=1", {"x": 1})
    assert got.headers["Host"] == f"127.0.0.1:{listener.port}"
    assert (got.headers["X-Crm-Event"], got.headers["Connection"]) == ("ping", "close")


@pytest.mark.parametrize("form", HOSTILE)
def test_a_hostile_address_is_not_called(inner, configured, form):
    configured(webhook_http=True, webhook_ports=[inner.port, 80, 443])
    door = Door(resolve=known_names)
    assert refused(form.format(port=inner.port), door).code == "address"
    assert inner.got == []


def test_the_table_of_hostile_addresses_is_long_and_its_listener_hears(listener):
    assert len(HOSTILE) >= 30
    assert len(set(HOSTILE)) == len(HOSTILE)
    post(listener.url, {}, b"")
    assert len(listener.got) == 1


def test_the_connection_goes_to_the_address_that_was_checked(inner, listener, configured):
    """Rebinding: the second answer of the name server leads inside."""
    configured(webhook_ports=[listener.port])
    answers, asked = [["127.0.0.1"], ["127.0.0.2"]], []

    def twice(host, port):
        asked.append(host)
        return answers.pop(0)

    url = f"http://two.example:{listener.port}/"
    assert post(url, {}, b"", Door(resolve=twice)).status == 200
    assert (asked, listener.got[0].headers["Host"]) == (
        ["two.example"], f"two.example:{listener.port}",
    )  # fmt: skip
    assert refused(url, Door(resolve=twice)).code == "address"
    assert len(listener.got) == 1


@pytest.mark.parametrize(
    "host", ["inside.example", "mixed.example", "mapped.example", "no.example"]
)
def test_looking_up_refuses_a_name_with_any_inside_address_like_an_unknown_one(host):
    with pytest.raises(AddressFault) as fault:
        look_up(checked_target(f"https://{host}/"), Door(resolve=known_names))
    assert fault.value.code == "address"
    assert NAMES["outside.example"] == ["8.8.8.8"]
    found = look_up(checked_target("https://outside.example/"), Door(resolve=known_names))
    assert [str(one) for one in found] == ["8.8.8.8"]


def test_a_name_server_that_does_not_answer_holds_nobody(configured):
    asked = threading.Event()

    def never(host, port):
        asked.wait(30)
        return ["8.8.8.8"]

    clock = Clock(step=2.9)  # the wait itself is what is left then: 0.1 of 3 seconds
    with pytest.raises(AddressFault):
        look_up(checked_target("https://slow.example/"), Door(resolve=never, clock=clock))
    asked.set()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(listener, inner, status):
    listener.status, listener.headers = status, {"Location": inner.url}
    assert post(listener.url, {}, b"").status == status
    assert (len(listener.got), inner.got) == (1, [])


def test_of_a_huge_answer_64_kb_are_read(listener):
    def huge(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            for _number in range(400):
                handler.wfile.write(b"x" * 65_536)
        except OSError:
            return

    listener.answer = huge
    answer = post(listener.url, {}, b"")
    assert answer.status == 200
    assert READ_BYTES - 1_000 < len(answer.body) <= READ_BYTES == 65_536


def test_endless_headers_are_cut_too(listener):
    def endless(handler):
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(90):
                handler.wfile.write(f"X-{number}: {'y' * 10_000}\r\n".encode())
        except OSError:
            return

    listener.answer = endless
    answer = post(listener.url, {}, b"")
    assert (answer.status, answer.body) == (200, b"")


def test_an_answer_that_drips_is_given_up_after_five_seconds_in_all(listener):
    """Each piece comes in time, the whole does not: one deadline is over all of them."""
    over = threading.Event()

    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            while not over.is_set():
                handler.wfile.write(b".")
                over.wait(0.01)
        except OSError:
            return

    listener.answer = drip
    clock = Clock(step=0.1)
    fault = refused(listener.url, Door(clock=clock))
    over.set()
    assert (fault.code, fault.status) == ("timeout", 200)
    assert SECONDS == 5.0
    assert SECONDS <= clock.now < SECONDS + 0.2


def test_time_spent_before_the_connection_counts(listener):
    fault = refused(listener.url, Door(clock=Clock(step=2.6)))
    assert (fault.code, listener.got) == ("timeout", [])


@pytest.mark.parametrize(
    "raw", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 x y\r\n\r\n", b"\x00" * 99]
)
def test_what_is_no_answer_is_a_fault(listener, raw):
    def nonsense(handler):
        handler.wfile.write(raw)

    listener.answer = nonsense
    assert refused(listener.url, Door()).code in ("answer", "connection")


def test_nobody_listening_is_a_fault(listener, configured):
    with listening() as gone:
        port = gone.port
    configured(webhook_ports=[port])
    assert refused(f"http://127.0.0.1:{port}/", Door()).code == "connection"


def secure(socket):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "hooks.example.pem", CERTIFICATES / "hooks.example.key")
    return context.wrap_socket(socket, server_side=True)


def trusting():
    return ssl.create_default_context(cafile=str(CERTIFICATES / "hooks.example.pem"))


@pytest.mark.parametrize("host, trust, outcome", [
    ("hooks.example", trusting, 200),
    ("other.example", trusting, "tls"),  # the certificate is another name's
    ("127.0.0.1", trusting, "tls"),
    ("hooks.example", ssl.create_default_context, "tls"),  # signed by nobody we trust
])  # fmt: skip
def test_the_certificate_must_be_trusted_and_be_the_names(configured, host, trust, outcome):
    with listening(wrap=secure) as one:
        configured(webhook_ports=[one.port], webhook_inside=["127.0.0.1"])
        door = Door(resolve=lambda *_name: ["127.0.0.1"], trust=trust)
        url = f"https://{host}:{one.port}/"
        if outcome == 200:
            assert post(url, HEADERS, b"{}", door).status == 200
            assert one.got[0].headers["Host"] == f"hooks.example:{one.port}"
        else:
            assert refused(url, door).code == outcome
            assert one.got == []


@pytest.mark.parametrize("url, given, code", [
    ("http://8.8.8.8/", {}, "scheme"), ("http://8.8.8.8/", {"webhook_http": True}, None),
    ("https://8.8.8.8:9443/", {}, "port"), ("https://8.8.8.8:8443/", {}, None),
    ("https://8.8.8.8/", {"webhook_ports": [8443]}, "port"),
    ("https://10.0.0.1/", {}, "address"),
    ("https://10.0.0.1/", {"webhook_inside": ["10.0.0.0/8"]}, None),
    ("https://10.0.0.1/", {"webhook_inside": ["10.0.0.2"]}, "address"),
])  # fmt: skip
def test_the_settings_say_what_may_be_called(configured, url, given, code):
    configured(**given)
    if code is None:
        assert checked_target(url).host in url
    else:
        with pytest.raises(AddressFault) as fault:
            checked_target(url)
        assert fault.value.code == code


def test_a_wrong_network_in_the_settings_stops_the_start(configured):
    from django.core.exceptions import ImproperlyConfigured

    from taiga_crm.conf import conf

    configured(webhook_inside=["10.0.0.1/8"])
    with pytest.raises(ImproperlyConfigured, match="webhook_inside"):
        conf()
