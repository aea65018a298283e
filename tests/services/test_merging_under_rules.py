"""A merge neither loses what its person cannot see nor stumbles over what he cannot change."""

import pytest
from asking import got
from records import make_account, make_crm_project, make_worker, role_of, set_rules

from taiga_crm.models import Account, HistoryEntry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("effect", ["hidden", "read_only"])
@pytest.mark.parametrize("mine, kept", [("", "Oslo"), ("Rome", "Rome")])
def test_a_value_that_the_person_may_not_choose_is_carried_where_the_winner_has_none(
    api, effect, mine, kept
):
    project = make_crm_project("Aurora")
    worker = make_worker(project, "worker")
    winner = make_account("Acme", project, city=mine)
    loser = make_account("Acme Ltd", project, city="Oslo", annual_revenue="5",
                         annual_revenue_currency="EUR")  # fmt: skip
    rules = [{"field": name, "effect": effect, "roles": [role_of(worker)]}
             for name in ("city", "annual_revenue")]  # fmt: skip
    set_rules("account", *rules)
    body = {"ids": [winner.pk, loser.pk], "winner": winner.pk,
            "versions": {str(winner.pk): 1, str(loser.pk): 1}}  # fmt: skip
    got(api(worker).post("accounts/merge", body))
    row = Account.objects.get()
    assert (row.pk, row.city, row.annual_revenue, row.annual_revenue_currency) == (
        winner.pk, kept, 5, "EUR")  # fmt: skip
    told = [one["field"] for entry in HistoryEntry.objects.all() for one in entry.changes]
    assert "city" not in told
    run = got(api(worker).get(f"accounts/{winner.pk}/merges"))[0]
    got(api(worker).post(f"accounts/{winner.pk}/undo-merge", {"run": run["id"]}))
    cities = dict(Account.objects.values_list("pk", "city"))
    assert cities == {winner.pk: mine, loser.pk: "Oslo"}
