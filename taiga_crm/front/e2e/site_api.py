"""A small client of the site's API, for preparing and checking what the journeys do."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any


class ApiRefused(Exception):
    """The API answered with an error status."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body[:300]}")
        self.status = status


class SiteApi:
    """One person's calls; `login` holds the whole answer of the login."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = f"{url}/api/v1"
        self.token: str | None = None
        credentials = {"type": "normal", "username": username, "password": password}
        self.login: dict[str, Any] = self.post("/auth", credentials)
        self.token = self.login["auth_token"]

    def get(self, path: str) -> Any:
        """Return the answer of a GET."""
        return self._call("GET", path)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the answer of a POST."""
        return self._call("POST", path, body or {})

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        """Return the answer of a PATCH."""
        return self._call("PATCH", path, body)

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """Return the answer to a PUT."""
        return self._call("PUT", path, body)

    def delete(self, path: str) -> Any:
        """Return the answer of a DELETE."""
        return self._call("DELETE", path)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Accept-Language": "en"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refusal:
            raise ApiRefused(refusal.code, refusal.read().decode()) from refusal
        return json.loads(text) if text else None
