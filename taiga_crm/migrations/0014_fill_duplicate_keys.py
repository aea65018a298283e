"""Fill the keys by which duplicates are found."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from taiga_crm.kernel.domains import domain_key
from taiga_crm.kernel.text import company_key, number_key, person_key

BATCH = 1_000


def fill(apps: Any, schema_editor: Any) -> None:
    """Compute the keys of the rows there are, a batch at a time."""
    emails = apps.get_model("taiga_crm", "AccountEmail").objects.order_by("position", "id")
    accounts = apps.get_model("taiga_crm", "Account")
    for rows in _batches(accounts):
        first: dict[int, str] = {}
        for owner, value in emails.filter(account__in=rows).values_list("account_id", "value"):
            if domain_key(value):
                first.setdefault(owner, domain_key(value))
        for row in rows:
            row.name_key = company_key(row.name)[:255]
            row.domain_key = domain_key(row.website) or first.get(row.pk, "")
            row.vat_key = number_key(row.vat_number)[:50]
            row.registration_key = number_key(row.registration_number)[:50]
        names = ["name_key", "domain_key", "vat_key", "registration_key"]
        accounts.objects.bulk_update(rows, names, batch_size=BATCH)
    contacts = apps.get_model("taiga_crm", "Contact")
    for rows in _batches(contacts):
        for row in rows:
            row.name_key = person_key(row.name)[:255]
        contacts.objects.bulk_update(rows, ["name_key"], batch_size=BATCH)


def _batches(model: Any) -> Any:
    last = 0
    while rows := list(model.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1].pk


class Migration(migrations.Migration):
    """Nothing to take back: the columns go with the migration before."""

    dependencies = [("taiga_crm", "0013_duplicate_keys")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
