"""Read the cells of a row: the values its fields store, and doubts about the rest."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.capabilities.draft import CHANNELS
from taiga_crm.capabilities.import_channels import parts_of, read_cell
from taiga_crm.capabilities.import_mapping import Column
from taiga_crm.capabilities.import_rows import Row
from taiga_crm.capabilities.import_targets import CURRENCY, ID
from taiga_crm.capabilities.import_texts import (
    is_nothing,
    one_line,
    several_lines,
    whole_number,
)
from taiga_crm.capabilities.plain_edit import parse_value
from taiga_crm.capabilities.tables import Figure
from taiga_crm.kernel.text import folded
from taiga_crm.kernel.written_dates import read_clock, read_day, read_zone
from taiga_crm.kernel.written_numbers import read_amount, read_money, read_whole
from taiga_crm.registry.countries import country_name
from taiga_crm.registry.entity import Field
from taiga_crm.registry.kinds import ValueFault
from taiga_crm.registry.kinds_numbers import CURRENCY as CURRENCY_CODE
from taiga_crm.registry.written_names import closest, read_country
from taiga_crm.registry.written_values import options_of, read_flag

MAX_KEPT = 20_000
DEFAULT_CURRENCY = "USD"
REPEATED = frozenset({"country", "choice", "boolean", "date", "integer", "tags"})
Doubt = str


class Reader:
    """Reads rows for one import; what repeats is read once."""

    def __init__(
        self, columns: list[Column], currency: str, names: Collection[str], *, clear: bool
    ) -> None:
        self.columns, self.clear = columns, clear
        self.names = names  # a person may be called Null
        self.currency = currency or DEFAULT_CURRENCY
        self.currency_of = {
            one.target.name.removesuffix(CURRENCY): one.position
            for one in columns
            if one.target.name.endswith(CURRENCY)
        }
        self._kept: dict[tuple[int, str], tuple[Any, Doubt]] = {}
        self._readers: dict[str, Callable[..., tuple[Any, Doubt]]] = {
            "country": _country, "choice": _choice, "boolean": _flag, "date": _day,
            "datetime": _moment, "integer": _whole, "decimal": _decimal, "tags": _tags,
        }  # fmt: skip

    def read(self, row: Row, cells: tuple[str, ...]) -> None:
        """Put what the cells say on the row."""
        width = len(cells)
        for column in self.columns:
            text = cells[column.position] if column.position < width else ""
            if text and not self._says_nothing(column, text):
                self._take(row, column, text, cells)
            elif self.clear:
                self._empty(row, column)

    def _says_nothing(self, column: Column, text: str) -> bool:
        return is_nothing(column.target.kind, text) and column.target.name not in self.names

    def _take(self, row: Row, column: Column, text: str, cells: tuple[str, ...]) -> None:
        target = column.target
        if target.field is None or target.kind in ("link", "links"):
            self._wait(row, column, text)
            return
        if target.name.endswith(CURRENCY):
            return
        if target.kind in CHANNELS:
            self._take_several(row, column, text)
            return
        try:
            value, doubt = self._value(column, text, cells)
        except ValueFault as fault:
            row.leave_out(column.header, text, str(fault))
            return
        if doubt and value is None:
            row.leave_out(column.header, text, doubt)
            return
        if doubt:
            row.doubt(column.header, text, doubt)
        known = row.values.get(target.name)
        row.values[target.name] = [*known, *value] if target.several and known else value

    def _take_several(self, row: Row, column: Column, text: str) -> None:
        """Take the addresses or numbers of a cell."""
        field = column.target.field
        assert field is not None, "asked before"
        cell = read_cell(field, text, column.type)
        for written, fault in cell.faults:
            row.leave_out(column.header, written, fault)
        for written, doubt in cell.doubts:
            row.doubt(column.header, written, doubt)
        if cell.rows:
            row.values[field.name] = [*row.values.get(field.name, ()), *cell.rows]
            row.typed.setdefault(field.name, {}).update(cell.typed)

    def _wait(self, row: Row, column: Column, text: str) -> None:
        """Leave whole names, our numbers and links to those who see the whole chunk."""
        if column.target.name == ID and not (
            text.isascii() and text.lstrip("#").isdigit() and len(text) < 19
        ):
            row.refuse(column.header, text, _("A whole number is expected."))
        elif column.target.several:
            row.parts.setdefault(column.target.name, []).extend(
                (column, part) for part in parts_of(text)
            )
        else:
            row.parts[column.target.name] = (column, text)

    def _empty(self, row: Row, column: Column) -> None:
        field = column.target.field
        if field is None or column.target.name.endswith(CURRENCY):
            return
        if column.target.several:
            row.values.setdefault(field.name, [])
        else:
            row.values[field.name] = parse_value(field, None)

    def _value(self, column: Column, text: str, cells: tuple[str, ...]) -> tuple[Any, Doubt]:
        field, kind = column.target.field, column.target.kind
        assert field is not None, "asked before"
        if kind == "money":
            return self._money(column, field, text, cells), ""
        if kind not in REPEATED:
            return self._read(column, field, text)
        known = self._kept.get((column.position, text))
        if known is None or isinstance(text, Figure):
            known = self._read(column, field, text)
            if len(self._kept) < MAX_KEPT:
                self._kept[column.position, text] = known
        return known

    def _read(self, column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
        reader = self._readers.get(field.kind)
        if reader is None:
            return _text(column, field, text)
        raw, doubt = reader(column, field, text)
        return (None if raw is None else parse_value(field, raw)), doubt

    def _money(self, column: Column, field: Field, text: str, cells: tuple[str, ...]) -> Any:
        place = self.currency_of.get(field.name)
        beside = cells[place].strip().upper() if place is not None and place < len(cells) else ""
        currency = beside if CURRENCY_CODE.fullmatch(beside) else column.currency or self.currency
        try:
            point = "." if isinstance(text, Figure) else column.decimal
            amount, currency = read_money(text, column.scale, currency, point)
        except ValueError as error:
            raise ValueFault(_("A number is expected.")) from error
        return parse_value(field, {"amount": str(amount), "currency": currency})


def left_out(reason: str, proposal: str) -> str:
    """Return a reason with what was probably meant."""
    return reason + " " + _("Did you mean %s?") % proposal if proposal else reason


def _text(column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
    if field.kind == "text":
        plain, doubt = whole_number(one_line(text))
        return parse_value(field, str(plain)), doubt
    return parse_value(field, several_lines(str(text))), ""


def _country(column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
    reading = read_country(text)
    if reading.value is None:
        code = reading.proposal
        proposal = f"{country_name(code)} ({code})" if code else ""
        return None, left_out(_("This country is not known."), proposal)
    if reading.is_sure:
        return reading.value, ""
    values = {"name": country_name(reading.value), "code": reading.value}
    return reading.value, _("Read as %(name)s (%(code)s).") % values


def _choice(column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
    options = options_of(field.choices)
    value = options.get(folded(text))
    if value is not None:
        return value, ""
    labels = {choice.value: str(choice.label) for choice in field.choices}
    reading = closest(folded(text), list(options)[:500])
    meant = options.get(reading.proposal, "")
    if reading.value is not None:
        return meant, _("Read as %s.") % labels[meant]
    return None, left_out(_("This is not one of the choices."), labels.get(meant, ""))


def _tags(column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
    options = options_of(field.choices)
    whole = options.get(folded(text))
    if whole is not None:
        return [whole], ""
    wanted = parts_of(text)
    found = [options[folded(one)] for one in wanted if folded(one) in options]
    if len(found) == len(wanted):
        return found, ""
    unknown = ", ".join(one for one in wanted if folded(one) not in options)
    if not found:
        return None, _("This is not one of the choices.")
    return found, _("“%s” is not one of the choices and was left out.") % unknown[:100]


def _flag(column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
    value = read_flag(text)
    if value is None:
        raise ValueFault(_("Yes or no is expected."))
    return value, ""


def _day(column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
    try:
        found = read_day(text, column.date_order)
    except ValueError as error:
        raise ValueFault(_("A date like 2026-01-31 is expected.")) from error
    iso = found.day.isoformat()
    return iso, "" if found.is_sure else _("Read as %s.") % iso


def _moment(column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
    try:
        found = read_day(text, column.date_order)
        moment = datetime.datetime.combine(found.day, read_clock(text), read_zone(text))
    except (ValueError, OverflowError) as error:
        raise ValueFault(_("A moment like 2026-01-31 14:30 is expected.")) from error
    iso = moment.isoformat()
    return iso, "" if found.is_sure else _("Read as %s.") % iso


def _whole(column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
    try:
        number = read_whole(text, "." if isinstance(text, Figure) else column.decimal)
    except ValueError as error:
        raise ValueFault(_("A whole number is expected.")) from error
    return number * column.scale, ""


def _decimal(column: Column, field: Field, text: str) -> tuple[Any, Doubt]:
    try:
        number = read_amount(text, "." if isinstance(text, Figure) else column.decimal)
        return format(number * column.scale, "f"), ""
    except ValueError as error:
        raise ValueFault(_("A number is expected.")) from error
