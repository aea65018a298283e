"""Records of projects that the host has blocked or archived: read by all, written by nobody."""

import pytest
from asking import got
from records import (
    OUTSIDERS,
    fingerprint,
    make_account,
    make_contact,
    make_crm_project,
    make_outsider,
)

from factories import make_user
from taiga_crm.models import Account, AccountGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocked():
    return make_crm_project("Zephyr", blocked_code="blocked-by-staff")


@pytest.fixture(params=OUTSIDERS)
def client(request, api, blocked):
    return api(make_outsider(request.param, make_crm_project("Boreas")))


@pytest.fixture
def account(client, blocked):
    from django.contrib.auth import get_user_model

    person = get_user_model().objects.exclude(is_superuser=True).filter(username="person").first()
    return make_account("Acme", blocked, account_manager=person)


def test_whoever_may_change_it_elsewhere_is_told_that_the_project_is_blocked(client, account):
    contact = make_contact(account, "Anna")
    before = fingerprint()
    path = f"accounts/{account.pk}"
    assert got(client.get(path))["name"] == "Acme"
    for answer in (
        client.patch(path, {"version": 1, "city": "Oslo"}),
        client.delete(path),
        client.post(f"{path}/recalculate"),
        client.patch(f"contacts/{contact.pk}", {"version": 1, "last_name": "Berta"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (451, "project_blocked")
    assert fingerprint() == before


def test_of_many_records_those_of_a_blocked_project_are_refused(client, account, blocked):
    other = make_crm_project("Calm")
    group = AccountGroup.objects.create(name="Zed")
    user = account.account_manager
    free = make_account("Free", account_manager=user, created_by=user)
    Account.objects.filter(pk=free.pk).update(project_ids=[other.pk, blocked.pk])
    ids = [account.pk, free.pk]
    told = got(client.post("accounts/bulk", {"ids": ids, "changes": {"city": "Oslo"}}))
    assert [(one["status"], one.get("code")) for one in told["results"]] == [
        ("refused", "project_blocked"), ("changed", None),
    ]  # fmt: skip
    told = got(client.post(f"account-groups/{group.pk}/members", {"add": ids}))
    assert [(one["status"], one.get("code")) for one in told["results"]] == [
        ("refused", "project_blocked"), ("added", None),
    ]  # fmt: skip
    told = got(client.post("accounts/bulk-delete", {"ids": ids}))
    assert [one["status"] for one in told["results"]] == ["refused", "deleted"]
    assert Account.objects.get().city == ""


def test_a_merge_does_not_reach_into_a_blocked_project(client, account):
    free = make_account("Free", make_crm_project("Calm"), account_manager=account.account_manager)
    versions = {str(account.pk): 1, str(free.pk): 1}
    body = {"ids": [account.pk, free.pk], "winner": free.pk, "versions": versions}
    answer = client.post("accounts/merge", body)
    assert (answer.status_code, Account.objects.count()) == (451, 2)


def test_an_archived_project_answers_with_its_own_refusal(api):
    archived = make_crm_project("Past")
    type(archived).objects.filter(pk=archived.pk).update(archived_code="archived")
    account = make_account("Acme", archived)
    client = api(make_user(is_superuser=True))
    answer = client.patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"})
    assert (answer.status_code, answer.json()["code"]) == (403, "project_archived")


def test_an_account_without_a_project_stays_writable(api):
    account = make_account("Acme")
    client = api(make_user(is_superuser=True))
    assert got(client.patch(f"accounts/{account.pk}", {"version": 1, "city": "Oslo"}))["city"]
