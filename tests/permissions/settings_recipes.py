"""How the URLs of the settings are called: field rules, webhooks, tokens, the security log."""

from __future__ import annotations

from typing import Any

from scene import Scene

HEADS = ("field-rules", "webhooks", "tokens", "security-log")
PROJECTS = ("home", "off", "foreign", "blocked")
WEBHOOK = {
    "name": "New",
    "url": "https://8.8.8.8/",  # an address by its number needs no name server
    "kinds": ["account"],
    "events": ["created"],
}
PLAIN = ("field-rules", "tokens", "tokens/options", "tokens/all")


def settings_targets(template: str) -> tuple[str, ...]:
    """Return what a URL of the settings is tried on: everywhere, or in a project."""
    if template.startswith("webhooks"):
        return ("-", "home", "foreign", "blocked") if "{" in template else ("-", *PROJECTS)
    if template in PLAIN or template.startswith("security-log"):
        return ("-",)
    if template.startswith("tokens/"):
        return ("mine", "foreign")
    return ("-", "home", "foreign")


def settings_request(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    """Return (path, body)."""
    if template.startswith("webhooks"):
        return _webhook(scene, template, method, target)
    if template.startswith("tokens"):
        return _token(scene, template, method, target, persona)
    if template.startswith("security-log"):
        return template, {}
    place = "" if target == "-" else f"?project={scene.projects[target].pk}"
    return template.format(kind="account") + place, _rules() if method == "PUT" else {}


def _token(
    scene: Scene, template: str, method: str, target: str, persona: str
) -> tuple[str, dict[str, Any]]:
    """One's own token, or that of another person; who is anonymous has none."""
    if "{pk}" not in template:
        body = {"name": "New", "scopes": ["read"], "days": 1}
        return template, body if method == "POST" else {}
    token = scene.tokens.get(persona if target == "mine" else "keeper")
    return template.format(pk=token.pk if token else 1), {}


def _rules() -> dict[str, Any]:
    return {"version": 1, "rules": [{"field": "vat_number", "effect": "read_only"}]}


def _webhook(scene: Scene, template: str, method: str, target: str) -> tuple[str, dict[str, Any]]:
    """Return (path, body or parameters); the webhooks of the scene are the superuser's."""
    place = {} if target == "-" else {"project": scene.projects[target].pk}
    if "{" not in template:
        return template, {**WEBHOOK, **place} if method == "POST" else place
    hook = scene.webhooks[target]
    path = template.format(pk=hook.pk, delivery=hook.deliveries.get().pk)
    return path, {"name": "Renamed", "version": 1} if method == "PATCH" else {}
