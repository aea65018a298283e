"""The backend that Django finds under ENGINE."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation

from taiga_crm.standalone.embedded_postgres import LOCALE, SUPERUSER, socket_directory


class DatabaseCreation(PostgresCreation):
    """Create test databases with the same order of letters as the real one."""

    def _get_database_create_suffix(
        self, encoding: str | None = None, template: str | None = None
    ) -> str:
        return LOCALE


class DatabaseWrapper(base.DatabaseWrapper):
    """Start the server named by PGDATA before connecting to it."""

    creation_class = DatabaseCreation

    def get_connection_params(self) -> dict[str, Any]:
        """Fill in the socket of the running server."""
        settings = self.settings_dict
        settings["USER"] = SUPERUSER
        settings["HOST"] = socket_directory(
            Path(settings["PGDATA"]),
            database=settings["EMBEDDED_NAME"],
            durable=settings["DURABLE"],
        )
        params: dict[str, Any] = super().get_connection_params()
        return params
