"""Index the keys of duplicates without stopping those who write meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Not atomic: PostgreSQL builds an index beside its users in no transaction."""

    atomic = False

    dependencies = [
        ('taiga_crm', '0014_fill_duplicate_keys'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='account',
            index=models.Index(fields=['name_key'], name='crm_account_name_key', opclasses=['varchar_pattern_ops']),
        ),
        AddIndexConcurrently(
            model_name='account',
            index=models.Index(fields=['domain_key'], name='crm_account_domain_key'),
        ),
        AddIndexConcurrently(
            model_name='account',
            index=models.Index(fields=['vat_key'], name='crm_account_vat_key'),
        ),
        AddIndexConcurrently(
            model_name='account',
            index=models.Index(fields=['registration_key'], name='crm_account_reg_key'),
        ),
        AddIndexConcurrently(
            model_name='contact',
            index=models.Index(fields=['name_key'], name='crm_contact_name_key', opclasses=['varchar_pattern_ops']),
        ),
    ]
