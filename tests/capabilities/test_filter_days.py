"""Days of filters and groups begin and end at midnight where the person lives."""

import datetime
import json

import pytest
from asking import column, exported, got
from customs import define
from records import make_account, make_crm_project, make_worker

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F033")]

PRAGUE, SEOUL = "Europe/Prague", "Asia/Seoul"


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def worker(project):
    return make_worker(project, "worker")


def living_in(worker, zone):
    type(worker).objects.filter(pk=worker.pk).update(timezone=zone)
    worker.refresh_from_db()
    return worker


def at(text):
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.timezone.utc)


def made_at(project, *moments):
    for moment in moments:
        make_account(moment, project, created_at=at(moment))


# In Prague March 29, 2026 has 23 hours, from 23:00Z to 22:00Z, and October 25 has 25.
SPRING = ["2026-03-28T22:59", "2026-03-28T23:00", "2026-03-29T21:59", "2026-03-29T22:00"]
AUTUMN = ["2026-10-24T21:59", "2026-10-24T22:00", "2026-10-25T22:59", "2026-10-25T23:00"]


@pytest.mark.parametrize("day, moments", [("2026-03-29", SPRING), ("2026-10-25", AUTUMN)])
def test_a_day_on_which_the_clock_changes_is_as_long_as_it_is_there(
    api, project, worker, day, moments
):
    made_at(project, *moments)
    client = api(living_in(worker, PRAGUE))
    before, *inside, after = moments
    asked = {"sort": "created_at"}
    assert column(client, "accounts", created_at=day, **asked) == inside
    assert column(client, "accounts", created_at__between=f"{day},{day}", **asked) == inside
    assert column(client, "accounts", created_at__gte=day, **asked) == [*inside, after]
    assert column(client, "accounts", created_at__lte=day, **asked) == [before, *inside]


@pytest.mark.parametrize("zone", ["", PRAGUE, SEOUL, "America/New_York"])
def test_a_fixed_day_and_the_moving_one_find_the_same_rows(api, project, worker, zone, monkeypatch):
    from taiga_crm.kernel import clock

    monkeypatch.setattr(clock, "now", lambda: at("2026-03-29T16:30"))
    made_at(project, *(f"2026-03-{day}T{hour}:30" for day in (28, 29, 30) for hour in ("04", "16")))
    client = api(living_in(worker, zone))
    today = "2026-03-30" if zone == SEOUL else "2026-03-29"
    moving = column(client, "accounts", created_at__within="today", sort="created_at")
    assert column(client, "accounts", created_at=today, sort="created_at") == moving
    assert "2026-03-29T16:30" in moving


@pytest.mark.parametrize("unit", ["day", "week", "month", "quarter", "year"])
def test_groups_of_days_are_those_of_the_person_and_lead_back_to_their_rows(
    api, project, worker, unit
):
    made_at(project, "2026-03-31T14:59", "2026-03-31T15:00", "2025-12-31T15:00", *SPRING)
    client = api(living_in(worker, SEOUL))
    found = got(client.get("accounts/groups", {"group_by": f"created_at:{unit}"}))["groups"]
    for one in found:
        assert len(column(client, "accounts", **one["filter"])) == one["count"], one
    if unit == "month":
        assert [(one["label"], one["count"]) for one in found] == [
            ("2026-01", 1), ("2026-03", 5), ("2026-04", 1),
        ]  # fmt: skip
    if unit == "year":
        assert [(one["label"], one["count"]) for one in found] == [("2026", 7)]


def test_an_export_puts_a_row_into_the_group_of_the_screen(api, project, worker):
    made_at(project, "2026-03-31T14:59", "2026-03-31T15:00")
    client = api(living_in(worker, SEOUL))
    rows = exported(client, "accounts", group_by="created_at:month", fields="name")
    heads = [row[0] for row in rows if row[0].startswith("2026-0") and not row[1]]
    assert [head[:7] for head in heads] == ["2026-03", "2026-04"]


def test_a_profile_without_a_zone_takes_that_of_the_browser(api, project, worker):
    made_at(project, "2026-03-31T14:59", "2026-03-31T15:00")
    client, asked = api(worker), {"created_at": "2026-04-01"}

    def names(zone):
        return [row["name"] for row in got(client.get("accounts", asked, HTTP_X_TIME_ZONE=zone))]

    assert names(SEOUL) == ["2026-03-31T15:00"]
    for zone in ("", "UTC", "No/Where", "../etc/passwd", "America", "x" * 500, "Asia/Seoul\\0"):
        assert names(zone) == [], zone
    living_in(worker, "UTC")
    assert names(SEOUL) == []


@pytest.mark.parametrize(
    "profile, browser, known",
    [
        ("", "", ""), ("", SEOUL, SEOUL), (PRAGUE, SEOUL, PRAGUE), ("No/Where", SEOUL, SEOUL),
        ("", "No/Where", ""), ("UTC", SEOUL, "UTC"), (None, "", ""),
    ],
)  # fmt: skip
def test_the_screens_are_told_the_zone_that_filters_use(api, worker, profile, browser, known):
    client = api(living_in(worker, profile))
    me = got(client.get("me", HTTP_X_TIME_ZONE=browser))
    assert me["user"]["timezone"] == known


def test_a_custom_moment_follows_the_person_too(api, project, worker):
    definition = define("datetime", "Visited")
    client = api(living_in(worker, SEOUL))
    for moment in ("2026-03-31T14:59:00Z", "2026-03-31T15:00:00Z"):
        account = make_account(moment, project)
        version = got(client.get(f"accounts/{account.pk}"))["version"]
        body = {definition.name: moment, "version": version}
        got(client.patch(f"accounts/{account.pk}", body))
    assert column(client, "accounts", **{definition.name: "2026-04-01"}) == ["2026-03-31T15:00:00Z"]
    tree = {"not": [definition.name, "lte", "2026-03-31"]}
    assert column(client, "accounts", tree=json.dumps(tree)) == ["2026-03-31T15:00:00Z"]
    asked = {"group_by": f"{definition.name}:month"}
    found = got(client.get("accounts/groups", asked))["groups"]
    assert [(one["label"], one["count"]) for one in found] == [("2026-03", 1), ("2026-04", 1)]
    rows = exported(client, "accounts", fields="name", **asked)
    assert len(rows) > 2
