"""The account's page: its tabs, the address on a map, and where tickets can be made."""

import pytest
from asking import got
from django.core.exceptions import ImproperlyConfigured
from records import make_crm_project, make_worker

from personas import HOST_VIEW_KEYS, HOST_WORK_KEYS
from taiga_crm import conf as configuration

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


def meta_of(client, key):
    return got(client.get("meta"))["entities"][key]


@pytest.mark.feature("F142")
@pytest.mark.feature("F148")
@pytest.mark.feature("F150")
def test_tabs_have_the_names_and_the_order_of_the_contract(api, project):
    tabs = meta_of(api(make_worker(project)), "account")["tabs"]
    names = [tab["label"] for tab in tabs]
    assert [name for name in names if name not in ("Timeline", "Privacy")] == [
        "People", "Opportunities", "Data", "Invoices & billing", "Sales activities",
        "Projects & tickets", "Contracts", "Relations", "History", "Files",
    ]  # fmt: skip
    parts = {tab["key"]: [part["kind"] for part in tab["parts"]] for tab in tabs}
    assert parts["work"] == ["projects", "related"]
    assert parts["relations"] == ["related", "connections"]
    assert [tab["key"] for tab in tabs if tab["kind"] == "pending" and not tab["note"]] == []


@pytest.mark.feature("F135")
def test_an_address_is_shown_on_openstreetmap_unless_told_otherwise(api, project, settings):
    client = api(make_worker(project))
    assert meta_of(client, "account")["address"] == ["street", "postal_code", "city", "country"]
    url = "https://www.openstreetmap.org/search?query={query}"
    assert got(client.get("meta"))["map_url"] == url


@pytest.mark.feature("F135")
@pytest.mark.parametrize("url", ["javascript:alert(1)//{query}", "https://x.example/", "{query}"])
def test_a_map_that_is_no_web_address_stops_the_boot(settings, url):
    settings.TAIGA_CRM = {**settings.TAIGA_CRM, "map_url": url}
    configuration.conf.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured):
            configuration.conf()
    finally:
        del settings.TAIGA_CRM
        configuration.conf.cache_clear()


@pytest.mark.feature("F136")
@pytest.mark.feature("F164")
def test_me_tells_where_a_person_may_make_a_ticket_and_link_it(api, project):
    def kinds(*host):
        me = got(api(make_worker(project, host=host)).get("me"))
        return next(one["tickets"] for one in me["projects"] if one["id"] == project.pk)

    assert kinds(*HOST_VIEW_KEYS) == []
    assert kinds(*HOST_WORK_KEYS) == []
    assert kinds(*HOST_WORK_KEYS, "add_issue") == ["issue"]
    assert kinds(*HOST_WORK_KEYS, "add_issue", "add_us") == ["issue", "userstory"]
    client = api(make_worker(project))
    assert meta_of(client, "account")["tickets_of"] == "id"
    assert meta_of(client, "contact")["tickets_of"] == "account"
