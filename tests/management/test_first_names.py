"""crm_first_names: what an installation starts with speaks the language of its people (F112)."""

from io import StringIO

import pytest
from django.core.management import call_command

from taiga_crm.models import AccountGroup, AccountType, HistoryEntry, Industry
from taiga_crm.services.first_names import first_names

pytestmark = [pytest.mark.django_db, pytest.mark.feature("F112"), pytest.mark.feature("F217")]


def renamed(*arguments):
    out = StringIO()
    call_command("crm_first_names", *arguments, stdout=out)
    return out.getvalue().splitlines()


def names(model):
    return list(model.objects.order_by("position", "pk").values_list("name", flat=True))


def test_the_names_are_those_that_the_migrations_wrote():
    for model, expected in first_names("en").items():
        assert names(model) == list(expected)


def test_every_first_name_has_a_korean_one():
    for model, english in first_names("en").items():
        korean = first_names("ko")[model]
        assert len(set(korean)) == len(english)
        assert not set(korean) & set(english)


def test_only_first_names_that_nobody_changed_are_translated():
    Industry.objects.filter(name="Software").update(name="Programs")
    before = Industry.objects.get(name="Finance")
    told = renamed("ko")
    assert "Industry: Finance -> 금융" in told
    assert Industry.objects.get(pk=before.pk).name == "Finance"
    assert renamed("ko", "--apply") == [*told[:-1], f"{len(told) - 1} renamed"]
    after = Industry.objects.get(pk=before.pk)
    assert (after.name, after.version) == ("금융", before.version + 1)
    assert Industry.objects.filter(name="Programs").exists()
    entry = HistoryEntry.objects.get(kind="industry", object_id=before.pk)
    assert (entry.actor, entry.changes[0]["old"], entry.changes[0]["new"]) == (
        None, "Finance", "금융",
    )  # fmt: skip
    assert renamed("ko", "--apply") == ["0 renamed"]


def test_the_way_back_gives_the_english_names():
    before = names(AccountType), names(AccountGroup)
    renamed("ko", "--apply")
    assert not set(names(AccountGroup)) & set(before[1])
    renamed("en", "--apply")
    assert (names(AccountType), names(AccountGroup)) == before


def test_a_name_that_is_taken_is_left_to_people():
    Industry.objects.create(name="금융", position=99)
    assert not any("Finance" in line for line in renamed("ko", "--apply"))
    assert Industry.objects.filter(name="Finance").exists()
