"""Cells of CSV files: no spreadsheet runs one as a formula, and every text comes back whole."""

from __future__ import annotations

from collections.abc import Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
QUOTE = "'"


def safe_cell(text: str) -> str:
    """Return the text so that no spreadsheet runs it: a quote before a formula's first sign."""
    return QUOTE + text if runs(text.lstrip(QUOTE)) else text


def safe_cells(texts: Sequence[str]) -> list[str]:
    """Return many texts so; most begin with a letter or a digit and cost next to nothing."""
    return [text if text[:1].isalnum() or not text else safe_cell(text) for text in texts]


def plain_cell(text: str) -> str:
    """Return what was typed: without the quote that safe_cell, or a spreadsheet, has put there."""
    return text[1:] if text.startswith(QUOTE) and runs(text.lstrip(QUOTE)) else text


def runs(text: str) -> bool:
    """Say whether a spreadsheet would take the text for a formula."""
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
