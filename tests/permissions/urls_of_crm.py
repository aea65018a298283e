"""Every URL of the CRM with its methods, read from the URL conf."""

from __future__ import annotations

import re
from typing import Any

from taiga_crm.api.router import urlpatterns

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def template(pattern: Any) -> str:
    """Return a pattern like "accounts/{pk}/projects/{project}"."""
    text = str(pattern.pattern).removeprefix("^").removesuffix("$").replace("\\.", ".")
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", text)


def methods(pattern: Any) -> tuple[str, ...]:
    """Return the methods that the view of a pattern answers."""
    callback = pattern.callback
    actions = getattr(callback, "actions", None)
    names = actions if actions else dir(getattr(callback, "cls", callback))
    return tuple(name for name in METHODS if name.lower() in names)


def all_urls() -> dict[str, tuple[str, ...]]:
    """Return {template: methods}."""
    return {template(one): methods(one) for one in urlpatterns}
