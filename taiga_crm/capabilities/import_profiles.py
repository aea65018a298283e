"""Profiles: a mapping by headers, kept by name with its settings, applied where all match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from taiga_crm.capabilities.import_mapping import plain
from taiga_crm.capabilities.import_targets import Target, kinds_to_import
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused
from taiga_crm.models import Import, ImportProfile
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.keys import MANAGE_SETTINGS
from taiga_crm.registry.entity import Entity
from taiga_crm.registry.header_words import REASONS

MAX_NAME = 100
MAX_OWN = 200
LOOKED_AT = 20
Json = dict[str, Any]


def profiles_of(user: Any, entity: Entity | None = None) -> Any:
    """Return the person's profiles and the shared ones of the kinds he may import."""
    kinds = [one.key for one in kinds_to_import(user)] if entity is None else [entity.key]
    rows = ImportProfile.objects.filter(kind__in=kinds)
    return rows.filter(Q(owner=user) | Q(is_shared=True)).order_by("name", "pk")


def profile_of(user: Any, entity: Entity, pk: Any) -> ImportProfile | None:
    """Return a profile to apply, None for none; InvalidInput for one that is not offered."""
    if pk is None:
        return None
    found: ImportProfile | None = None
    if isinstance(pk, int) and not isinstance(pk, bool) and 0 < pk < 2**62:
        found = profiles_of(user, entity).filter(pk=pk).first()
    if found is None:
        raise InvalidInput({"profile": [_("Choose one from the list.")]})
    return found


def fitting_profile(user: Any, entity: Entity, run: Import) -> ImportProfile | None:
    """Return the profile whose headers all stand in the file, the widest and own first."""
    headers = {plain(one["header"]) for one in run.columns}
    fits: list[Any] = [one for one in profiles_of(user, entity) if _fits(one, headers)]
    fits.sort(key=lambda one: (len(one.columns), one.owner_id == user.pk, one.pk))
    return fits[-1] if fits else None


def former_import(user: Any, entity: Entity, run: Import) -> Import | None:
    """Return the person's last import of the same columns: a mended file is read like the first."""
    headers = _headers(run)
    rows = Import.objects.filter(owner=user, kind=entity.key).exclude(pk=run.pk)
    rows = rows.filter(Q(preview__isnull=False) | Q(result__isnull=False))
    latest = rows.order_by("-pk")[:LOOKED_AT]
    return next((one for one in latest if _headers(one) == headers), None)


def taken_over(former: Import, run: Import) -> tuple[list[Json], Json]:
    """Return mapping and settings of a former import for a file of the same columns."""
    width = len(_headers(run))
    project = {"project": run.settings["project"]} if run.settings.get("project") else {}
    return [*former.mapping[:width], *run.mapping[width:]], {**former.settings, **project}


def offered(user: Any, entity: Entity, run: Import) -> list[Json]:
    """Return the profiles of a kind, those that fit the file first."""
    headers = {plain(one["header"]) for one in run.columns}
    rows = sorted(profiles_of(user, entity), key=lambda one: not _fits(one, headers))
    return [
        {
            "id": one.pk,
            "name": one.name,
            "mine": one.owner_id == user.pk,
            "shared": one.is_shared,
            "can_change": _may_change(user, one),
            "fits": _fits(one, headers),
        }
        for one in rows
    ]


def applied(
    profile: ImportProfile, targets: Mapping[str, Target], run: Import
) -> tuple[list[Json], Json]:
    """Return mapping and settings of a profile for the columns of a file."""
    known = {plain(one["header"]): one for one in profile.columns}
    mapping: list[Json] = []
    taken: set[str] = set()
    for column, guess in zip(run.columns, run.mapping, strict=True):
        one = known.get(plain(column["header"]))
        name = one["field"] if one is not None else None
        if one is None or name not in targets or (name in taken and not targets[name].several):
            mapping.append({"field": None, "options": {}, "guessed": bool(guess["guessed"])})
            continue
        taken.add(name)
        mapping.append({"field": name, "options": one["options"], "guessed": False})
    project = {"project": run.settings["project"]} if run.settings.get("project") else {}
    return mapping, {**profile.settings, **project}


