"""Requests as a server makes them: the whole WSGI stack in this process, a real token."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory

CRM = "/api/v1/crm/"


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took in milliseconds."""

    status: int
    body: bytes
    headers: dict[str, str]
    milliseconds: float


class Asker:
    """Ask as one person; each request opens and closes its connection as the settings say."""

    def __init__(self, token: str) -> None:
        self._application = WSGIHandler()
        self._make = RequestFactory(HTTP_AUTHORIZATION=f"Bearer {token}")

    def get(self, path: str, params: dict[str, Any] | None = None) -> Answer:
        """Send a GET; a path without a leading slash is below the CRM's API."""
        return self._send(self._make.get(_absolute(path), params or {}))

    def send(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        """Send JSON."""
        make = getattr(self._make, method)
        return self._send(make(_absolute(path), body, content_type="application/json"))

    def _send(self, request: Any) -> Answer:
        heard: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> None:
            heard.update(status=int(status[:3]), headers=dict(headers))

        started = time.perf_counter()
        response = self._application(request.environ, start)
        body = b"".join(response)
        response.close()
        took = (time.perf_counter() - started) * 1_000
        if heard["status"] >= 400:
            raise SystemExit(f"{request.get_full_path()} answers {heard['status']}: {body[:500]!r}")
        return Answer(heard["status"], body, heard["headers"], took)


def queries_of(ask: Callable[[], Any]) -> int:
    """Return how many statements one request sends, savepoints among them."""
    sent = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        ask()
    return len(sent)


@contextmanager
def connections_kept(seconds: int) -> Any:
    """Run with another CONN_MAX_AGE."""
    settings = connection.settings_dict
    before, settings["CONN_MAX_AGE"] = settings["CONN_MAX_AGE"], seconds
    connection.close()
    try:
        yield
    finally:
        settings["CONN_MAX_AGE"] = before
        connection.close()


def _absolute(path: str) -> str:
    return path if path.startswith("/") else CRM + path
