"""The groups of accounts that every installation starts with, older ones included (F225)."""

from django.db import migrations

GROUPS = (
    ("Key", "#e44057"),
    ("Important", "#f2a900"),
    ("Special", "#8a63d2"),
    ("Potential", "#25a28c"),
    ("Supplier", "#6b7a90"),
)


def add(apps, schema_editor):
    """Add what is not there yet."""
    for place, (name, color) in enumerate(GROUPS):
        apps.get_model("taiga_crm", "AccountGroup").objects.get_or_create(
            name=name, defaults={"position": place, "color": color, "kind": "customer_type"}
        )


class Migration(migrations.Migration):
    dependencies = [("taiga_crm", "0010_saved_views_groups_and_favorites")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
