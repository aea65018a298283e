"""Find the record of a card: by UID, then e-mail, phone, name; never one nobody may see."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.channels import channel_key
from taiga_crm.capabilities.vcard_cards import Card
from taiga_crm.capabilities.vcard_reading import names_of, text_of
from taiga_crm.capabilities.vcard_uid import id_of_uid
from taiga_crm.capabilities.vcard_writing import value_of
from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.kernel.text import company_key, folded
from taiga_crm.models import AccountType, VcardKept
from taiga_crm.permissions.decide import rows_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entity
from taiga_crm.registry.entity import Field
from taiga_crm.registry.kinds import ValueFault
from taiga_crm.registry.written_names import read_country

KINDS = ("contact", "account")
Index = dict[str, list[int]]


class Matching:
    """Looks everything up once for all cards, and learns what is written meanwhile."""

    def __init__(self, actor: Any, cards: list[Card]) -> None:
        self.actor = actor
        self.was_by_uid = False
        self._uids: dict[str, Index] = {kind: defaultdict(list) for kind in KINDS}
        self._keys: dict[tuple[str, str], Index] = {}
        self._names: dict[tuple[str, int | None], list[int]] = defaultdict(list)
        self._companies: Index = defaultdict(list)
        self._labels: dict[int, str] = {}
        self._links: dict[str, dict[str, int]] = {}
        self._types: dict[str, int] = {}
        self._read_uids(cards)
        self._read_channels(cards)
        self._read_contacts(cards)
        self._read_companies(cards)

    def find(self, kind: str, card: Card, values: dict[str, Any]) -> Any:
        """Return the record of a card, None for a new one; InvalidInput when there are several."""
        found = self._by_uid(kind, card)
        self.was_by_uid = bool(found)
        if not found and kind == "account":
            found = self._companies.get(company_key(values["first_name"]), [])
        if not found:
            found = self._by_channels(kind, values)
        if not found and kind == "contact":
            found = self._by_name(values)
        if len(found) > 1:
            raise InvalidInput({"": [_("%d records match this card: merge them first.")
                                     % len(found)]})  # fmt: skip
        if not found:
            return None
        return rows_for(entity(kind), self.actor).filter(pk=found[0]).first()

    def remember(self, kind: str, record: Any, card: Card, values: dict[str, Any]) -> None:
        """Learn a record that was just written."""
        uid = card.text("UID")
        if uid and record.pk not in self._uids[kind][uid]:
            self._uids[kind][uid].append(record.pk)
        for name in ("emails", "phones"):
            spec = entity_field(kind, name, self.actor)
            for row in values.get(name, ()):
                assert spec is not None  # a field that is hidden gives no values
                ids = self._keys[kind, name].setdefault(channel_key(spec, row["value"]), [])
                if record.pk not in ids:
                    ids.append(record.pk)
        if kind == "account":
            self.add_account(record)
        elif record.pk not in self._names[folded(record.name), record.account_id]:
            self._names[folded(record.name), record.account_id].append(record.pk)

    def add_account(self, account: Any) -> None:
        """Learn an account that was just made."""
        self._labels[account.pk] = account.name
        if account.pk not in self._companies[company_key(account.name)]:
            self._companies[company_key(account.name)].append(account.pk)

    def forget_account(self, pk: int) -> None:
        """Unlearn an account that was taken back."""
        ids = self._companies[company_key(self._labels.pop(pk))]
        ids.remove(pk)

    def accounts_named(self, name: str) -> list[int]:
        """Return the visible accounts of a company's name, whatever its legal form."""
        return self._companies.get(company_key(name), [])

    def account_name(self, pk: int) -> str | None:
        """Return the name of an account that a card was linked with."""
        if pk not in self._labels:
            names = rows_for(entity("account"), self.actor).filter(pk=pk)
            self._labels[pk] = names.values_list("name", flat=True).first() or ""
        return self._labels[pk] or None

    def default_type(self, kind: str) -> int:
        """Return the type of a new record: a company with one name, an employee."""
        if kind not in self._types:
            rows = rows_for(entity(f"{kind}_type"), self.actor)
            if kind == "account":
                rows = rows.filter(has_first_name=True, has_last_name=False)
            pks = list(rows.order_by("position", "pk").values_list("pk", flat=True)[:1])
            company = AccountType.objects.filter(
                name="Company", has_first_name=True, has_last_name=False
            ).values_list("pk", flat=True)
            pks = [*company, *pks] if kind == "account" else pks
            if not pks:
                raise InvalidInput({"type": [_("There is no type for new records.")]})
            self._types[kind] = pks[0]
        return self._types[kind]

    def joined(self, kind: str, record: Any, name: str, rows: list[dict[str, Any]]) -> list[Any]:
        """Return the stored addresses and the new ones after them; the primary one stays."""
        spec = entity_field(kind, name, self.actor)
        assert spec is not None
        stored = list(getattr(record, spec.path).all())
        kept = [{"value": r.value, "type": r.type, "is_primary": r.is_primary} for r in stored]
        known = {row.key for row in stored}
        return kept + [row for row in rows if channel_key(spec, row["value"]) not in known]

    def resolve(self, spec: Field, text: str) -> Any:
        """Return a value as the API takes it; None leaves the field alone."""
        if spec.kind == "country":
            return read_country(text).value
        if spec.kind == "choice":
            wanted = folded(text)
            return next((c.value for c in spec.choices
                         if wanted in (folded(c.value), folded(str(c.label)))), None)  # fmt: skip
        if spec.kind == "boolean":
            return {"yes": True, "true": True, "no": False, "false": False}.get(folded(text))
        if spec.kind == "money":
            amount, _blank, currency = text.partition(" ")
            return {"amount": amount, "currency": currency}
        if spec.kind == "link":
            return self._linked(spec, text)
        if spec.max_length and len(text) > spec.max_length:
            raise ValueFault(_("At most %(limit)d characters, not %(count)d.")
                             % {"limit": spec.max_length, "count": len(text)})  # fmt: skip
        return text

    def _linked(self, spec: Field, text: str) -> int | None:
        """Return a row of a dictionary by its name; accounts are found by their own rule."""
        target = spec.target or "user"
        if target in ("user", "project", "account", "contact"):
            return None
        if target not in self._links:
            rows = rows_for(entity(target), self.actor).values_list("name", "pk")[:5_000]
            self._links[target] = {folded(name): pk for name, pk in rows}
        return self._links[target].get(folded(text))

    def _by_uid(self, kind: str, card: Card) -> list[int]:
        uid = card.text("UID")
        return self._uids[kind].get(uid, []) if uid else []

    def _by_channels(self, kind: str, values: dict[str, Any]) -> list[int]:
        """Several people may share a number: then the one of the same name is meant."""
        for name in ("emails", "phones"):
            spec = entity_field(kind, name, self.actor)
            keys = {channel_key(spec, row["value"]) for row in values.get(name, ())} if spec else ()
            found = list(dict.fromkeys(
                pk for key in keys for pk in self._keys[kind, name].get(key, ())
            ))  # fmt: skip
            if len(found) > 1 or (found and name == "phones"):
                same = [pk for pk in found if self._is_named(kind, pk, values)]
                found = same if same or name == "phones" else found
            if found:
                return found
        return []

    def _is_named(self, kind: str, pk: int, values: dict[str, Any]) -> bool:
        name = rows_for(entity(kind), self.actor).filter(pk=pk).values_list("name", flat=True)
        return folded(name.first() or "") == folded(_full(values))

    def _by_name(self, values: dict[str, Any]) -> list[int]:
        """A name alone is enough in one account, as long as the e-mails do not contradict it."""
        found = self._names.get((folded(_full(values)), values.get("account")), [])
        if not values.get("emails"):
            return found
        rows = rows_for(entity("contact"), self.actor).filter(pk__in=found, emails__isnull=True)
        return list(rows.values_list("pk", flat=True))

    def _read_uids(self, cards: list[Card]) -> None:
        uids = {card.text("UID")[:255] for card in cards} - {""}
        for kind in KINDS:
            visible = rows_for(entity(kind), self.actor)
            own = {id_of_uid(kind, uid): uid for uid in uids}
            known = set(visible.filter(pk__in=set(own) - {None}).values_list("pk", flat=True))
            for pk in known:
                self._uids[kind][own[pk]].append(pk)
            rows = VcardKept.objects.filter(kind=kind, uid__in=uids)
            rows = rows.filter(object_id__in=visible.values("pk"))
            for uid, pk in rows.values_list("uid", "object_id"):
                if pk not in self._uids[kind][uid]:
                    self._uids[kind][uid].append(pk)

    def _read_channels(self, cards: list[Card]) -> None:
        for kind in KINDS:
            visible = rows_for(entity(kind), self.actor)
            for name, prop in (("emails", "EMAIL"), ("phones", "TEL")):
                index: Index = {}
                self._keys[kind, name] = index
                spec = entity_field(kind, name, self.actor)
                if spec is None:
                    continue
                lines = (line for card in cards for line in card.all(prop))
                keys = {channel_key(spec, value_of(line)) for line in lines}
                relation: Any = entity(kind).model._meta.get_field(spec.path)
                owner = f"{relation.field.name}_id"
                rows = relation.related_model.objects.filter(
                    **{"key__in": keys, f"{owner}__in": visible.values("pk")}
                )
                for key, pk in rows.order_by("pk").values_list("key", owner):
                    index.setdefault(key, []).append(pk)

    def _read_contacts(self, cards: list[Card]) -> None:
        names = {" ".join(part for part in names_of(card) if part)[:255] for card in cards}
        rows = rows_for(entity("contact"), self.actor).filter(name__in=names)
        for pk, name, account in rows.order_by("pk").values_list("pk", "name", "account_id"):
            self._names[folded(name), account].append(pk)

    def _read_companies(self, cards: list[Card]) -> None:
        wanted = {text_of(card, "ORG.name") or card.text("FN") for card in cards}
        keys = {company_key(name) for name in wanted if name}
        if not keys:
            return
        rows = rows_for(entity("account"), self.actor).order_by("pk").values_list("pk", "name")
        for pk, name in rows.iterator(chunk_size=10_000):
            key = company_key(name)
            if key in keys:
                self._companies[key].append(pk)
                self._labels[pk] = name


def entity_field(kind: str, name: str, actor: Any) -> Field | None:
    """Return a field the person may see."""
    return fields_for(entity(kind), actor).get(name)


def _full(values: dict[str, Any]) -> str:
    return f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
