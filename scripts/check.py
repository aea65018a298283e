"""Run every check of the project, cheapest first; `tests` leaves the linters out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
E2E = ROOT / "taiga_crm" / "front" / "e2e"
BIN = Path(sys.prefix) / "bin"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# in order, because tests that commit come last; files that ask everything once are a group
PARALLEL = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadgroup")
# each file has a host and a database of its own; against a running Taiga all share one
JOURNEYS = ("-n", "logical", "--maxprocesses", "2", "--dist", "loadfile")
NOTHING_COLLECTED = 5  # pytest's exit code when no test was found


@dataclass(frozen=True)
class Step:
    """One command; a non-zero exit code is a failure, and the next step runs all the same."""

    name: str
    command: tuple[str, ...]


def python(*arguments: str) -> tuple[str, ...]:
    """Return a command of this Python."""
    return (sys.executable, *arguments)


def manage(*arguments: str) -> tuple[str, ...]:
    """Return a Django command on the embedded host."""
    return (str(BIN / "taiga-crm"), "manage", *arguments)


def front(script: str) -> tuple[str, ...]:
    """Return an npm script of the front end."""
    return python("scripts/front.py", script)


LINTERS = (
    Step("ruff", (str(BIN / "ruff"), "check", ".")),
    Step("ruff format", (str(BIN / "ruff"), "format", "--check", ".")),
    Step("imports go down only", (str(BIN / "lint-imports"),)),
    Step("front: vue-tsc and biome", front("check")),
    Step("mypy", (str(BIN / "mypy"),)),
    Step("Django checks", manage("check", "--fail-level", "WARNING")),
    Step("no migration is missing", manage("makemigrations", "--check", "--dry-run")),
    Step("generated meta is current", manage("crm_meta", "--check")),
)
FRONT_TESTS = (
    Step("front: build", front("build")),
    Step("front: size within its budget", front("size")),
    Step("front: unit tests", front("test")),
)


def main(arguments: list[str]) -> int:
    """Run the steps, then the back end's tests last, so that their closing line ends the output."""
    failed = [step.name for step in (*_linters(arguments), *FRONT_TESTS) if _run(step)]
    not_run: list[str] = []
    _browser_journeys(failed, not_run)
    os.environ["TAIGA_CRM_NOT_RUN"] = "\n".join(not_run)
    os.environ["TAIGA_CRM_FAILED"] = "\n".join(failed)
    backend_failed = _run(Step("back end tests", python("-m", "pytest", "tests", *PARALLEL)))
    return 1 if failed or backend_failed else 0


def _linters(arguments: list[str]) -> tuple[Step, ...]:
    return () if arguments == ["tests"] else LINTERS


def _browser_journeys(failed: list[str], not_run: list[str]) -> None:
    if not E2E.is_dir():
        not_run.append("browser journeys: there are none yet")
        return
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if browser is None:
        not_run.append("browser journeys: no Chromium was found (install one, or set CHROMIUM)")
        return
    os.environ["CHROMIUM"] = browser
    many = () if os.environ.get("CRM_E2E_URL") else JOURNEYS
    code = _run(Step("browser journeys", python("-m", "pytest", str(E2E), "-m", "browser", *many)))
    if code == NOTHING_COLLECTED:
        not_run.append("browser journeys: no test was found")
    elif code:
        failed.append("browser journeys")


def _run(step: Step) -> int:
    print(f"\n=== {step.name}", flush=True)
    start = time.monotonic()
    code = subprocess.run(step.command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode
    if step.name != "back end tests":
        print(
            f"=== {step.name}: {'ok' if not code else 'FAILED'}, {time.monotonic() - start:.1f} s"
        )
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
