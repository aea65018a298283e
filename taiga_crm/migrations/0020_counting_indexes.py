"""Let lists be counted in an index alone, without stopping those who write meanwhile."""

import django.contrib.postgres.fields
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

WHO_SEES = ('project_ids', 'is_private', 'is_global', 'created_by', 'account_manager')


class Migration(migrations.Migration):
    """Not atomic: PostgreSQL builds an index beside its users in no transaction."""

    atomic = False

    dependencies = [
        ('taiga_crm', '0019_api_tokens_and_security_log'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            # PostgreSQL does not enforce the size of an array: there is nothing to alter
            state_operations=[
                migrations.AlterField(
                    model_name='account',
                    name='project_ids',
                    field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=list, editable=False, size=300),
                ),
            ],
        ),
        AddIndexConcurrently(
            model_name='account',
            index=models.Index(fields=['industry', 'name', 'id'], include=WHO_SEES, name='crm_account_of_industry'),
        ),
        AddIndexConcurrently(
            model_name='account',
            index=models.Index(fields=['type', 'name', 'id'], include=WHO_SEES, name='crm_account_of_type'),
        ),
        AddIndexConcurrently(
            model_name='account',
            index=models.Index(fields=['account_manager', 'name', 'id'], include=WHO_SEES[:-1], name='crm_account_of_manager'),
        ),
        AddIndexConcurrently(
            model_name='ticketaccount',
            index=models.Index(condition=models.Q(('is_primary', True)), fields=['project', 'created_at', 'id'], include=('kind', 'account'), name='crm_ticket_in_project'),
        ),
        RemoveIndexConcurrently(model_name='account', name='crm_account_industry'),
        RemoveIndexConcurrently(model_name='account', name='crm_account_type'),
        RemoveIndexConcurrently(model_name='account', name='crm_account_manager'),
        RemoveIndexConcurrently(model_name='ticketaccount', name='crm_ticket_of_project'),
    ]
