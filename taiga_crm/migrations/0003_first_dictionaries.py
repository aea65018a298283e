"""The types, industries and user types a new installation starts with (F112, F217)."""

from django.db import migrations

ACCOUNT_TYPES = (("Company", True, False), ("Personal", True, True), ("Account", True, False))
CONTACT_TYPES = (("Employee", "employee"), ("Consultant", "consultant"), ("Other", "other"))
INDUSTRIES = (
    "Technology", "Software", "Telecommunications", "Manufacturing", "Retail", "Finance",
    "Medical", "Education", "Public sector", "Energy", "Construction", "Transport", "Hospitality",
    "Entertainment", "Marketing", "Employment", "Services", "Other",
)  # fmt: skip
USER_TYPES = (
    ("Sales representative", []),
    ("Sales director", ["view_everything", "change_everything", "manage_targets"]),
    (
        "CRM administrator",
        [
            "view_everything",
            "change_everything",
            "delete_everything",
            "enable_projects",
            "manage_settings",
            "manage_targets",
        ],
    ),
)


def add(apps, schema_editor):
    """Add what is not there yet."""
    for place, (name, first, last) in enumerate(ACCOUNT_TYPES):
        apps.get_model("taiga_crm", "AccountType").objects.get_or_create(
            name=name,
            defaults={"position": place, "has_first_name": first, "has_last_name": last},
        )
    for place, (name, relation) in enumerate(CONTACT_TYPES):
        apps.get_model("taiga_crm", "ContactType").objects.get_or_create(
            name=name, defaults={"position": place, "relation": relation}
        )
    for place, name in enumerate(INDUSTRIES):
        apps.get_model("taiga_crm", "Industry").objects.get_or_create(
            name=name, defaults={"position": place}
        )
    for place, (name, keys) in enumerate(USER_TYPES):
        apps.get_model("taiga_crm", "UserType").objects.get_or_create(
            name=name, defaults={"position": place, "keys": keys}
        )


class Migration(migrations.Migration):
    dependencies = [("taiga_crm", "0002_search_indexes")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
