"""How the URLs of the settings are called: field rules, webhooks, tokens, the security log."""

from __future__ import annotations

from typing import Any

from scene import Scene

HEADS = ("field-rules",)


def settings_targets(template: str) -> tuple[str, ...]:
    """Return what a URL of the settings is tried on: everywhere, or in a project."""
    return ("-",) if template == "field-rules" else ("-", "home", "foreign")


def settings_request(
    scene: Scene, template: str, method: str, target: str, _persona: str
) -> tuple[str, dict[str, Any]]:
    """Return (path, body)."""
    place = "" if target == "-" else f"?project={scene.projects[target].pk}"
    return template.format(kind="account") + place, _rules() if method == "PUT" else {}


def _rules() -> dict[str, Any]:
    return {"version": 1, "rules": [{"field": "vat_number", "effect": "read_only"}]}
