"""The 85 real accounts, under names of their own for each run; they lie outside the package."""

from __future__ import annotations

import contextlib
import csv
import os
import time
from pathlib import Path
from typing import Any

import pytest
from site_api import ApiRefused, SiteApi

SHARED = os.environ.get("CRM_SHARED_DATA") or Path(__file__).parents[4] / "shared" / "data"
FILE = Path(SHARED) / "maven-crm" / "accounts.csv"
WITHOUT_NAME = ["", "retail", "2001", "12.5", "40", "Kenya", ""]
MOST_WAITS = 240

Rows = list[list[str]]


def rows_with(word: str) -> Rows:
    """Return the real file with a word behind each name, and one more line that has no name."""
    if not FILE.exists():
        pytest.skip(f"no real data at {FILE}: set CRM_SHARED_DATA")
    header, *rows = read_rows(FILE)
    places = [header.index("account"), header.index("subsidiary_of")]
    for row in rows:
        for place in places:
            row[place] = row[place] and f"{row[place]} {word}"
    return [header, *rows, WITHOUT_NAME]


def read_rows(path: Path) -> Rows:
    """Read a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def write_rows(path: Path, rows: Rows) -> Path:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def clean_up(api: SiteApi, word: str) -> None:
    """Take back and forget the imports of files with the word in their name, and what was kept."""
    for one in [row for row in api.get("/crm/imports") if word in row["file_name"]]:
        path = f"/crm/imports/{one['id']}"
        if one["can_undo"]:
            api.post(f"{path}/undo")
        _wait(api, path)
        with contextlib.suppress(ApiRefused):
            api.delete(path)
    for row in api.get(f"/crm/accounts?q={word}&page_size=100"):
        with contextlib.suppress(ApiRefused):
            api.delete(f"/crm/accounts/{row['id']}")


def _wait(api: SiteApi, path: str) -> None:
    for _ in range(MOST_WAITS):
        job: dict[str, Any] | None = api.get(path)["job"]
        if job is None or job["state"] not in ("waiting", "running"):
            return
        time.sleep(0.5)
