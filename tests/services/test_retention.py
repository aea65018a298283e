"""Retention rules: whom they find, what they do by themselves, and what a person may do."""

import datetime

import pytest
from asking import got
from django.core.management import call_command
from records import give_keys, make_account, make_contact, make_crm_project, make_worker

from taiga_crm import models
from taiga_crm.kernel import clock
from taiga_crm.services.retention import apply_retention, due, months_before

pytestmark = pytest.mark.django_db


@pytest.fixture
def project():
    return make_crm_project("Aurora")


@pytest.fixture
def account(project):
    return make_account("Acme", project)


def old(contact, months=40):
    moment = months_before(clock.now(), months)
    type(contact).objects.filter(pk=contact.pk).update(modified_at=moment)
    return contact


def test_a_rule_finds_who_had_no_activity_and_anonymizes_only_when_it_says_so(account):
    quiet, busy = old(make_contact(account, "Quiet One")), old(make_contact(account, "Busy One"))
    make_contact(account, "New One")
    models.Comment.objects.create(kind="contact", object_id=busy.pk, text="Hello")
    rule = models.RetentionRule.objects.create(name="Old", kind="contact", months=36)
    now = clock.now()
    assert list(due(rule, now)) == [quiet]
    assert apply_retention(now) == 0
    models.RetentionRule.objects.update(action="anonymize")
    assert apply_retention(now) == 1
    quiet.refresh_from_db()
    assert quiet.name == f"Anonymous {quiet.pk}"
    entry = models.HistoryEntry.objects.get(object_id=quiet.pk, verb="anonymize")
    assert (entry.actor, entry.actor_name) == (None, "")
    later = now + datetime.timedelta(days=9_999)
    assert quiet.pk not in {row.pk for row in due(rule, later)}
    models.RetentionRule.objects.update(is_active=False)
    assert apply_retention(later) == 0


def test_a_dry_run_shows_and_anonymizes_what_the_person_may_delete(api, project, account):
    quiet = old(make_contact(account, "Quiet One"))
    hidden = old(make_contact(make_account("Far", make_crm_project("Boreas")), "Far One"))
    rule = models.RetentionRule.objects.create(name="Old", kind="contact", months=36)
    keeper = make_worker(project, "keeper")
    path = f"retention-rules/{rule.pk}/due"
    assert api(keeper).get(path).status_code == 404
    give_keys(keeper, "manage_settings")
    seen = got(api(keeper).get(path))
    assert [row["label"] for row in seen["rows"]] == ["Quiet One"]
    assert (seen["kind"], seen["more"]) == ("contact", False)
    ids = {"ids": [quiet.pk, hidden.pk]}
    assert got(api(keeper).post(path, ids)) == {"anonymized": 1}
    hidden.refresh_from_db()
    assert hidden.name == "Far One"
    assert api(keeper).post(path, {"ids": []}).status_code == 400


def test_the_command_counts_and_applies_without_names(account, capsys):
    old(make_contact(account, "Quiet One"))
    call_command("crm_retention")
    assert capsys.readouterr().out.strip() == "There are no retention rules"
    models.RetentionRule.objects.create(name="Old", kind="contact", months=36, action="anonymize")
    call_command("crm_retention")
    call_command("crm_retention", "--apply")
    assert capsys.readouterr().out.splitlines() == [
        "Old (contact, anonymize): 1 due", "Old (contact, anonymize): 1 due", "anonymized: 1",
    ]  # fmt: skip


def test_months_are_counted_by_the_calendar():
    day = datetime.datetime(2026, 3, 31, tzinfo=datetime.timezone.utc)
    assert months_before(day, 1).date() == datetime.date(2026, 2, 28)
    assert months_before(day, 15).date() == datetime.date(2024, 12, 31)
    assert months_before(day, 99_999).year == 1
