"""Prefix search over whole words, and search inside words where pg_trgm may be had."""

from django.db import migrations, transaction
from django.db.utils import DatabaseError

TABLES = {"account": "taiga_crm_account", "contact": "taiga_crm_contact"}


def add_trigrams(apps, schema_editor):
    """Use pg_trgm when it is installed or the database owner may create it; else live without."""
    connection = schema_editor.connection
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for name, table in TABLES.items():
                cursor.execute(
                    f"CREATE INDEX crm_{name}_search_trgm ON {table}"
                    " USING gin (search_text gin_trgm_ops)"
                )
    except DatabaseError:
        return  # docs/install.md says how to add it later; crm_doctor says that it is missing


def drop_trigrams(apps, schema_editor):
    """Drop our indexes; the extension may serve others and stays."""
    with schema_editor.connection.cursor() as cursor:
        for name in TABLES:
            cursor.execute(f"DROP INDEX IF EXISTS crm_{name}_search_trgm")


class Migration(migrations.Migration):
    dependencies = [("taiga_crm", "0001_initial")]

    operations = [
        *(
            migrations.RunSQL(
                f"CREATE INDEX crm_{name}_search ON {table}"
                " USING gin (to_tsvector('simple', search_text))",
                f"DROP INDEX IF EXISTS crm_{name}_search",
            )
            for name, table in TABLES.items()
        ),
        migrations.RunPython(add_trigrams, drop_trigrams),
    ]
