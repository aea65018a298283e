"""Sample data on projects that are not the demo's: nothing is taken away, nobody is promoted."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from records import fingerprint

from factories import make_issue, make_member, make_project, make_user
from taiga_crm.models import Account, RoleGrant, TicketAccount, UserTypeMember

pytestmark = pytest.mark.django_db


def fill(**options: Any) -> str:
    out = io.StringIO()
    call_command("crm_sample_data", stdout=out, **options)
    return out.getvalue()


def test_existing_members_play_the_parts() -> None:
    project = make_project("Real one")
    make_user("root", is_superuser=True)
    member = make_member(project, make_user("dirk"), is_admin=True)
    looker = make_member(project, make_user("looker"))
    known = looker.memberships.get().role
    RoleGrant.objects.create(role=known, keys=["view_account"], scopes={"account": "own"})
    make_issue(project)
    assert fill(projects="real-one") == "Created 260 accounts in Real one\n"
    assert set(Account.objects.values_list("created_by", flat=True)) == {member.pk}
    assert TicketAccount.objects.filter(project=project).count() == 1
    assert RoleGrant.objects.get(role=known).keys == ["view_account"]
    assert UserTypeMember.objects.count() == 0


@pytest.mark.parametrize(
    "superuser, reason", [(False, "no superuser"), (True, "no project nowhere")]
)
def test_it_refuses_with_the_reason(superuser: bool, reason: str) -> None:
    make_user("root", is_superuser=superuser)
    before = fingerprint()
    with pytest.raises(CommandError, match=reason):
        fill(projects="nowhere")
    assert fingerprint() == before
