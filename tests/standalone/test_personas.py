"""The people that the permission tests are about."""

import pytest

from personas import PERSONAS
from taiga_crm.permissions.access import access_of

pytestmark = pytest.mark.django_db


def test_the_world_has_every_persona(world):
    assert set(world.people) == set(PERSONAS)


def test_a_persona_is_a_fixture(viewer, superuser):
    assert (viewer.username, superuser.is_superuser) == ("viewer", True)


def test_only_members_enter_the_crm(world):
    entering = {name for name, person in world.people.items() if access_of(person).enters_crm}
    assert entering == set(PERSONAS) - {"stranger"}
