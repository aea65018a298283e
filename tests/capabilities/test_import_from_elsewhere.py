"""Files as address books and other CRMs write them are understood without mapping by hand."""

from __future__ import annotations

import pytest
from imported import import_lines
from records import make_account, make_contact, make_crm_project, make_worker

from taiga_crm.capabilities.import_mapping import guess_mapping
from taiga_crm.capabilities.import_targets import targets_of
from taiga_crm.models import Contact
from taiga_crm.registry.catalog import entity

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]

FILES = {
    "Google": ("contact", {
        "First Name": "first_name", "Last Name": "last_name", "Name Prefix": None,
        "Organization Name": "account", "Organization Title": "job_title",
        "Organization Department": "department", "Notes": "notes", "Labels": None,
        "E-mail 1 - Label": None, "E-mail 1 - Value": "emails", "E-mail 2 - Value": "emails",
        "Phone 1 - Label": None, "Phone 1 - Value": "phones", "Phone 2 - Value": "phones",
        "Address 1 - Street": None,
    }),
    "Google, of companies": ("account", {
        "Organization Name": "name", "Address 1 - Formatted": None, "Address 1 - Street": "street",
        "Address 1 - City": "city", "Address 1 - Postal Code": "postal_code",
        "Address 1 - Country": "country", "Address 2 - City": None,
        "Website 1 - Value": "website",
    }),
    "Outlook": ("contact", {
        "Title": None, "First Name": "first_name", "Last Name": "last_name", "Company": "account",
        "Job Title": "job_title", "Business Street": None, "Business Phone": "phones",
        "Mobile Phone": "phones", "E-mail Address": "emails", "E-mail 2 Address": "emails",
    }),
    "HubSpot": ("account", {
        "Record ID": None, "Company name": "name", "Company owner": "account_manager",
        "Create Date": None, "Phone Number": "phones", "City": "city",
        "Country/Region": "country", "Annual Revenue": "annual_revenue", "Industry": "industry",
        "Number of Employees": "employees", "Company Domain Name": "website",
    }),
    "Salesforce": ("account", {
        "Account ID": None, "Account Name": "name", "Billing Street": "street",
        "Billing City": "city", "Billing Zip/Postal Code": "postal_code",
        "Billing Country": "country", "Shipping City": None, "Account Owner": "account_manager",
        "Parent Account": "parent",
    }),
    "Pipedrive": ("contact", {
        "Person - ID": None, "Person - Name": "name", "Person - Email - Work": "emails",
        "Person - Phone - Mobile": "phones", "Organization - Name": "account",
    }),
    "LinkedIn": ("contact", {
        "First Name": "first_name", "Last Name": "last_name", "URL": None,
        "Email Address": "emails", "Company": "account", "Position": "job_title",
        "Connected On": None,
    }),
}  # fmt: skip


@pytest.fixture
def seller():
    return make_worker(make_crm_project("Aurora"), "seller")


@pytest.mark.parametrize("system", FILES)
def test_the_columns_of_other_systems_are_known(seller, system):
    kind, columns = FILES[system]
    of = entity(kind)
    found = guess_mapping(of, targets_of(of, seller), list(columns), [[] for _one in columns])
    assert {header: one["field"] for header, one in zip(columns, found, strict=True)} == columns


def test_numbers_of_another_system_never_choose_one_of_our_records(seller):
    ours = make_contact(make_account("Acme"), "Our Own")
    for header in ("Record ID", "ID", "Contact ID", "No."):
        done = import_lines(
            seller, f"{header},First Name,Last Name", f"{ours.pk},Maria,{header}", kind="contact"
        )
        assert done.counts["created"] == 1
    ours.refresh_from_db()
    assert (ours.name, Contact.objects.count()) == ("Our Own", 5)


def test_several_addresses_of_one_cell_are_told_apart(seller):
    lines = ("Name,E-mail 1 - Value", "Jun Kim,jun@hanbit.example ::: jun.kim@mail.example")
    import_lines(seller, *lines, kind="contact")
    emails = Contact.objects.get().emails.order_by("pk").values_list("value", flat=True)
    assert list(emails) == ["jun@hanbit.example", "jun.kim@mail.example"]
