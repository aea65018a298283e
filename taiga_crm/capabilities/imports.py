"""Imports of a person: taking a file in, how it is read and mapped; the work itself is a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from taiga_crm.capabilities import jobs, kept_files
from taiga_crm.capabilities.import_heading import find_heading
from taiga_crm.capabilities.import_mapping import changed_mapping, guess_mapping
from taiga_crm.capabilities.import_profiles import (
    applied,
    fitting_profile,
    former_import,
    profile_of,
    taken_over,
)
from taiga_crm.capabilities.import_settings import changed_settings
from taiga_crm.capabilities.import_targets import Target, kind_to_import, targets_of
from taiga_crm.capabilities.jobs import OPEN
from taiga_crm.capabilities.table_files import (
    VCARD,
    XLSX,
    Reading,
    format_of,
    known_delimiter,
    known_encoding,
    open_table,
)
from taiga_crm.capabilities.tables import MAX_BYTES, Line, Table, unreadable
from taiga_crm.capabilities.xlsx_table import count_rows
from taiga_crm.conf import conf
from taiga_crm.kernel.errors import InvalidInput, NotVisible, TooLarge, WrongState
from taiga_crm.kernel.file_names import file_name
from taiga_crm.models import Import, ImportRow
from taiga_crm.registry.catalog import entity as entity_named
from taiga_crm.registry.entity import Entity

SAMPLES = 5
LOOKED_AT = 200
MAX_SAMPLE = 200
HEADED = 20  # lines that may be the one with the names of the columns
LAST_HEADING = 1_000
HOW = ("encoding", "delimiter", "sheet", "heading")
PREVIEW, RUN, UNDO = "import_preview", "import_run", "import_undo"
Json = dict[str, Any]


def create_import(user: Any, data: Mapping[str, Any], name: str, chunks: Iterable[bytes]) -> Import:
    """Keep a file and find out what it holds; InvalidInput for `file`, TooLarge.

    Whether the person may add rows is asked for each row; whoever offers the kind asks before.
    """
    entity = entity_named(str(data.get("kind")))
    kept = kept_files.keep(chunks, max(MAX_BYTES.values()))
    run = Import(
        kind=entity.key, owner=user, file=kept.name, size=kept.size,
        file_name=(file_name(name) or "file")[:255],
    )  # fmt: skip
    try:
        with kept_files.open_kept(kept.name) as file:
            form = format_of(file)
            if kept.size > MAX_BYTES[form]:
                raise TooLarge(MAX_BYTES[form])
            given = {key: data.get(key) for key in HOW}
            _read(run, entity, user, file, _reading(Reading(form), given))
        if data.get("project") not in (None, ""):
            run.settings = changed_settings(entity, user, run, {"project": data["project"]})
        run.save(force_insert=True)
    except BaseException:
        kept_files.drop(kept.name)
        raise
    return run


def imports_of(user: Any, kind: str = "") -> Any:
    """Return the person's imports, the newest first."""
    rows = Import.objects.filter(owner=user).select_related("job", "profile").order_by("-pk")
    return rows.filter(kind=kind) if kind else rows


def import_of(user: Any, pk: int, *, lock: bool = False) -> Import:
    """Return an import of the person; NotVisible for anybody else's."""
    rows = imports_of(user)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found: Import | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible("No such import")
    return found


def change_import(user: Any, pk: int, data: Mapping[str, Any]) -> Import:
    """Change how a draft is read, mapped or set; its preview is forgotten."""
    with transaction.atomic():
        run = _draft(user, pk)
        entity = kind_to_import(user, run.kind)
        if set(HOW) & data.keys():
            how = _reading(Reading(**run.reading["how"]), data)
            with kept_files.open_kept(run.file) as file:
                _read(run, entity, user, file, how)
        if "profile" in data:
            run.profile = profile_of(user, entity, data["profile"])
            if run.profile is not None:
                targets = targets_of(entity, user)
                run.mapping, run.settings = applied(run.profile, targets, run)
        if "mapping" in data:
            run.mapping = changed_mapping(targets_of(entity, user), run.mapping, data["mapping"])
        if "settings" in data:
            run.settings = changed_settings(entity, user, run, data["settings"])
        run.preview, run.state = None, Import.DRAFT
        run.save()
        ImportRow.objects.filter(run=run).delete()
    return import_of(user, pk)


def delete_import(user: Any, pk: int) -> None:
    """Forget an import, its file and its rows; the records stay."""
    with transaction.atomic():
        run = import_of(user, pk, lock=True)
        _require_quiet(run)
        name = run.file
        run.delete()
        transaction.on_commit(lambda: kept_files.drop(name))


def start(user: Any, pk: int, kind: str) -> Import:
    """Enqueue the preview of a draft, or the import itself."""
    with transaction.atomic():
        run = _draft(user, pk)
        kind_to_import(user, run.kind)
        if not run.file:
            raise WrongState(_("The file is no longer kept."))
        run.job = jobs.enqueue(kind, user, {"import": run.pk})
        run.state = Import.RUNNING if kind == RUN else Import.DRAFT
        run.save(update_fields=["job", "state"])
    return import_of(user, pk)


def start_undo(user: Any, pk: int) -> Import:
    """Enqueue the undo of an import that is done."""
    with transaction.atomic():
        run = import_of(user, pk, lock=True)
        _require_quiet(run)
        if run.state != Import.DONE or not run.rows.exists():
            raise WrongState(_("Only an import that is done can be undone."), state=state_of(run))
        run.job = jobs.enqueue(UNDO, user, {"import": run.pk})
        run.save(update_fields=["job"])
    return import_of(user, pk)


