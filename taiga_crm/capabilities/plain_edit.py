"""Create and change records: parse, check, save, write history, in one transaction.

Two people saving at once: the row is locked, its version compared, the later one refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from taiga_crm.capabilities.announcing import announce, projects_of
from taiga_crm.capabilities.channels import write_channels
from taiga_crm.capabilities.custom_formulas import fill_computed
from taiga_crm.capabilities.custom_values import check_custom, searched_parts
from taiga_crm.capabilities.draft import CHANNELS, Draft
from taiga_crm.capabilities.duplicate_keys import fill_keys
from taiga_crm.capabilities.field_rules import check_field_rules, standing_before
from taiga_crm.capabilities.history import record_history
from taiga_crm.capabilities.kept_rows import locked_row
from taiga_crm.capabilities.links import check_links
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, Refused, StaleVersion
from taiga_crm.kernel.text import search_text
from taiga_crm.permissions.custom import COLUMN as CUSTOM
from taiga_crm.permissions.decide import outcome_for
from taiga_crm.permissions.fields import every_field, fields_for
from taiga_crm.permissions.row_rules import Standing
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.kinds import KINDS, ValueFault

PLACES = ("links", "project")  # kind and target of the field that puts a record into projects


def create_record(entity: Entity, user: Any, data: Mapping[str, Any]) -> Any:
    """Add a record; raise Refused or InvalidInput with nothing written."""
    if outcome_for(entity, user, "add") is False:
        raise Refused(_("You may not add this."), verb="add", kind=entity.key)
    data = _placed(entity, user, data)
    with transaction.atomic():
        record = entity.model(created_by=user)
        draft = Draft(
            entity, record, parse_values(entity, user, data, creating=True), user, creating=True
        )
        save_draft(draft)
        changes = draft.changes()
        record_history(entity.key, record, user, "create", changes)
        announce(entity, record, "create", user, changes)
    return record


def change_record(entity: Entity, user: Any, pk: Any, data: Mapping[str, Any]) -> Any:
    """Change a record that still has the version the caller read; StaleVersion otherwise."""
    return write_change(entity, user, pk, data).record


def write_change(entity: Entity, user: Any, pk: Any, data: Mapping[str, Any]) -> Draft:
    """Change a record as `change_record` does; return its draft, which knows what was before."""
    with transaction.atomic():
        record = locked_row(entity, user, "change", pk)
        check_version(record, data)
        values = parse_values(entity, user, data, creating=False)
        draft = Draft(entity, record, values, user, creating=False)
        save_draft(draft)
        changes = draft.changes()
        if changes:
            record_history(entity.key, record, user, "update", changes)
            announce(entity, record, "change", user, changes)
    return draft


def check_version(record: Any, data: Mapping[str, Any]) -> None:
    """Require `version` in the data and compare it with the locked row."""
    given = data.get("version")
    if isinstance(given, bool) or not isinstance(given, int):
        raise InvalidInput({"version": [_("The version you read is needed.")]})
    if given != record.version:
        raise StaleVersion(_("Somebody changed this in the meantime."), pk=record.pk)


def _placed(entity: Entity, user: Any, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read `project` in the body as the one project the new record belongs to."""
    if data.get("project") is None:
        return data
    places = [f.name for f in fields_for(entity, user).values() if (f.kind, f.target) == PLACES]
    return {**{name: [data["project"]] for name in places}, **data}


def parse_values(
    entity: Entity, user: Any, data: Mapping[str, Any], *, creating: bool
) -> dict[str, Any]:
    """Return the values of writable fields; unknown and read-only names are ignored."""
    values: dict[str, Any] = {}
    faults: dict[str, list[str]] = {}
    for field in taken_fields(entity, user, creating=creating):
        if field.name not in data and not creating:
            continue
        try:
            values[field.name] = parse_value(field, data.get(field.name, field.default))
        except ValueFault as fault:
            faults[field.name] = [str(fault)]
            continue
        if is_missing(field, values[field.name]):
            faults[field.name] = [_("This field is required.")]
    if faults:
        raise InvalidInput(faults)
    return values


def taken_fields(entity: Entity, user: Any, *, creating: bool) -> list[Field]:
    """Return the fields that a person's input may set."""
    return [
        one
        for one in fields_for(entity, user).values()
        if not one.read_only and (creating or not one.create_only) and one.expression is None
    ]


