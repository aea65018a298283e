"""How the URLs of imports and their profiles are called: both belong to the seller."""

from __future__ import annotations

from typing import Any

from scene import Scene

HEADS = ("imports", "import-profiles")
BODIES: dict[str, dict[str, Any]] = {
    "POST imports": {"kind": "account"},
    "PATCH imports/{pk}": {"settings": {"mode": "create"}},
    "PATCH import-profiles/{pk}": {"name": "Renamed"},
    "GET import-profiles": {"kind": "account"},
}


def import_request(
    scene: Scene, template: str, method: str, _target: str, _persona: str
) -> tuple[str, dict[str, Any]]:
    """Return (path, parameters or body)."""
    body = {**BODIES.get(f"{method} {template}", {})}
    if f"{method} {template}" == "POST import-profiles":
        body = {"name": "New", "import": scene.imported.pk}
    row = scene.profile if template.startswith("import-profiles") else scene.imported
    return template.format(pk=row.pk), body


def job_request(scene: Scene, template: str, *_rest: str) -> tuple[str, dict[str, Any]]:
    """Return (path, nothing) of a job, which is the seller's too."""
    return template.format(pk=scene.job.pk), {}
