"""Calculate a formula over the values of a record: Decimal numbers, texts, days, yes and no."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Context, Decimal, DecimalException, Overflow, localcontext
from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.kernel.formula.functions import (
    LENIENT,
    STRICT,
    ValueRefused,
    bounded,
    day,
    flag,
    named,
    number,
    text,
)
from taiga_crm.kernel.formula.parsing import FormulaFault, Node, parse

CONTEXT = Context(prec=28, Emax=40, Emin=-40)
MAX_NUMBER = Decimal(10) ** 14 - 1
Values = Mapping[str, Any]


def calculate(formula: str, values: Values) -> Any:
    """Return the value of a formula; FormulaFault with the position where it has none.

    Numbers are Decimal or int, never float. Nothing in a sum or a product makes it nothing.
    """
    with localcontext(CONTEXT):
        return _value(parse(formula), values)


def _value(node: Node, values: Values) -> Any:
    try:
        return _WHAT[node.what](node, values)
    except DecimalException as error:
        raise FormulaFault(_arithmetic(error), node.position) from error
    except ValueRefused as error:
        raise FormulaFault(str(error), node.position) from error


def _arithmetic(error: DecimalException) -> str:
    if isinstance(error, ZeroDivisionError):
        return _("Division by zero.")
    if isinstance(error, Overflow):
        return _("The number is too large.")
    return _("This cannot be calculated.")


def _literal(node: Node, values: Values) -> Any:
    return node.value


def _named(node: Node, values: Values) -> Any:
    name = str(node.value)
    if name not in values:
        raise FormulaFault(_("There is no field “%s”.") % name, node.position)
    found = values[name]
    if isinstance(found, int) and not isinstance(found, bool):
        return Decimal(found)
    return None if found == "" else found


def _minus(node: Node, values: Values) -> Any:
    found = _value(node.parts[0], values)
    return None if found is None else -number(found)


def _not(node: Node, values: Values) -> Any:
    return not flag(_value(node.parts[0], values))


def _and(node: Node, values: Values) -> Any:
    return flag(_value(node.parts[0], values)) and flag(_value(node.parts[1], values))


def _or(node: Node, values: Values) -> Any:
    return flag(_value(node.parts[0], values)) or flag(_value(node.parts[1], values))


def _call(node: Node, values: Values) -> Any:
    name = str(node.value)
    if name == "if":
        return _if(node, values)
    if name == "coalesce":
        found = (_value(part, values) for part in node.parts)
        return next((one for one in found if one not in (None, "")), None)
    given = [_value(part, values) for part in node.parts]
    if name in STRICT:
        return None if None in given else STRICT[name][2](*given)
    return LENIENT[name][2](*given)


def _if(node: Node, values: Values) -> Any:
    condition, *branches = node.parts
    if flag(_value(condition, values)):
        return _value(branches[0], values)
    return _value(branches[1], values) if len(branches) > 1 else None


def _both(node: Node, values: Values) -> tuple[Any, Any]:
    return _value(node.parts[0], values), _value(node.parts[1], values)


def _joined(node: Node, values: Values) -> Any:
    left, right = _both(node, values)
    return bounded(text(left) + text(right))


def _calculated(run: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Node, Values], Any]:
    def calculated(node: Node, values: Values) -> Any:
        left, right = _both(node, values)
        if left is None or right is None:
            return None
        return run(number(left), number(right))

    return calculated


def _compared(run: Callable[[Any, Any], bool]) -> Callable[[Node, Values], Any]:
    def compared(node: Node, values: Values) -> Any:
        left, right = _both(node, values)
        if left is None or right is None:
            return False
        return run(*_comparable(left, right))

    return compared


def _same(node: Node, values: Values) -> bool:
    left, right = _both(node, values)
    if left in (None, "") or right in (None, ""):
        return left in (None, "") and right in (None, "")
    return bool(_comparable(left, right)[0] == _comparable(left, right)[1])


def _comparable(left: Any, right: Any) -> tuple[Any, Any]:
    """Return both as the same kind: a day written as text compares with a date."""
    if isinstance(left, datetime.date) or isinstance(right, datetime.date):
        return _day(left), _day(right)
    for kind in (bool, Decimal, str):
        if isinstance(left, kind) and isinstance(right, kind):
            return left, right
    kinds = {"left": named(left), "right": named(right)}
    raise ValueRefused(_("%(left)s cannot be compared with %(right)s.") % kinds)


def _day(value: Any) -> datetime.date:
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError as error:
            raise ValueRefused(_("A date like 2026-01-31 is expected.")) from error
    return day(value)


_WHAT: dict[str, Callable[[Node, Values], Any]] = {
    "value": _literal,
    "name": _named,
    "minus": _minus,
    "not": _not,
    "and": _and,
    "or": _or,
    "call": _call,
    "&": _joined,
    "+": _calculated(lambda left, right: left + right),
    "-": _calculated(lambda left, right: left - right),
    "*": _calculated(lambda left, right: left * right),
    "/": _calculated(lambda left, right: left / right),
    "%": _calculated(lambda left, right: left % right),
    "=": _same,
    "!=": lambda node, values: not _same(node, values),
    "<": _compared(lambda left, right: left < right),
    "<=": _compared(lambda left, right: left <= right),
    ">": _compared(lambda left, right: left > right),
    ">=": _compared(lambda left, right: left >= right),
}
