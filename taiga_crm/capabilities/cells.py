"""Cells of CSV files: no spreadsheet runs one as a formula, and every text comes back whole."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
QUOTE = "'"


def safe_cell(text: str) -> str:
    """Return the text so that no spreadsheet runs it: a quote before a formula's first sign."""
    return QUOTE + text if _runs(text.lstrip(QUOTE)) else text


def plain_cell(text: str) -> str:
    """Return what was typed: without the quote that safe_cell, or a spreadsheet, has put there."""
    return text[1:] if text.startswith(QUOTE) and _runs(text.lstrip(QUOTE)) else text


def _runs(text: str) -> bool:
    return text.startswith(FORMULA_STARTS) or text.lstrip().startswith(FORMULA_STARTS)
