"""Migrations: complete, reversible, and without a trace on the host's tables."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from records import make_account, make_crm_project

from factories import make_user
from taiga_crm.models import AccountType, ContactType, Industry, UserType

pytestmark = pytest.mark.django_db(transaction=True)


def tables(prefix=""):
    return {one for one in connection.introspection.table_names() if one.startswith(prefix)}


def schema_of_the_host():
    """Return columns, constraints and indexes of every table that is not ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type, is_nullable, column_default"
            " FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name NOT LIKE 'taiga_crm%' ORDER BY 1, 2"
        )
        columns = cursor.fetchall()
        cursor.execute(
            "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND tablename NOT LIKE 'taiga_crm%' ORDER BY 1, 2"
        )
        return columns, cursor.fetchall()


def test_no_migration_is_missing():
    call_command("makemigrations", "taiga_crm", check=True, dry_run=True, verbosity=0)


def test_all_migrations_go_down_and_up_again_and_leave_the_host_alone():
    make_account("Acme", make_crm_project("Aurora"))
    user, before = make_user("stays"), schema_of_the_host()
    ours = tables("taiga_crm_")
    latest = [node for node in MigrationExecutor(connection).loader.graph.leaf_nodes()
              if node[0] == "taiga_crm"]  # fmt: skip
    try:
        MigrationExecutor(connection).migrate([("taiga_crm", None)])
        assert tables("taiga_crm_") == set()
        assert schema_of_the_host() == before
        assert type(user).objects.filter(pk=user.pk).exists()
        with connection.cursor() as cursor:  # nothing of ours holds the host's rows
            cursor.execute("DELETE FROM users_user WHERE id = %s", [user.pk])
    finally:
        MigrationExecutor(connection).migrate(latest)
    assert tables("taiga_crm_") == ours
    assert schema_of_the_host() == before
    assert AccountType.objects.count() == 3
    assert ContactType.objects.count() == 3
    assert (Industry.objects.count(), UserType.objects.count()) == (18, 3)


def test_the_first_dictionaries_are_added_once_and_keep_what_is_there():
    from importlib import import_module

    from django.apps import apps

    for model in (AccountType, ContactType, Industry, UserType):
        model.objects.all().delete()
    AccountType.objects.create(name="Company", has_last_name=True, position=9)
    first = import_module("taiga_crm.migrations.0003_first_dictionaries")
    for _time in range(2):
        first.add(apps, None)
    assert AccountType.objects.count() == 3
    kept = AccountType.objects.get(name="Company")
    assert (kept.has_last_name, kept.position) == (True, 9)
