"""Where the embedded host keeps its rows."""

from pathlib import Path

import pytest

from taiga_crm.standalone.database_url import database


def test_without_a_url_the_embedded_server_is_used():
    found = database("", Path("somewhere/pg"))
    assert found["ENGINE"] == "taiga_crm.standalone.db"
    assert found["PGDATA"] == "somewhere/pg"


def test_a_url_overrides_the_embedded_server():
    found = database("postgres://me:p%40ss@db.local:5433/crm?sslmode=require", Path("pg"))
    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "crm",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.local",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_url_may_name_a_socket_directory():
    found = database("postgresql:///crm?host=/run/postgresql", Path("pg"))
    assert (found["HOST"], found["NAME"], found["OPTIONS"]) == ("/run/postgresql", "crm", {})


def test_another_database_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="must start with postgres://"):
        database("mysql://localhost/crm", Path("pg"))
