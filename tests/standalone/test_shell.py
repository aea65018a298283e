"""The page that every address outside the API answers with."""

import pytest

from taiga_crm.standalone import shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def built(tmp_path, monkeypatch):
    index = tmp_path / "index.html"
    index.write_text("<!doctype html><title>CRM</title>")
    monkeypatch.setattr(shell, "INDEX", index)


@pytest.mark.parametrize("path", ["/", "/login", "/crm/accounts/12", "/project/aurora/issue/7"])
def test_every_address_answers_with_the_shell(client, built, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert b"<title>CRM</title>" in answer.content
    assert answer["Cache-Control"] == "no-cache"


def test_the_shell_runs_only_its_own_scripts(client, built):
    policy = client.get("/")["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_without_a_build_the_page_says_what_to_do(client, tmp_path, monkeypatch):
    monkeypatch.setattr(shell, "INDEX", tmp_path / "missing.html")
    answer = client.get("/")
    assert answer.status_code == 503
    assert b"make front" in answer.content


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/static/nothing.js", "/media/nothing"])
def test_unknown_addresses_of_api_and_files_are_not_the_shell(client, built, path):
    assert client.get(path).status_code == 404


def test_the_shell_takes_no_writes(client, built):
    assert client.post("/").status_code == 405
