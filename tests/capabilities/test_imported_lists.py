"""Lists of what an import has created: exactly its records, for its owner alone (F140)."""

import pytest
from asking import got
from imported import import_lines
from records import make_account

from factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F140")]


def test_the_list_of_what_an_import_has_created_is_exactly_that(api):
    admin = make_user("root", is_superuser=True)
    client = api(admin)
    make_account("Older", created_by=admin)
    mine = import_lines(admin, "name,city", "Older,Oslo", "New,Oslo", "Other,Rome").run
    import_lines(admin, "name", "Later")
    make_account("By hand", created_by=admin)
    asked = {"imported": mine.pk, "sort": "name"}
    assert [one["name"] for one in got(client.get("accounts", asked))] == ["New", "Other"]
    rome = client.get("accounts", {**asked, "city": "Rome"})
    assert [one["name"] for one in got(rome)] == ["Other"]
    groups = got(client.get("accounts/groups", {"imported": mine.pk, "group_by": "type"}))
    assert [one["count"] for one in groups["groups"]] == [2]
    assert got(client.get("contacts", {"imported": mine.pk})) == []
    for wrong in ("x", "999999"):
        assert client.get("accounts", {"imported": wrong}).status_code == 400
    other = api(make_user(is_superuser=True))
    assert other.get("accounts", asked).json() == client.get(
        "accounts", {"imported": 999_999}
    ).json()  # fmt: skip
