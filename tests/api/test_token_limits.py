"""R15: fifty requests in ten seconds for each token and for each address, counted exactly."""

import pytest
from api_client import ApiClient
from asking import got
from at_once import at_once, statuses
from django.db import connection
from django.test.utils import CaptureQueriesContext
from records import make_account, make_crm_project, make_token, make_worker

from factories import make_user
from taiga_crm.capabilities.rate_limit import address_key, forget_counts
from taiga_crm.kernel import clock
from taiga_crm.models import RateCount, SecurityEvent

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F021")]


@pytest.fixture
def person(db):
    return make_worker(make_crm_project("Aurora"), "worker")


def from_address(token, number=1):
    client = ApiClient(token=token)
    client.headers["HTTP_X_FORWARDED_FOR"] = f"192.0.2.{number}"
    return client


def asked(client, times):
    return [client.get("projects").status_code for _one in range(times)]


def age_counts(seconds):
    """Move the beginning of all windows into the past."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE taiga_crm_ratecount SET started_at = started_at - make_interval(secs => %s)",
            [seconds],
        )


def test_the_fifty_first_request_of_a_token_is_429_and_says_when_to_come_again(person):
    _row, token = make_token(person)
    assert asked(from_address(token), 50) == [200] * 50
    answer = from_address(token, 2).get("projects")
    assert got(answer, 429)["code"] == "throttled"
    assert 1 <= int(answer["Retry-After"]) <= 10
    assert ApiClient(person).get("projects").status_code == 200
    age_counts(10)
    assert asked(from_address(token), 50) == [200] * 50
    assert asked(from_address(token), 1) == [429]


def test_all_tokens_of_one_address_share_its_limit(person):
    tokens = [make_token(person)[1] for _one in range(2)]
    assert asked(from_address(tokens[0]), 25) + asked(from_address(tokens[1]), 25) == [200] * 50
    assert asked(from_address(tokens[1]), 1) == [429]
    assert asked(from_address(tokens[1], 2), 1) == [200]


def test_guessing_is_limited_as_well_and_takes_nothing_from_the_owner(person):
    row, token = make_token(person)
    wrong = f"tcrm_{row.prefix}_{'0' * 64}"
    assert asked(from_address(wrong), 50) == [401] * 50
    assert asked(from_address(wrong), 1) == [429]
    assert asked(from_address(token, 2), 50) == [200] * 50


def test_a_refused_request_is_counted_although_it_is_rolled_back(person):
    _row, token = make_token(person)
    client = from_address(token)
    told = [client.post("accounts", {}).status_code for _one in range(51)]
    assert told == [400] * 50 + [429]


def test_the_limit_is_a_setting_and_zero_is_none(person, configured):
    _row, token = make_token(person)
    configured(api_limit=2, api_limit_seconds=60)
    answers = [from_address(token).get("projects") for _one in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert 10 < int(answers[-1]["Retry-After"]) <= 60
    configured(api_limit=0)
    assert asked(from_address(token), 3) == [200] * 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("shared", ["token", "address"])
def test_eight_clients_at_once_get_exactly_fifty_answers(shared, configured):
    configured(api_limit_seconds=600)
    person = make_user("worker")
    tokens = [make_token(person)[1] for _one in range(8)]

    def calls(number):
        token = tokens[0] if shared == "token" else tokens[number]
        client = from_address(token, number if shared == "token" else 1)
        return lambda: [client.get("projects") for _one in range(12)]

    answers = [one for batch in at_once(*(calls(n) for n in range(8))) for one in batch]
    assert statuses(answers) == [200] * 50 + [429] * 46


@pytest.mark.parametrize("text, key", [
    ("192.0.2.7", "ip:192.0.2.7"),
    ("2001:db8:1:2:3:4:5:6", "ip:2001:db8:1:2::/64"),
    ("2001:db8:1:2:ffff::1", "ip:2001:db8:1:2::/64"),
    ("", "ip:"),
])  # fmt: skip
def test_addresses_of_one_network_of_a_customer_are_one(text, key):
    assert address_key(text) == key


@pytest.mark.parametrize("proxies, forwarded, seen", [
    (1, "", "10.0.0.9"), (1, "198.51.100.1", "198.51.100.1"),
    (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"), (2, "6.6.6.6, 198.51.100.1, 10.1.1.1",
    "198.51.100.1"), (0, "6.6.6.6", "10.0.0.9"), (1, "<script>", "10.0.0.9"),
    (3, "198.51.100.1", "198.51.100.1"),
])  # fmt: skip
def test_the_address_is_what_the_trusted_web_servers_say(
    person, configured, proxies, forwarded, seen
):
    configured(proxies=proxies)
    row, token = make_token(person)
    client = ApiClient(token=token)
    client.get("me", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=forwarded)
    row.refresh_from_db()
    assert row.last_ip == seen


def test_a_limited_token_is_one_line_of_the_log(person, configured):
    configured(api_limit=1)
    row, token = make_token(person)
    client = from_address(token)
    assert asked(client, 4) == [200, 429, 429, 429]
    event = SecurityEvent.objects.get(kind="limited")
    assert (event.number, event.user_id, event.token_id) == (3, person.pk, row.pk)


def test_old_counts_are_forgotten(person):
    _row, token = make_token(person)
    asked(from_address(token), 1)
    assert RateCount.objects.count() == 2
    assert forget_counts(clock.now()) == 0
    age_counts(4_000)
    assert forget_counts(clock.now()) == 2


def test_a_token_costs_one_query_more_than_logging_in(person):
    make_account("Acme", person.memberships.get().project)
    _row, token = make_token(person)
    counts = {}
    for name, client in (("login", ApiClient(person)), ("token", ApiClient(token=token))):
        client.get("accounts")  # the first use of an address is logged
        with CaptureQueriesContext(connection) as queries:
            assert client.get("accounts").status_code == 200
        counts[name] = len(queries)
    assert counts["token"] == counts["login"] + 1
