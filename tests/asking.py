"""Short ways to ask the API and read what came back."""

from __future__ import annotations

import csv
import io
from typing import Any


def got(answer: Any, status: int = 200) -> Any:
    """Return the JSON of an answer that must have this status."""
    body = answer.content if not answer.streaming else b""
    assert answer.status_code == status, (answer.status_code, body[:500])
    return answer.json() if body else None


def column(client: Any, path: str, name: str = "name", **params: Any) -> list[Any]:
    """Return one column of a list, in its order."""
    return [row[name] for row in got(client.get(path, params))]


def labels(client: Any, path: str, name: str, **params: Any) -> list[Any]:
    """Return the labels of a link column of a list."""
    return [row[name] and row[name]["label"] for row in got(client.get(path, params))]


def exported(client: Any, path: str, **params: Any) -> list[list[str]]:
    """Return the rows of an export, header first."""
    answer = client.get(f"{path}/export.csv", params)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def everything(answer: Any) -> str:
    """Return the whole answer as text: the body, streamed or not, and the headers."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode() + "\n".join(f"{k}: {v}" for k, v in answer.items())