def state_of(run: Import) -> str:
    """Return the state: a run that its job did not end well has written nothing."""
    if run.state == Import.RUNNING and run.job is not None and run.job.state not in OPEN:
        return Import.CANCELED if run.job.state == "canceled" else Import.FAILED
    return run.state


def is_busy(run: Import) -> bool:
    """Say whether a job works for the import."""
    return run.job is not None and run.job.state in OPEN


def _draft(user: Any, pk: int) -> Import:
    """Return a locked import that may still be changed: one that wrote nothing."""
    run = import_of(user, pk, lock=True)
    _require_quiet(run)
    if state_of(run) not in (Import.DRAFT, Import.FAILED, Import.CANCELED):
        raise WrongState(_("The import is over."), state=state_of(run))
    if run.reading["how"]["format"] == VCARD:
        raise WrongState(_("Choose the file of cards again."), state=state_of(run))
    return run


def _require_quiet(run: Import) -> None:
    if is_busy(run):
        raise WrongState(_("A job is working on this import."), state=state_of(run))


def _reading(how: Reading, data: Mapping[str, Any]) -> Reading:
    """Return how the file is to be read; InvalidInput on the named field."""
    encoding, delimiter, sheet, heading = how.encoding, how.delimiter, how.sheet, how.heading
    if data.get("encoding"):
        encoding = known_encoding(data["encoding"])
        if not encoding:
            raise InvalidInput({"encoding": [_("This is not one of the choices.")]})
    if data.get("delimiter"):
        delimiter = known_delimiter(data["delimiter"])
        if not delimiter:
            raise InvalidInput({"delimiter": [_("This is not one of the choices.")]})
    if data.get("sheet"):
        sheet = str(data["sheet"])[:100]
    if data.get("heading") not in (None, ""):
        heading = _heading(data["heading"])
    elif (encoding, delimiter, sheet) != (how.encoding, how.delimiter, how.sheet):
        heading = 0
    return Reading(how.format, encoding, delimiter, sheet, heading)


def _heading(given: Any) -> int:
    text = str(given)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) <= LAST_HEADING):
        raise InvalidInput({"heading": [_("A line from 1 to %d is expected.") % LAST_HEADING]})
    return int(text)


def _read(run: Import, entity: Entity, user: Any, file: IO[bytes], how: Reading) -> None:
    """Look at a file: its header, samples, how many rows it has, and what they may be."""
    targets = targets_of(entity, user)
    table = _headed(file, how, entity, targets)
    if how.format == XLSX and how.sheet and how.sheet not in table.sheets:
        raise InvalidInput({"sheet": [_("This is not one of the choices.")]})
    if not any(table.header):
        raise unreadable(_("The file has no header."))
    first = list(islice(table.lines, LOOKED_AT))
    rows = len(first) + (0 if how.format == XLSX else sum(1 for _line in table.lines))
    if how.format == XLSX and len(first) == LOOKED_AT:
        rows = count_rows(file, table.sheet, table.line)
    if not first:
        raise unreadable(_("There is no line under the names of the columns."))
    if rows > conf().max_import_rows:
        values = {"limit": conf().max_import_rows, "count": rows}
        raise unreadable(_("At most %(limit)d rows can be imported, not %(count)d.") % values)
    found = Reading(how.format, table.encoding, table.delimiter, table.sheet, table.line)
    run.reading = {
        "how": vars(found),
        "rows": rows,
        "width": table.width,
        "sheets": list(table.sheets),
        "first": [[str(cell)[:MAX_SAMPLE] for cell in line.cells] for line in first[:SAMPLES]],
    }
    texts = [_texts(first, place) for place in range(len(table.header))]
    run.columns = [
        {
            "header": header[:MAX_SAMPLE],
            "samples": [text[:MAX_SAMPLE] for text in texts[place][:SAMPLES]],
        }
        for place, header in enumerate(table.header)
    ]
    run.mapping = guess_mapping(entity, targets, table.header, texts)
    run.profile = fitting_profile(user, entity, run)
    if run.profile is not None:
        run.mapping, run.settings = applied(run.profile, targets, run)
    elif (former := former_import(user, entity, run)) is not None:
        run.mapping, run.settings = taken_over(former, run)


def _headed(file: IO[bytes], how: Reading, entity: Entity, targets: Mapping[str, Target]) -> Table:
    """Return the table with the line of its header as it was chosen, else as it is found."""
    table = open_table(file, how)
    if how.heading:
        return table
    top = [Line(table.line, table.header), *islice(table.lines, HEADED)]
    return open_table(file, replace(how, heading=find_heading(entity, targets, top)))


def _texts(lines: list[Any], place: int) -> list[str]:
    found = (line.cells[place] for line in lines if place < len(line.cells))
    return list(dict.fromkeys(str(text) for text in found if text))


def table_of(run: Import) -> tuple[IO[bytes], Table]:
    """Return the open file of an import and its table; WrongState when it is no longer kept."""
    if run.reading["how"]["format"] == VCARD:
        raise WrongState(_("The file has no table."))
    try:
        file = kept_files.open_kept(run.file)
    except NotVisible as error:
        raise WrongState(_("The file is no longer kept.")) from error
    return file, open_table(file, Reading(**run.reading["how"]))
