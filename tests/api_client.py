"""A test client that speaks JSON with a real Bearer token."""

from __future__ import annotations

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from taiga_crm.host import current_host

CRM = "/api/v1/crm/"


class ApiClient:
    """Send JSON as one person; a path without a leading slash is below /api/v1/crm/."""

    def __init__(self, user: Any = None, *, lang: str = "en", token: str = "") -> None:
        self.client = Client()
        self.headers = {"HTTP_ACCEPT_LANGUAGE": lang}
        if token:
            self.headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        elif user is not None:
            self.headers["HTTP_AUTHORIZATION"] = f"Bearer {access_token(user)}"

    def get(self, path: str, params: dict[str, Any] | None = None, **headers: str) -> Any:
        """Send a GET with query parameters."""
        return self.client.get(_absolute(path), params or {}, **{**self.headers, **headers})

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """Send a POST with a JSON body."""
        return self._send("post", path, body, headers)

    def upload(self, path: str, name: str, content: bytes, **fields: Any) -> Any:
        """Send a multipart POST with the file as "file"."""
        file = SimpleUploadedFile("placeholder", content)
        file._name = name  # as a hostile client would send it
        return self.client.post(_absolute(path), {"file": file, **fields}, **self.headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        """Send a PATCH with a JSON body."""
        return self._send("patch", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        """Send a PUT with a JSON body."""
        return self._send("put", path, body, headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> Any:
        """Send a DELETE."""
        return self._send("delete", path, body, headers)

    def options(self, path: str, **headers: str) -> Any:
        """Send a preflight request."""
        return self.client.options(_absolute(path), **{**self.headers, **headers})

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        data = json.dumps({} if body is None else body)
        call = getattr(self.client, method)
        return call(
            _absolute(path), data, content_type="application/json", **{**self.headers, **headers}
        )


def access_token(user: Any) -> str:
    """Return an access token of the host that the tests run on."""
    if current_host().name == "taiga":
        from taiga.auth.tokens import AccessToken

        return str(AccessToken.for_user(user))
    from taiga_crm.standalone.tokens import issue_pair

    return issue_pair(user)["auth_token"]


def _absolute(path: str) -> str:
    return path if path.startswith("/") else CRM + path
