"""The host's tables, columns and migrations that the CRM is built on."""

import pytest
from contract import COLUMNS, MIGRATIONS
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from factories import MAKE_TICKET, make_issue, make_project, make_story, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", sorted(COLUMNS))
def test_the_table_has_the_columns_the_crm_reads(table):
    with connection.cursor() as cursor:
        found = {c.name for c in connection.introspection.get_table_description(cursor, table)}
    assert COLUMNS[table] - found == set()


def test_the_migrations_ours_depend_on_exist():
    assert MIGRATIONS - set(MigrationLoader(connection).disk_migrations) == set()


def test_tickets_of_all_kinds_share_one_sequence_of_numbers_per_project():
    project, other = make_project(), make_project()
    refs = [make(project).ref for make in MAKE_TICKET.values()]
    assert refs == [refs[0], refs[0] + 1, refs[0] + 2, refs[0] + 3]
    assert make_issue(other).ref == refs[0]


def test_a_story_is_closed_by_its_status():
    project = make_project()
    closed = make_story(project, status="closed")
    opened = make_story(project, status="new")
    for story in (closed, opened):
        story.refresh_from_db()
    assert (closed.status.is_closed, opened.status.is_closed) == (True, False)


def test_deleting_a_person_leaves_their_tickets():
    project, user = make_project(), make_user()
    issue = make_issue(project, owner=user, assigned_to=user)
    user.delete()
    issue.refresh_from_db()
    assert (issue.owner_id, issue.assigned_to_id) == (None, None)


def test_deleting_a_project_deletes_its_tickets():
    project = make_project()
    ids = {make: make(project).pk for make in MAKE_TICKET.values()}
    project.delete()
    for make, pk in ids.items():
        assert not type(make(make_project())).objects.filter(pk=pk).exists()
