"""What the CRM needs around it: the extension, the migrations, the built front end."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

INDEXES = ("crm_account_search_trgm", "crm_contact_search_trgm")
FRONT = ("taiga_crm/crm.json", "taiga_crm/crm.js")


def pending_migrations() -> list[str]:
    """Return the migrations of ours that are not applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes("taiga_crm"))
    return [migration.name for migration, _backwards in plan if migration.app_label == "taiga_crm"]


def missing_search_indexes() -> list[str]:
    """Return the pg_trgm indexes that are not there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE indexname = ANY(%s)", [list(INDEXES)]
        )
        found = {name for (name,) in cursor.fetchall()}
    return [name for name in INDEXES if name not in found]


def missing_front_files() -> list[str]:
    """Return the files of the front end that no static files finder finds."""
    return [name for name in FRONT if not _is_there(name)]


def uncollected_front_files() -> list[str]:
    """Return the files of the front end that collectstatic has not put into STATIC_ROOT, or in a
    former version. Where nothing was ever collected, the static files are served otherwise."""
    root = Path(settings.STATIC_ROOT or "")
    if not settings.STATIC_ROOT or not root.is_dir():
        return []
    return [name for name in FRONT if _is_there(name) and not _is_same(name, root / name)]


def _is_same(name: str, copy: Path) -> bool:
    return copy.is_file() and copy.read_bytes() == Path(str(finders.find(name))).read_bytes()


def _is_there(name: str) -> bool:
    found = finders.find(name)
    return bool(found) and Path(str(found)).is_file()
