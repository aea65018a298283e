"""Imports as JSON, and the rows of one, page by page."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities import jobs
from taiga_crm.capabilities.import_profiles import offered
from taiga_crm.capabilities.import_rows import DOUBTFUL, OUTCOMES
from taiga_crm.capabilities.import_settings import mapped_names, shown_settings
from taiga_crm.capabilities.import_targets import (
    Target,
    keys_of,
    kinds_to_import,
    missing_targets,
    targets_of,
)
from taiga_crm.capabilities.imports import imports_of, is_busy, state_of
from taiga_crm.capabilities.list_request import read_place
from taiga_crm.capabilities.pages import Page
from taiga_crm.capabilities.paging import Count
from taiga_crm.capabilities.table_files import CSV, DELIMITER_LABELS, ENCODINGS, VCARD
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.models import Import, ImportRow
from taiga_crm.registry.catalog import entity as entity_named
from taiga_crm.registry.entity import Entity

Json = dict[str, Any]
UTF8_MARK, UTF8 = "utf-8-sig", "utf-8"


def shown_kinds(user: Any) -> list[Json]:
    """Return the kinds of which the person may add rows, with the targets of each."""
    return [
        {
            "kind": one.key,
            "label": str(one.label),
            "label_plural": str(one.label_plural),
            "fields": [target.shown() for target in targets_of(one, user).values()],
        }
        for one in kinds_to_import(user)
    ]


def shown(run: Import, user: Any) -> Json:
    """Return an import whole."""
    entity = entity_named(run.kind)
    targets = targets_of(entity, user)
    mapped = mapped_names(run)
    labels = keys_of(entity, targets, mapped)
    profile = run.profile
    return {
        **_brief(run, entity),
        **_of_the_file(run),
        "columns": _columns(run, targets),
        "targets": [one.shown() for one in targets.values()],
        "required_missing": missing_targets(entity, targets, mapped),
        "settings": shown_settings(entity, user, run),
        "keys": [{"value": name, "label": label} for name, label in labels.items()],
        "profile": None if profile is None else {"id": profile.pk, "name": profile.name},
        "profiles": offered(user, entity, run),
    }


def list_imports(user: Any, params: Mapping[str, str]) -> Page:
    """Return a page of the person's imports, the newest first, without columns and reasons."""
    place = read_place({key: params[key] for key in ("page", "page_size") if key in params})
    rows = imports_of(user, params.get("kind", ""))
    number = rows.count()
    start = (place.page - 1) * place.page_size
    found = [_brief(one, entity_named(one.kind)) for one in rows[start : start + place.page_size]]
    for one in found:
        for told in (one["preview"], one["result"]):
            (told or {}).pop("reasons", None)
    return _page(found, number, place.page, place.page_size)


def list_rows(run: Import, params: Mapping[str, str]) -> Page:
    """Return a page of what became of the rows, in the order of the file."""
    place = read_place({key: params[key] for key in ("page", "page_size") if key in params})
    rows = rows_of(run, params.get("outcome", ""))
    if params.get("reason", "") != "":
        rows = rows.filter(remarks__contains=[[_number(params["reason"])]])
    number = rows.count()
    start = (place.page - 1) * place.page_size
    found = [
        {
            "line": one.line,
            "kind": one.kind,
            "name": one.name,
            "outcome": one.outcome,
            "record": one.object_id,
            "remarks": [
                {"column": column, "written": written, "reason": reason}
                for column, written, reason, *_more in one.remarks
            ],
        }
        for one in rows.order_by("line", "pk")[start : start + place.page_size]
    ]
    return _page(found, number, place.page, place.page_size)


def rows_of(run: Import, outcome: str) -> Any:
    """Return the stored rows of an outcome; InvalidQuery for an unknown one."""
    rows = ImportRow.objects.filter(run=run)
    if outcome == "":
        return rows
    if outcome == DOUBTFUL:
        return rows.filter(is_doubtful=True)
    if outcome not in OUTCOMES:
        raise InvalidQuery(_("Unknown outcome: %s") % outcome[:40])
    return rows.filter(outcome=outcome)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidQuery(_("%s must be a positive number.") % "reason")
    return int(text)


def undo_until(run: Import) -> datetime.datetime | None:
    """Return until when an import that is done can be undone."""
    if run.finished_at is None:
        return None
    return run.finished_at + datetime.timedelta(days=conf().import_days)


def _brief(run: Import, entity: Entity) -> Json:
    result, form = run.result, run.reading["how"]["format"]
    if result is not None:
        result = {**result, "undo_until": undo_until(run)}
    return {
        "id": run.pk,
        "kind": run.kind,
        "kind_label": _("vCards") if form == VCARD else str(entity.label_plural),
        "format": form,
        "state": state_of(run),
        "file_name": run.file_name,
        "size": run.size,
        "row_count": run.reading.get("rows", 0),
        "preview": run.preview,
        "result": result,
        "can_undo": run.state == Import.DONE and not is_busy(run),
        "undone": run.undone,
        "job": None if run.job is None else jobs.shown(run.job),
        "created_at": run.created_at,
        "finished_at": run.finished_at,
    }


def _of_the_file(run: Import) -> Json:
    how = run.reading["how"]
    is_csv = how["format"] == CSV
    encoding = UTF8 if how["encoding"] == UTF8_MARK else how["encoding"]
    known = [{"value": value, "label": str(label)} for value, label in ENCODINGS]
    if is_csv and encoding not in {one["value"] for one in known}:
        known.insert(0, {"value": encoding, "label": encoding})
    signs = [{"value": sign, "label": str(label)} for sign, label in DELIMITER_LABELS.items()]
    return {
        "encoding": encoding,
        "encodings": known if is_csv else [],
        "delimiter": how["delimiter"],
        "delimiters": signs if is_csv else [],
        "sheets": run.reading.get("sheets", []),
        "sheet": how["sheet"],
        "heading": how.get("heading") or 1,
        "has_file": bool(run.file),
        "first_rows": run.reading.get("first", []),
    }


def _columns(run: Import, targets: Mapping[str, Target]) -> list[Json]:
    return [
        {
            "position": place,
            "header": column["header"],
            "samples": column["samples"],
            "field": one["field"] if one["field"] in targets else None,
            "options": one["options"],
            "guessed": one["guessed"],
        }
        for place, (column, one) in enumerate(zip(run.columns, run.mapping, strict=True))
    ]


def _page(rows: list[Json], number: int, page: int, size: int) -> Page:
    return Page(rows, Count(number, True), page, size, page * size < number, "")
