"""Read a formula into a tree: numbers, texts, names, operators and known functions only.

Nothing in the language reaches an attribute, an item or a function of Python. Length, depth and
number of parts are bounded, so reading and calculating are too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import gettext as _

from taiga_crm.kernel.formula.functions import ARITIES

MAX_LENGTH = 2_000
MAX_PARTS = 300
MAX_DEPTH = 30
TOKEN = re.compile(
    r"\s+|(?P<number>\d{1,20}(?:\.\d{1,20})?)"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]{0,62})"
    r"|(?P<sign><=|>=|<>|!=|==|[-+*/%&=<>(),])",
    re.DOTALL,
)
LEVELS = {
    "or": 1, "and": 2, "=": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "&": 5, "+": 6, "-": 6, "*": 7, "/": 7, "%": 7,
}  # fmt: skip
NOT_LEVEL, MINUS_LEVEL = 3, 8
SAME = {"==": "=", "<>": "!="}
CONSTANTS = {"true": True, "false": False, "null": None}
WORDS = frozenset({"and", "or", "not"})


class FormulaFault(ValueError):
    """What is wrong with a formula, and where: `position` counts characters from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


@dataclass(frozen=True)
class Node:
    """One part: a "value", a "name", or an operation or function with its arguments."""

    what: str
    position: int
    value: object = None
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Token:
    """One word or sign, and where it begins."""

    kind: str
    text: str
    position: int


@lru_cache(maxsize=500)
def parse(text: str) -> Node:
    """Return the tree of a formula; FormulaFault for whatever the language does not have."""
    if len(text) > MAX_LENGTH:
        raise FormulaFault(_("A formula has at most %d characters.") % MAX_LENGTH, MAX_LENGTH)
    return _Reader(list(_tokens(text)), len(text)).whole()


@lru_cache(maxsize=500)
def names_in(text: str) -> frozenset[str]:
    """Return the names of the fields that a formula reads."""
    return frozenset(str(node.value) for node in walk(parse(text)) if node.what == "name")


def walk(node: Node) -> Iterator[Node]:
    """Yield a part and everything inside it."""
    yield node
    for part in node.parts:
        yield from walk(part)


def _tokens(text: str) -> Iterator[Token]:
    place = 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            raise FormulaFault(_("“%s” cannot stand here.") % text[place], place)
        if found.lastgroup:
            yield Token(found.lastgroup, found.group(), place)
        place = found.end()


class _Reader:
    """Climbs the levels of the operators; each nested part is one step deeper."""

    def __init__(self, tokens: list[Token], length: int) -> None:
        self.tokens = tokens
        self.end = Token("end", "", length)
        self.place = 0
        self.depth = 0
        self.parts = 0

    def whole(self) -> Node:
        node = self.expression(0)
        if self.next.kind != "end":
            raise self.unexpected(self.next)
        return node

    @property
    def next(self) -> Token:
        return self.tokens[self.place] if self.place < len(self.tokens) else self.end

    def take(self) -> Token:
        token = self.next
        self.place += 1
        return token

    def expect(self, sign: str) -> None:
        if self.next.text != sign or self.next.kind != "sign":
            raise FormulaFault(_("“%s” is missing.") % sign, self.next.position)
        self.take()

    def expression(self, level: int) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FormulaFault(_("The formula is nested too deeply."), self.next.position)
        left = self.operand()
        while (sign := self.operator()) and LEVELS[sign] > level:
            token = self.take()
            right = self.expression(LEVELS[sign])
            left = self.node(sign, token, (left, right))
        self.depth -= 1
        return left

    def operator(self) -> str:
        """Return the operator that comes next, "" for anything else."""
        token = self.next
        text = SAME.get(token.text, token.text.lower())
        return text if token.kind in ("sign", "name") and text in LEVELS else ""

    def operand(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self.node("value", token, value=Decimal(token.text))
        if token.kind == "text":
            return self.node("value", token, value=re.sub(r"(?s)\\(.)", r"\1", token.text[1:-1]))
        if token.text == "(" and token.kind == "sign":
            inner = self.expression(0)
            self.expect(")")
            return inner
        if token.text == "-" and token.kind == "sign":
            return self.node("minus", token, (self.expression(MINUS_LEVEL),))
        if token.kind == "name":
            return self.named(token)
        raise self.unexpected(token)

    def named(self, token: Token) -> Node:
        word = token.text.lower()
        if word == "not":
            return self.node("not", token, (self.expression(NOT_LEVEL),))
        if word in WORDS:
            raise self.unexpected(token)
        if self.next.text == "(" and self.next.kind == "sign":
            return self.call(token, word)
        if word in CONSTANTS:
            return self.node("value", token, value=CONSTANTS[word])
        return self.node("name", token, value=token.text)

    def call(self, token: Token, word: str) -> Node:
        if word not in ARITIES:
            raise FormulaFault(_("There is no function “%s”.") % token.text, token.position)
        self.take()
        parts: list[Node] = []
        while not (self.next.text == ")" and self.next.kind == "sign"):
            if parts:
                self.expect(",")
            parts.append(self.expression(0))
        self.take()
        low, high = ARITIES[word]
        if not low <= len(parts) <= high:
            raise FormulaFault(_counted(word, low, high), token.position)
        return self.node("call", token, tuple(parts), word)

    def node(
        self, what: str, token: Token, parts: tuple[Node, ...] = (), value: object = None
    ) -> Node:
        self.parts += 1
        if self.parts > MAX_PARTS:
            message = _("A formula has at most %d parts.") % MAX_PARTS
            raise FormulaFault(message, token.position)
        return Node(what, token.position, value, parts)

    def unexpected(self, token: Token) -> FormulaFault:
        if token.kind == "end":
            return FormulaFault(_("The formula ends too early."), token.position)
        return FormulaFault(_("“%s” cannot stand here.") % token.text[:40], token.position)


def _counted(word: str, low: int, high: int) -> str:
    if low == high:
        return _("%(name)s() takes %(count)d values.") % {"name": word, "count": low}
    bounds = {"name": word, "low": low, "high": high}
    return _("%(name)s() takes %(low)d to %(high)d values.") % bounds
