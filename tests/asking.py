"""Short ways to ask the API and read what came back."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any


def got(answer: Any, status: int = 200) -> Any:
    """Return the JSON of an answer that must have this status."""
    body = answer.content if not answer.streaming else b""
    assert answer.status_code == status, (answer.status_code, body[:500])
    return answer.json() if body else None


def column(client: Any, path: str, name: str = "name", /, **params: Any) -> list[Any]:
    """Return one column of a list, in its order."""
    return [row[name] for row in got(client.get(path, params))]


def labels(client: Any, path: str, name: str, /, **params: Any) -> list[Any]:
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
    if zipfile.is_zipfile(io.BytesIO(body)):
        body = _unpacked(body)
    return body.decode(errors="replace") + "\n".join(f"{k}: {v}" for k, v in answer.items())


def _unpacked(body: bytes) -> bytes:
    """Return what a workbook shows without its clock; of another archive, names and contents."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = archive.namelist()
        sheet = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]
        if set(sheet) <= set(names):
            shown = b"".join(archive.read(name) for name in sheet)
            return re.sub(rb"\d{4}-\d\d-\d\d \d\d:\d\d UTC", b"", shown)
        return b"\n".join(name.encode() + b"\n" + archive.read(name) for name in names)


def content_of(client: Any, path: str, **params: Any) -> tuple[Any, bytes]:
    """Return the answer and the bytes of a download."""
    answer = client.get(path, params)
    assert answer.status_code == 200, answer.content
    return answer, b"".join(answer.streaming_content)


def book_of(client: Any, path: str = "accounts", **params: Any) -> Any:
    """Return the workbook of an export, read by another program's library."""
    _answer, content = content_of(client, f"{path}/export.xlsx", **params)
    import openpyxl  # a Taiga's Python does not have it

    return openpyxl.load_workbook(io.BytesIO(content))


def sheet_of(client: Any, path: str = "accounts", **params: Any) -> Any:
    """Return the first sheet of an export."""
    return book_of(client, path, **params).worksheets[0]


def values_of(sheet: Any) -> list[list[Any]]:
    """Return the values of a sheet, row by row."""
    return [[cell.value for cell in row] for row in sheet.iter_rows()]
