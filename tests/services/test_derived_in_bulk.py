"""What is kept for searching and comparing follows a change of many records as it does of one."""

import pytest
from asking import got
from customs import define
from records import make_account, make_crm_project, make_worker

from taiga_crm.capabilities.plain_edit import refresh_derived
from taiga_crm.models import Account
from taiga_crm.registry.catalog import entity

pytestmark = pytest.mark.django_db
CHANGES = [
    {"organisation": "Zenith Oy"},
    {"city": "Oulu"},
    {"website": "https://zenith.example"},
    {"vat_number": "FI 123 456"},
    {"registration_number": "77-88"},
    {"emails": [{"value": "info@zenith.example"}]},
    {"phones": [{"value": "+358 9 1234567"}]},
    {"employees": 12},
]


def kept(pk):
    account = entity("account")
    names = (account.search_column, *account.key_columns)
    return Account.objects.values(*names).get(pk=pk)


@pytest.mark.parametrize("changes", CHANGES, ids=lambda one: next(iter(one)))
def test_a_bulk_change_keeps_what_a_fresh_computation_would(api, changes):
    project = make_crm_project("Aurora")
    worker = make_worker(project, "worker")
    ids = [make_account(name, project, city="Turku").pk for name in ("Old Ltd", "Other")]
    for pk in ids:
        refresh_derived(entity("account"), Account.objects.get(pk=pk))
    answer = got(api(worker).post("accounts/bulk", {"ids": ids, "changes": changes}))
    assert answer["counts"] == {"changed": 2}
    for pk in ids:
        found = kept(pk)
        refresh_derived(entity("account"), Account.objects.get(pk=pk))
        assert found == kept(pk)


def test_a_searched_custom_field_is_found_after_a_bulk_change(api):
    project = make_crm_project("Aurora")
    worker = make_worker(project, "worker")
    field = define("text", "Codename", is_searched=True)
    ids = [make_account(name, project).pk for name in ("One", "Two")]
    got(api(worker).post("accounts/bulk", {"ids": ids, "changes": {field.name: "Nightjar"}}))
    assert all("nightjar" in kept(pk)["search_text"] for pk in ids)
