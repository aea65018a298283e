"""The database alone refuses what the services never write (R2, R22)."""

import pytest
from django.db import IntegrityError, connection, transaction
from records import company, connect, link, make_account, make_contact, make_crm_project

from factories import MAKE_TICKET, make_issue, make_user
from taiga_crm.models import (
    Account,
    AccountConnection,
    AccountEmail,
    AccountProject,
    AccountType,
    Contact,
    Favorite,
    TicketAccount,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


def refused(constraint, change):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        change()
    assert error.value.__cause__.diag.constraint_name == constraint


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("kind", sorted(MAKE_TICKET))
def test_a_ticket_never_has_two_primary_accounts(project, kind):
    ticket = MAKE_TICKET[kind](project)
    link(ticket, make_account("One", project))
    second = link(ticket, make_account("Two", project), primary=False)
    refused(
        f"crm_{kind}_one_primary",
        lambda: sql(
            "UPDATE taiga_crm_ticketaccount SET is_primary = true WHERE id = %s", second.pk
        ),
    )


@pytest.mark.parametrize("kind", sorted(MAKE_TICKET))
def test_an_account_is_on_a_ticket_once(project, kind):
    ticket, account = MAKE_TICKET[kind](project), make_account("One", project)
    link(ticket, account)
    refused(f"crm_{kind}_account_once", lambda: link(ticket, account, primary=False))


def test_a_link_has_exactly_the_ticket_of_its_kind(project):
    account, issue, task = make_account("One", project), make_issue(project), None
    task = MAKE_TICKET["task"](project)
    for fields in ({"kind": "issue"}, {"kind": "issue", "task": task},
                   {"kind": "issue", "issue": issue, "task": task}):  # fmt: skip
        refused(
            "crm_ticket_is_one_ticket",
            lambda fields=fields: TicketAccount.objects.create(
                project=project, account=account, **fields
            ),
        )


def test_an_account_never_has_two_primary_contacts(project):
    account = make_account("One", project)
    make_contact(account)
    refused("crm_contact_one_primary", lambda: make_contact(account, is_primary=True))


def test_a_contact_without_an_account_is_nobodys_primary_contact():
    refused("crm_contact_primary_of_account", lambda: make_contact(None, is_primary=True))


def test_names_are_never_empty(project):
    account = make_account("One", project)
    contact = make_contact(account)
    refused("crm_account_is_named", lambda: Account.objects.filter(pk=account.pk).update(name=""))
    refused("crm_contact_is_named", lambda: Contact.objects.filter(pk=contact.pk).update(name=""))


@pytest.mark.feature("F120", "F121")
def test_an_account_is_not_private_and_global_at_once(project):
    refused(
        "crm_account_private_or_global",
        lambda: make_account("One", project, is_private=True, is_global=True),
    )


def test_an_account_is_not_its_own_parent(project):
    account = make_account("One", project)
    refused(
        "crm_account_not_its_own_parent",
        lambda: Account.objects.filter(pk=account.pk).update(parent=account),
    )


@pytest.mark.feature("F115")
def test_an_account_type_has_a_name_field():
    refused(
        "crm_account_type_has_a_name",
        lambda: AccountType.objects.create(name="None", has_first_name=False, has_last_name=False),
    )


def test_an_account_is_in_a_project_once(project):
    account = make_account("One", project)
    refused(
        "crm_account_project_once",
        lambda: AccountProject.objects.create(account=account, project=project),
    )


def test_two_accounts_are_connected_once_and_in_one_direction(project):
    one, two = make_account("One", project), make_account("Two", project)
    connect(one, two)
    refused("crm_connection_once", lambda: connect(two, one))
    third = make_account("Three", project)
    refused(
        "crm_connection_low_first", lambda: AccountConnection.objects.create(low=third, high=one)
    )
    refused("crm_connection_low_first", lambda: AccountConnection.objects.create(low=one, high=one))


def test_a_person_stars_a_record_once():
    fields = {"user": make_user(), "kind": "account", "object_id": 1}
    Favorite.objects.create(**fields)
    refused("crm_favorite_once", lambda: Favorite.objects.create(**fields))


def test_an_account_has_one_primary_address_and_each_address_once(project):
    account = make_account("One", project)
    fields = {"account": account, "value": "a@b.c"}
    AccountEmail.objects.create(**fields, key="a@b.c", is_primary=True)
    refused(
        "crm_account_email_one_primary",
        lambda: AccountEmail.objects.create(**fields, key="x@y.z", is_primary=True),
    )
    refused("crm_account_email_once", lambda: AccountEmail.objects.create(**fields, key="a@b.c"))


def test_a_name_stands_once_in_a_dictionary():
    name = company().name
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountType.objects.create(name=name)
