"""Reading the security log: by page, narrowed, as a file, by holders of the security key alone."""

import csv
import datetime
import io

import pytest
from asking import content_of, got
from records import give_keys, make_crm_project, make_token, make_worker

from factories import make_user
from taiga_crm.capabilities.security_log import forget_events
from taiga_crm.kernel import clock
from taiga_crm.models import SecurityEvent

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F021")]


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def keeper(db):
    user = make_user("keeper")
    give_keys(user, "manage_security")
    return user


@pytest.mark.parametrize(
    "path", ["security-log", "security-log/options", "security-log/export.csv"]
)
def test_only_holders_of_the_security_key_read_it(api, project, keeper, path):
    admin = make_worker(project)
    admin.memberships.update(is_admin=True)
    settings_keeper = make_user()
    give_keys(settings_keeper, "manage_settings", "view_everything")
    assert [api(one).get(path).status_code for one in (admin, settings_keeper, keeper)] == [
        403, 403, 200,
    ]  # fmt: skip


def write(number, **fields):
    at = clock.now() - datetime.timedelta(minutes=number)
    return SecurityEvent.objects.create(
        **{"kind": "denied", "at": at, "first_at": at, "user_id": number, **fields}
    )


def test_the_log_is_read_page_by_page_the_latest_first(api, keeper):
    at = clock.now()
    rows = [write(number, at=at if number % 2 else at - datetime.timedelta(hours=number))
            for number in range(1, 121)]  # fmt: skip
    wanted = [row.pk for row in sorted(rows, key=lambda one: (one.at, one.pk), reverse=True)]
    seen, cursor, sizes = [], "", []
    while True:
        answer = api(keeper).get("security-log", {"cursor": cursor} if cursor else {})
        page = got(answer)
        sizes.append(len(page))
        seen += [one["id"] for one in page]
        cursor = answer.get("x-pagination-next-cursor", "")
        if not cursor:
            break
    assert (seen, sizes) == (wanted, [50, 50, 20])


def test_the_log_is_narrowed_by_kind_person_token_and_time(api, keeper):
    first = write(1, kind="export", at="2026-03-01T10:00:00Z", first_at="2026-03-01T10:00:00Z")
    second = write(2, token_id=7, at="2026-03-03T00:30:00Z", first_at="2026-03-02T23:30:00Z")

    def found(**params):
        return [one["id"] for one in got(api(keeper).get("security-log", params))]

    assert found() == [second.pk, first.pk]
    assert found(kind="export") == [first.pk]
    assert found(kind="export,denied") == [second.pk, first.pk]
    assert found(user=2) == [second.pk]
    assert found(token=7) == [second.pk]
    assert found(**{"from": "2026-03-02"}) == [second.pk]
    assert found(to="2026-03-01") == [first.pk]
    assert found(**{"from": "2026-03-02", "to": "2026-03-02"}) == [second.pk]
    assert found(**{"from": "2026-03-01T09:30:00-01:00", "to": "2026-03-01T12:00:00Z"}) == []


@pytest.mark.parametrize("params", [
    {"kind": "nonsense"}, {"user": "x"}, {"user": "-1"}, {"token": "9" * 30}, {"from": "monday"},
    {"to": "2026-02-31"}, {"from": "2026-03-01T10:00:00"}, {"cursor": "x"}, {"cursor": "WzEsMl0="},
])  # fmt: skip
def test_a_filter_that_means_nothing_is_refused(api, keeper, params):
    answer = api(keeper).get("security-log", params)
    assert got(answer, 400)["code"] == "invalid_query"


def test_people_and_tokens_that_are_gone_are_shown_by_their_number(api, project, keeper):
    owner = make_worker(project, "owner")
    row, _token = make_token(owner)
    SecurityEvent.objects.all().delete()
    write(1, user_id=owner.pk, token_id=row.pk)
    (before,) = got(api(keeper).get("security-log"))
    assert (before["user"]["label"], before["token"]["prefix"]) == ("Owner", f"tcrm_{row.prefix}")
    owner.memberships.all().delete()
    type(owner).objects.filter(pk=owner.pk).delete()
    (after,) = got(api(keeper).get("security-log"))
    assert (after["user"]["label"], after["token"]["label"]) == (f"#{owner.pk}", f"#{row.pk}")


def test_the_log_as_a_file_is_narrowed_and_logged_as_well(api, keeper):
    write(5, kind="export", object_kind="account", details={"rows": 3})
    write(6, route="=1+1")
    _answer, content = content_of(api(keeper), "security-log/export.csv", kind="denied")
    head, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    assert head[:4] == ["Time", "First time", "Number", "What"]
    assert (row[3], row[8]) == ("Refused", "'=1+1")
    event = SecurityEvent.objects.get(object_kind="security_log")
    assert event.details == {"format": "csv", "rows": 1, "narrowed_by": ["kind"]}


def test_old_events_are_forgotten(configured):
    configured(security_log_days=30)
    keep, old = write(1), write(2)
    SecurityEvent.objects.filter(pk=old.pk).update(at=clock.now() - datetime.timedelta(days=31))
    assert forget_events(clock.now()) == 1
    assert SecurityEvent.objects.get() == keep
