"""How the URLs that act on several records of a kind are called in the matrix."""

from __future__ import annotations

from typing import Any

from scene import Scene

from taiga_crm.registry.catalog import entities

SETS = ("bulk", "bulk-favorite", "bulk-delete", "merge", "duplicates")
OF_ONE = ("merges", "undo-merge", "duplicates", "keep-apart")


def is_set(template: str) -> bool:
    """Say whether the URL acts on several records of accounts or contacts."""
    head, _slash, tail = template.partition("/")
    return head in ("accounts", "contacts") and (
        tail in SETS or tail.removeprefix("{pk}/") in OF_ONE
    )


def set_request(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    """Return (path, body): the record of the target, and the hub or its contact beside it."""
    head, _slash, tail = template.partition("/")
    if head == "accounts":
        row, other, column = scene.account(target, persona), scene.accounts["hub"], "description"
    else:
        row, other, column = scene.contact(target, persona), scene.contacts["team"], "notes"
    body: dict[str, Any] = {
        "GET duplicates": {"first_name": row.first_name},
        "GET merge": {"ids": f"{row.pk},{other.pk}"},
        "POST merge": {"ids": [row.pk, other.pk], "winner": other.pk},
        "POST bulk": {"ids": [row.pk], "changes": {column: "bulk"}},
        "POST {pk}/undo-merge": {"run": 1},
        "POST {pk}/keep-apart": {"other": other.pk},
    }.get(f"{method} {tail}", {} if method == "GET" else {"ids": [row.pk]})
    return template.format(pk=row.pk), body


def lists_of_page(path: str) -> str:
    """Return the tabs of a record whose lists its page brings along."""
    tabs = next(one.tabs for one in entities() if one.path == path)
    return ",".join(part.key for tab in tabs for part in (tab, *tab.parts))
