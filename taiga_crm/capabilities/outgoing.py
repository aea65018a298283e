"""Calls to addresses that people name: never into our own network, bounded in time and size.

The name is looked up once, every answer is checked, and the connection goes to a checked
address, so that a second answer of the name server changes nothing. Redirects are not followed,
proxies of the environment are not used.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from taiga_crm.conf import conf
from taiga_crm.kernel.addresses import (
    Address,
    AddressFault,
    Target,
    may_call,
    networks,
    read_target,
)
from taiga_crm.kernel.deadline import Clock, Deadline

SECONDS = 5.0
LOOKUP_SECONDS = 3.0
READ_BYTES = 65_536
TRIED = 3  # of a name with several addresses
Resolver = Callable[[str, int], list[str]]


def system_resolver(host: str, port: int) -> list[str]:
    """Return the IP addresses of a name as the system answers; none where there are none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(sockaddr[0]) for *_kind, sockaddr in found))


@dataclass(frozen=True)
class Door:
    """What a call needs from outside: a name server, a clock, and whom TLS trusts."""

    resolve: Resolver = system_resolver
    clock: Clock = monotonic
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context


DOOR = Door()


class Unsent(Exception):
    """A call that got no answer; `code` says why: "address", "timeout", "tls", "connection" or
    "answer"."""

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the beginning of the body, and when to ask again."""

    status: int
    body: bytes
    retry_after: str = ""


def checked_target(url: str) -> Target:
    """Return an address that the settings allow, without looking its name up.

    AddressFault with "malformed", "scheme", "credentials", "host", "port" or "address".
    """
    target = read_target(url)
    if target.scheme == "http" and not conf().webhook_http:
        raise AddressFault("scheme")
    if target.port not in conf().webhook_ports:
        raise AddressFault("port")
    if target.literal is not None and not may_call(target.literal, _inside()):
        raise AddressFault("address")
    return target


def look_up(target: Target, door: Door = DOOR) -> list[Address]:
    """Return the checked addresses of a target.

    AddressFault("address") when there is none or one of them lies inside: the two look the
    same, so that nobody finds out which names our network knows.
    """
    return _look_up(target, door, Deadline(LOOKUP_SECONDS, door.clock))


def post(url: str, headers: Mapping[str, str], body: bytes, door: Door = DOOR) -> Answer:
    """Send a POST and return the answer; Unsent when there is none within SECONDS."""
    deadline = Deadline(SECONDS, door.clock)
    try:
        target = checked_target(url)
        addresses = _look_up(target, door, deadline)
    except AddressFault as fault:
        raise Unsent("address") from fault
    except TimeoutError as error:
        raise Unsent("timeout") from error
    connection = _connected(target, addresses, door, deadline)
    try:
        return _exchange(target, connection, (headers, body), deadline)
    finally:
        connection.close()


def _look_up(target: Target, door: Door, deadline: Deadline) -> list[Address]:
    known = target.literal
    texts = [str(known)] if known is not None else _answers(target, door, deadline)
    found = []
    for text in texts:
        try:
            found.append(ipaddress.ip_address(text))
        except ValueError as error:  # like fe80::1%eth0
            raise AddressFault("address") from error
    inside = _inside()
    if not found or not all(may_call(one, inside) for one in found):
        raise AddressFault("address")
    return found


def _answers(target: Target, door: Door, deadline: Deadline) -> list[str]:
    """Ask in a thread: a name server that does not answer must not hold us."""
    answers: queue.SimpleQueue[list[str]] = queue.SimpleQueue()
    asking = threading.Thread(
        target=lambda: answers.put(door.resolve(target.host, target.port)), daemon=True
    )
    asking.start()
    try:
        return answers.get(timeout=deadline.left())
    except queue.Empty as error:
        raise AddressFault("address") from error


def _inside() -> Any:
    return networks(conf().webhook_inside)


def _connected(
    target: Target, addresses: list[Address], door: Door, deadline: Deadline
) -> socket.socket:
    """Connect to the first address that answers; the certificate must be the name's."""
    fault: Unsent | None = None
    for address in addresses[:TRIED]:
        try:
            plain = socket.create_connection((str(address), target.port), deadline.left())
        except TimeoutError as error:
            raise Unsent("timeout") from error
        except OSError as error:
            fault = Unsent("connection")
            fault.__cause__ = error
            continue
        return plain if target.scheme == "http" else _secured(plain, target, door, deadline)
    raise fault or Unsent("connection")


def _secured(plain: socket.socket, target: Target, door: Door, deadline: Deadline) -> socket.socket:
    """Shake hands step by step, so that a slow peer does not stretch the whole."""
    try:
        secured = door.trust().wrap_socket(
            plain, server_hostname=target.host, do_handshake_on_connect=False
        )
    except (ssl.SSLError, OSError, ValueError) as error:
        plain.close()
        raise Unsent("tls") from error
    try:
        secured.settimeout(deadline.left())
        secured.do_handshake()
    except TimeoutError as error:
        secured.close()
        raise Unsent("timeout") from error
    except OSError as error:  # ssl.SSLError and its certificate errors are OSErrors
        secured.close()
        raise Unsent("tls") from error
    return secured


def _exchange(
    target: Target,
    connection: socket.socket,
    message: tuple[Mapping[str, str], bytes],
    deadline: Deadline,
) -> Answer:
    speaker = http.client.HTTPConnection(target.host, target.port)
    speaker.sock = _Bounded(connection, deadline)
    headers, body = message
    status: int | None = None
    try:
        speaker.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": _host_header(target), **headers}.items():
            speaker.putheader(name, value)
        speaker.putheader("Content-Length", str(len(body)))
        speaker.putheader("Connection", "close")
        speaker.endheaders(body)
        response = speaker.getresponse()
        status = response.status
        return Answer(status, _read(response), response.getheader("Retry-After", ""))
    except TimeoutError as error:
        raise Unsent("timeout", status) from error
    except http.client.HTTPException as error:
        raise Unsent("answer", status) from error
    except OSError as error:
        raise Unsent("connection", status) from error


def _read(response: http.client.HTTPResponse) -> bytes:
    """Return what was read of the body; one that is cut by our bound is as good as whole."""
    try:
        return response.read(READ_BYTES)
    except http.client.IncompleteRead as cut:
        return bytes(cut.partial)


def _host_header(target: Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    usual = {"http": 80, "https": 443}[target.scheme] == target.port
    return name if usual else f"{name}:{target.port}"


class _Bounded:
    """A socket as http.client needs it, with one deadline and one budget of bytes for all."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection, self._deadline = connection, deadline

    def sendall(self, data: Any) -> None:
        """Send everything before the deadline."""
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(self._deadline.left())
            rest = rest[self._connection.send(rest) :]

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return the stream that the answer is read from."""
        return io.BufferedReader(_Stream(self._connection, self._deadline))

    def close(self) -> None:
        """Leave it open: whoever connected closes it."""


class _Stream(io.RawIOBase):
    """Reads at most READ_BYTES in all, headers included, and never behind the deadline."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection, self._deadline, self._budget = connection, deadline, READ_BYTES

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as time and budget allow; 0 is the end."""
        self._connection.settimeout(self._deadline.left())
        room = memoryview(buffer)[: self._budget]
        if not room:
            return 0
        number = self._connection.recv_into(room)
        self._budget -= number
        return number
