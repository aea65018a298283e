"""Snapshots: generated texts kept in the repository, compared by --check, renewed by --write."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
REPOSITORY = PACKAGE.parent


def drift(path: Path, text: str) -> str:
    """Return what is wrong with a snapshot, empty when it is current."""
    if not path.exists():
        return f"{_shown(path)} is missing: make snapshots"
    if path.read_text(encoding="utf-8") != text:
        return f"{_shown(path)} is not current: make snapshots"
    return ""


def renew(path: Path, text: str) -> bool:
    """Write a snapshot; say whether it changed."""
    if not drift(path, text):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def _shown(path: Path) -> str:
    return str(path.relative_to(REPOSITORY)) if path.is_relative_to(REPOSITORY) else str(path)
