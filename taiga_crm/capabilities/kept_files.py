"""Kept files: bytes in a folder that no web server shows, under names that tell nothing.

Rows keep the name; who may read it is decided by the row. A file whose row was never committed,
or was deleted, is swept away a day later.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from taiga_crm.conf import conf
from taiga_crm.kernel.errors import NotVisible, TooLarge

NAME = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
GRACE = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Kept:
    """A file as it lies in the folder."""

    name: str
    size: int
    sha256: str


_holders: list[tuple[Any, str]] = []


def register_holder(model: Any, column: str) -> None:
    """Say that a column of a model holds names of kept files; others are swept away."""
    if (model, column) not in _holders:
        _holders.append((model, column))


def names_in(rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> set[str]:
    """Return the names of kept files in {table: rows}, as snapshots have them."""
    return {
        str(row[column])
        for model, column in _holders
        for row in rows.get(model._meta.label_lower, ())
        if row.get(column)
    }


def names_below(rows: Any) -> list[str]:
    """Return the names of kept files that hang on these rows."""
    names: list[str] = []
    for model, column in _holders:
        for link in model._meta.fields:
            if link.is_relation and link.related_model is rows.model:
                below = model._base_manager.filter(**{f"{link.name}__in": rows})
                names += below.values_list(column, flat=True)
    return names


def files_root() -> Path:
    """Return the folder: conf.files_root, else one beside the host's public media."""
    if conf().files_root:
        return Path(conf().files_root)
    return Path(settings.MEDIA_ROOT or ".").absolute().parent / "taiga-crm-files"


def keep(chunks: Iterable[bytes], limit: int) -> Kept:
    """Write a file; TooLarge, and nothing kept, when it has more than `limit` bytes."""
    token = uuid.uuid4().hex
    name = f"{token[:2]}/{token}"
    path = files_root() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise TooLarge(limit)
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Kept(name, size, digest.hexdigest())


def open_kept(name: str) -> IO[bytes]:
    """Open a kept file for reading; NotVisible when it is gone."""
    if not NAME.fullmatch(name):
        raise NotVisible("No such file")
    try:
        return (files_root() / name).open("rb")
    except FileNotFoundError as error:
        raise NotVisible("The file is gone") from error


def drop(name: str) -> None:
    """Delete a kept file at once; call it when its row is committed away."""
    if NAME.fullmatch(name):
        (files_root() / name).unlink(missing_ok=True)


def sweep(now: datetime.datetime) -> int:
    """Delete files older than a day that no row holds; return how many."""
    old = {
        f"{path.parent.name}/{path.name}": path
        for path in _files()
        if datetime.datetime.fromtimestamp(path.stat().st_mtime, now.tzinfo) < now - GRACE
    }
    held: set[str] = set()
    for model, column in _holders:
        rows = model._base_manager.filter(**{f"{column}__in": list(old)})
        held.update(rows.values_list(column, flat=True))
    for name in old.keys() - held:
        old[name].unlink(missing_ok=True)
    return len(old.keys() - held)


def _files() -> Iterator[Path]:
    for path in files_root().glob("??/*"):
        if NAME.fullmatch(f"{path.parent.name}/{path.name}"):
            yield path
