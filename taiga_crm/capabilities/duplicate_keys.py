"""Keys by which duplicates are found: computed on every write, kept in indexed columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from taiga_crm.conf import conf
from taiga_crm.kernel.domains import domain_key
from taiga_crm.kernel.text import company_key, email_key, number_key, person_key, phone_key
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.entity import Entity, Same

KEYS: dict[str, Callable[[str], str]] = {
    "company": company_key,
    "person": person_key,
    "number": number_key,
    "domain": domain_key,
    "email": email_key,
    "phone": lambda number: phone_key(number, conf().default_region),
}


def keys_of(same: Same, texts: Iterable[str]) -> list[str]:
    """Return the keys of texts that were typed, each once."""
    found = (KEYS[same.how](text) for text in texts if text and text.strip())
    return [key for key in dict.fromkeys(found) if key.strip("@")]


def fill_keys(entity: Entity, record: Any, channels: Mapping[str, list[dict[str, Any]]]) -> None:
    """Write the keys of a record onto it; `channels` are its e-mails and phones by field."""
    for same in entity.duplicate_by:
        if not same.column:
            continue
        column: Any = entity.model._meta.get_field(same.column)
        key = next(iter(keys_of(same, texts_of(entity, same, record, channels))), "")
        setattr(record, same.column, key[: column.max_length])


def texts_of(
    entity: Entity, same: Same, record: Any, channels: Mapping[str, list[dict[str, Any]]]
) -> list[str]:
    """Return what a record has for one comparison, the most telling first."""
    fields = fields_for(entity, None)
    names = same.inputs if same.how == "domain" else (same.field,)
    texts: list[str] = []
    for name in names:
        if fields[name].kind in ("emails", "phones"):
            texts += [row["value"] for row in channels.get(name, [])]
        else:
            texts.append(str(getattr(record, fields[name].path) or ""))
    return texts