def parse_value(field: Field, raw: Any) -> Any:
    """Return the value of one field; ValueFault."""
    value = KINDS[field.kind].parse(field, raw)
    return field.default if value is None and not field.nullable else value


def is_missing(field: Field, value: Any) -> bool:
    """Say whether a field that must always be given is empty."""
    restricted = field.only_types or field.only_projects  # checked when the type is known
    return field.required and not restricted and value in (None, "", [])


def save_draft(draft: Draft, *, always: bool = False) -> None:
    """Check links, let the entity complete the record, then write it and its child rows.

    Without a change nothing is written, unless `always`: rows around the record were moved.
    """
    entity, record = draft.entity, draft.record
    before = standing_before(draft)
    check_links(draft)
    prepare_draft(draft, before)
    if not (draft.creating or always or draft.changes()):
        return
    derive(draft)
    if draft.creating:
        record.save(force_insert=True)
    else:
        record.version += 1
        record.save()
    for field in draft.channels():
        write_channels(record, field, draft.values[field.name], fresh=draft.creating)
    for field in draft.many_links():
        getattr(record, field.path).set(draft.values[field.name])
    if entity.written is not None:
        entity.written([draft])


def prepare_draft(draft: Draft, before: Standing | None) -> None:
    """Put checked values on the record and let rules and the entity complete and check it.

    `before` is where the record stood before its links were looked up.
    """
    if draft.foreseen is None:
        foresee([draft])
    draft.assign()
    check_field_rules(draft, before)
    if draft.entity.prepare is not None:
        draft.entity.prepare(draft)
    check_custom(draft, projects_of(draft.entity, draft.record))


def foresee(drafts: list[Draft]) -> None:
    """Let the entity read and lock at once what preparing these drafts needs."""
    found: dict[str, Any] = {}
    for draft in drafts:
        draft.foreseen = found
    if drafts and drafts[0].entity.foresee is not None:
        drafts[0].entity.foresee(drafts)


def derive(draft: Draft, stored: Mapping[str, Any] | None = None) -> None:
    """Compute what is kept for searching and comparing, and stamp the moment.

    With `stored`, the columns before the change, what is made of untouched ones stays as it is.
    """
    entity, record = draft.entity, draft.record
    fill_computed(entity, record, draft.user)
    record.modified_at = clock.now()
    if stored is not None and not _touches_keys(draft, stored):
        return
    if entity.search_column:
        setattr(record, entity.search_column, _search_text(draft))
    if entity.key_columns:
        fields = [one for one in fields_for(entity, None).values() if one.kind in CHANNELS]
        rows = {field.name: draft.channel_rows(field) for field in fields}
        fill_keys(entity, record, rows)


def _touches_keys(draft: Draft, stored: Mapping[str, Any]) -> bool:
    """Say whether anything changed that is searched or by which duplicates are found."""
    if draft.channels():
        return True
    names = {*draft.entity.search_fields, *(one.field for one in draft.entity.duplicate_by)}
    names.update(*(one.inputs for one in draft.entity.duplicate_by))
    paths = {CUSTOM, *(draft.fields[name].path for name in names)}
    return any(getattr(draft.record, path) != stored[path] for path in paths if path in stored)


def refresh_derived(entity: Entity, record: Any) -> None:
    """Compute the derived columns of a locked record anew and count it as a change."""
    derive(Draft(entity, record, {}, None, creating=False))
    record.version += 1
    record.save()


def _search_text(draft: Draft) -> str:
    parts: list[str] = []
    fields = draft.fields
    for name in draft.entity.search_fields:
        if fields[name].kind in ("emails", "phones"):
            parts.extend(row["value"] for row in draft.channel_rows(fields[name]))
        else:
            parts.append(str(getattr(draft.record, fields[name].path) or ""))
    parts += searched_parts(draft.record, every_field(draft.entity, draft.user))
    return search_text(parts)


def bump_version(record: models.Model) -> None:
    """Count a change that a service made on the locked row."""
    manager = type(record)._base_manager
    manager.filter(pk=record.pk).update(version=F("version") + 1, modified_at=clock.now())
