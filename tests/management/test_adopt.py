"""crm_adopt: private accounts that nobody sees any more get somebody who does."""

from io import StringIO

import pytest
from asking import column, got
from django.core.management import CommandError, call_command
from records import fingerprint, make_account, make_crm_project, make_worker

from factories import make_user

pytestmark = pytest.mark.django_db


def adopt(*arguments):
    out = StringIO()
    call_command("crm_adopt", *arguments, stdout=out)
    return out.getvalue().strip()


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def orphan(project):
    leaver = make_user("leaver")
    account = make_account("Zq7xSecret", project, created_by=leaver, is_private=True)
    leaver.delete()
    return account


@pytest.mark.feature("F121")
def test_the_private_accounts_of_a_person_who_is_gone_are_given_to_another(api, project, orphan):
    heir, other = make_worker(project, "heir"), make_worker(project, "other")
    kept = make_account("Kept", project, created_by=other, is_private=True)
    assert column(api(heir), "accounts") == []
    before = fingerprint()
    told = adopt("heir")
    assert told == "private accounts without a creator: 1; --apply gives them away"
    assert fingerprint() == before
    assert adopt("heir", "--apply") == "given to heir: 1"
    assert column(api(heir), "accounts") == ["Zq7xSecret"]
    assert column(api(other), "accounts") == [kept.name]
    assert column(api(make_user(is_superuser=True)), "accounts") == []
    seen = got(api(heir).get(f"accounts/{orphan.pk}"))
    assert (seen["version"], seen["created_by"]["label"]) == (2, "Heir")
    (entry,) = got(api(heir).get(f"accounts/{orphan.pk}/history"))
    assert (entry["actor"], entry["changes"][0]["new"]) == (None, "Heir")
    assert adopt("heir", "--apply") == "given to heir: 0"


@pytest.mark.parametrize("name", ["nobody", "asleep"])
def test_nobody_and_inactive_people_adopt_nothing(orphan, name):
    make_user("asleep", is_active=False)
    before = fingerprint()
    with pytest.raises(CommandError, match="No active user"):
        adopt(name, "--apply")
    assert fingerprint() == before
