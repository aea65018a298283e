"""Read the cells of an account's row: values the engine takes, and doubts about the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.kernel.errors import InvalidInput
from taiga_crm.kernel.text import folded
from taiga_crm.models import AccountType
from taiga_crm.permissions.decide import rows_for
from taiga_crm.registry.catalog import entity, fields_of
from taiga_crm.registry.countries import country_name
from taiga_crm.registry.kinds import KINDS, ValueFault
from taiga_crm.services.import_columns import Column
from taiga_crm.services.import_names import Reading, read_country, read_name
from taiga_crm.services.import_numbers import read_money, read_whole
from taiga_crm.services.import_report import RowReport

SEVERAL = re.compile(r"[;,|\n]")
DEFAULT_CURRENCY = "USD"


class CellReader:
    """Reads cells for one import; the dictionaries are loaded once."""

    def __init__(self, actor: Any, currency: str = DEFAULT_CURRENCY) -> None:
        self.currency = currency
        industries = rows_for(entity("industry"), actor)
        self.industries = _names(industries)
        self.industry_labels = {str(pk): name for pk, name in industries.values_list("pk", "name")}
        self.types = _names(_one_name(rows_for(entity("account_type"), actor)))
        self.default_type = _default_type()
        self._readings: dict[tuple[str, str], Reading] = {}

    def read(self, column: Column, text: str, report: RowReport) -> Any:
        """Return the value as the API would take it; None with a doubt when there is none."""
        reader: Callable[..., Any] = getattr(self, f"_{column.field}", self._plain)
        try:
            value = reader(column, text, report)
            if value is not None:
                KINDS[_field(column).kind].parse(_field(column), value)
        except ValueFault as fault:
            if column.field == "name":
                report.refuse(column.header, text, str(fault))
            else:
                report.doubt(column.header, text, _("%s The value was left out.") % fault)
            return None
        return value

    def _plain(self, column: Column, text: str, report: RowReport) -> Any:
        return text

    def _country(self, column: Column, text: str, report: RowReport) -> str | None:
        reading = self._reading("country", text, lambda: read_country(text))
        if reading.value is None:
            proposal = f"{country_name(reading.proposal)} ({reading.proposal})"
            report.doubt(
                column.header, text, _left_out(_("This country is not known."), reading, proposal)
            )
        elif not reading.is_sure:
            name = {"name": country_name(reading.value), "code": reading.value}
            report.doubt(column.header, text, _("Read as %(name)s (%(code)s).") % name)
        return reading.value

    def _industry(self, column: Column, text: str, report: RowReport) -> int | None:
        reading = self._reading("industry", text, lambda: read_name(text, self.industries))
        label = self.industry_labels.get(reading.value or reading.proposal, "")
        if reading.value is None:
            report.doubt(
                column.header, text, _left_out(_("This industry is not known."), reading, label)
            )
            return None
        if not reading.is_sure:
            report.doubt(column.header, text, _("Read as %s.") % label)
        return int(reading.value)

    def _type(self, column: Column, text: str, report: RowReport) -> int | None:
        found = self.types.get(folded(text))
        if found is None:
            report.doubt(column.header, text, _("This is no account type with one name field."))
            return None
        return int(found)

    def _annual_revenue(self, column: Column, text: str, report: RowReport) -> Any:
        currency = column.currency or self.currency
        try:
            amount, currency = read_money(text, column.scale, currency)
        except ValueError as error:
            raise ValueFault(_("A number is expected.")) from error
        return {"amount": str(amount), "currency": currency}

    def _employees(self, column: Column, text: str, report: RowReport) -> int:
        try:
            return read_whole(text)
        except ValueError as error:
            raise ValueFault(_("A whole number is expected.")) from error

    _founded_year = _employees

    def _emails(self, column: Column, text: str, report: RowReport) -> list[str]:
        return [part.strip() for part in SEVERAL.split(text) if part.strip()]

    _phones = _emails

    def _reading(self, kind: str, text: str, read: Callable[[], Reading]) -> Reading:
        """Compare a misspelled text with all names once, however many rows repeat it."""
        if (kind, text) not in self._readings:
            self._readings[kind, text] = read()
        return self._readings[kind, text]


def _field(column: Column) -> Any:
    name = "first_name" if column.field == "name" else column.field
    return fields_of("account")[name]


def _left_out(reason: str, reading: Reading, proposal: str) -> str:
    asked = " " + _("Did you mean %s?") % proposal if reading.proposal else ""
    return _("%s The value was left out.") % f"{reason}{asked}"


def _names(rows: Any) -> dict[str, str]:
    return {folded(name): str(pk) for pk, name in rows.values_list("pk", "name")}


def _one_name(types: Any) -> Any:
    return types.filter(has_first_name=True, has_last_name=False)


def _default_type() -> int:
    """Return the type of new accounts: Company, else the first with one name field."""
    types = _one_name(AccountType.objects).order_by("position", "pk")
    rows = list(types.values_list("pk", "name"))
    if not rows:
        raise InvalidInput({"file": [_("There is no account type with a single name field.")]})
    return int(next((pk for pk, name in rows if name == "Company"), rows[0][0]))