def create_profile(user: Any, run: Import, data: Mapping[str, Any]) -> ImportProfile:
    """Keep the mapping and settings of an import under a name."""
    rows = ImportProfile.objects.filter(owner=user)
    profile = ImportProfile(kind=run.kind, owner=user, created_by=user)
    _take(user, profile, {"name": "", "shared": False, **data})
    if rows.count() >= MAX_OWN:
        raise InvalidInput({"name": [_("At most %d profiles of your own.") % MAX_OWN]})
    _copy(run, profile)
    with transaction.atomic():
        profile.save(force_insert=True)
        run.profile = profile
        run.save(update_fields=["profile"])
    return profile


def change_profile(
    user: Any, pk: int, data: Mapping[str, Any], run: Import | None = None
) -> ImportProfile:
    """Rename, share or renew a profile; a shared one also by who keeps the settings."""
    with transaction.atomic():
        profile = _changeable(user, pk)
        _take(user, profile, data)
        if run is not None and run.kind != profile.kind:
            raise InvalidInput({"import": [_("Choose one from the list.")]})
        if run is not None:
            _copy(run, profile)
        profile.version += 1
        profile.modified_at = clock.now()
        profile.save()
    return profile


def delete_profile(user: Any, pk: int) -> None:
    """Delete a profile; imports that used it stay as they are."""
    with transaction.atomic():
        _changeable(user, pk).delete()


def shown(profile: ImportProfile, user: Any) -> Json:
    """Return a profile as JSON."""
    return {
        "id": profile.pk,
        "kind": profile.kind,
        "name": profile.name,
        "mine": profile.owner_id == user.pk,
        "shared": profile.is_shared,
        "can_change": _may_change(user, profile),
        "columns": profile.columns,
        "settings": profile.settings,
        "version": profile.version,
    }


def _headers(run: Import) -> list[str]:
    """Return the words of the headers, without the reasons that an error file has behind them."""
    headers = [plain(one["header"]) for one in run.columns]
    return headers[:-1] if headers and headers[-1] in REASONS else headers


def _copy(run: Import, profile: ImportProfile) -> None:
    profile.columns = [
        {"header": column["header"], "field": one["field"], "options": one["options"]}
        for column, one in zip(run.columns, run.mapping, strict=True)
        if one["field"] is not None and column["header"]
    ]
    profile.settings = {key: one for key, one in run.settings.items() if key != "project"}


def _fits(profile: ImportProfile, headers: set[str]) -> bool:
    wanted = {plain(one["header"]) for one in profile.columns}
    return bool(wanted) and wanted <= headers


def _changeable(user: Any, pk: int) -> ImportProfile:
    rows = profiles_of(user).select_for_update(of=("self",))
    found: ImportProfile | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible("No such profile")
    if not _may_change(user, found):
        raise Refused(_("You may not do this."), verb="change", kind="import_profile")
    return found


def _may_change(user: Any, profile: ImportProfile) -> bool:
    if profile.owner_id == user.pk:
        return True
    return profile.is_shared and access_of(user).has_key(MANAGE_SETTINGS)


def _take(user: Any, profile: ImportProfile, data: Mapping[str, Any]) -> None:
    if "name" in data:
        name = data["name"]
        if not isinstance(name, str) or not name.strip():
            raise InvalidInput({"name": [_("This field is required.")]})
        if len(name.strip()) > MAX_NAME:
            values = {"limit": MAX_NAME, "count": len(name.strip())}
            raise InvalidInput(
                {"name": [_("At most %(limit)d characters, not %(count)d.") % values]}
            )
        profile.name = name.strip()
    if "shared" in data:
        if not isinstance(data["shared"], bool):
            raise InvalidInput({"shared": [_("Yes or no is expected.")]})
        if data["shared"] and not access_of(user).enters_crm:
            raise Refused(_("You may not do this."), verb="share", kind="import_profile")
        profile.is_shared = data["shared"]
