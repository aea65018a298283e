"""What the CRM needs from the platform, as a Protocol both adapters fulfil."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class TicketKind:
    """One kind of ticket of the host: where its rows are and which host keys guard it.

    `model` is "app_label.Model"; `view` and `modify` are the host's permission keys;
    `closed` is the ORM path to the boolean that says a ticket is done.
    """

    key: str
    label: Any  # a lazy translation
    model: str
    view: str
    modify: str
    closed: str


@dataclass(frozen=True)
class HostMembership:
    """One person's place in one project, as the host knows it.

    `frozen` says that the host refuses writes to the project: it is blocked or archived.
    """

    project_id: int
    role_id: int
    is_admin: bool
    permissions: frozenset[str]
    frozen: bool = False


class HostAuthError(Exception):
    """The credentials were presented and refused; `detail` is what the host would answer."""

    def __init__(self, detail: Any) -> None:
        super().__init__(str(detail))
        self.detail = detail


class MailRefused(Exception):
    """The host's mail server did not take a mail; it may be tried again."""


class HostPort(Protocol):
    """The door to the platform. Every method has a contract test run on both adapters."""

    name: str

    def version(self) -> str:
        """Return the host's version, like "6.10"; empty when it does not say."""
        ...

    def mount(self, prefix: str, urlconf: str) -> None:
        """Serve the URLs of the module `urlconf` under `prefix`; calling twice mounts once."""
        ...

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        """Return (active user, token) for a Bearer or Application header, None without one.

        Raises HostAuthError for a refused token and for inactive or system users. Never
        accepts a session cookie.
        """
        ...

    def www_authenticate(self) -> str:
        """Return the value of the WWW-Authenticate header of a 401."""
        ...

    def translate_error(self, exc: Exception) -> tuple[int, dict[str, Any]] | None:
        """Return (status, body) for one of the host's own exceptions, None for any other."""
        ...

    def registration_is_open(self) -> bool:
        """Say whether anybody may register a user on this installation."""
        ...

    def memberships(self, user: Any) -> Iterable[HostMembership]:
        """Return the person's memberships, in one query; never public or anonymous rights."""
        ...

    def check_writable(self, project: Any) -> None:
        """Raise ProjectBlocked or ProjectArchived when the host refuses writes to the project."""
        ...

    def ticket_kinds(self) -> Mapping[str, TicketKind]:
        """Return the kinds of tickets by key: issue, userstory, task, epic."""
        ...

    def emit(self, kind: str, object_id: int, action: str, project_ids: Iterable[int]) -> None:
        """Tell browsers that listen, after commit, that a row changed: ids only, no content."""
        ...

    def run_job(self, job_id: int, run: Callable[[int], None]) -> None:
        """Have `run(job_id)` called soon by a worker, after this request where there is one."""
        ...

    def wake(self) -> None:
        """Have a worker soon send what waits to be sent; where there is none, it comes by itself.

        Never fails: what waits is sent with the next periodic work anyway.
        """
        ...

    def language_of(self, user: Any) -> str:
        """Return the code of the language that the person reads, the host's own by default."""
        ...

    def page_address(self, path: str) -> str:
        """Return the full address of a page of the front, for people outside of the browser."""
        ...

    def send_mail(self, user: Any, subject: str, text: str) -> None:
        """Send a plain mail to one person by the host's configured backend.

        Raises MailRefused when it was not taken. People who may not log in get nothing.
        """
        ...
