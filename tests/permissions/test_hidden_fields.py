"""A value in a hidden field shows on no endpoint: not in rows, files, streams, search or order."""

import pytest
from records import company, employee, make_contact, set_rules
from scene import make_scene
from test_leaks import NUMBER, WORD, _body, answers

from taiga_crm.kernel.text import search_text
from taiga_crm.models import (
    Account,
    AccountEmail,
    AccountPhone,
    Contact,
    ContactEmail,
    HistoryEntry,
)
from taiga_crm.permissions.field_rules import never_hidden
from taiga_crm.registry.catalog import entity, fields_of

pytestmark = pytest.mark.django_db

PLANTED = {
    "organisation": WORD, "website": f"{WORD}.example", "city": f"{WORD} city", "street": WORD,
    "vat_number": WORD, "registration_number": WORD, "description": WORD, "postal_code": WORD,
    "annual_revenue": NUMBER, "annual_revenue_currency": "CHF", "employees": NUMBER,
}  # fmt: skip
OF_CONTACTS = {"job_title": WORD, "department": WORD, "messenger": WORD, "notes": WORD}


def plant(scene):
    """Put the word into every field that rules can hide, of all visible accounts and contacts."""
    Account.objects.update(**PLANTED, search_text=search_text([WORD, "account"]))
    for row in Account.objects.all():
        value = f"{WORD}{row.pk}@example.org"
        AccountEmail.objects.create(account=row, value=value, key=value.lower(), is_primary=True)
        AccountPhone.objects.create(account=row, value=f"{NUMBER}", key=f"{NUMBER}{row.pk}")
        make_contact(row, "person")
        _tell("account", row.pk, *PLANTED, "emails", "phones")
    Contact.objects.update(**OF_CONTACTS, search_text=search_text([WORD, "person"]))
    for row in Contact.objects.all():
        value = f"{WORD}{row.pk}@example.org"
        ContactEmail.objects.create(contact=row, value=value, key=value.lower(), is_primary=True)
        _tell("contact", row.pk, *OF_CONTACTS, "emails")


def _tell(kind, pk, *names):
    changes = [{"field": name, "old": "", "new": WORD} for name in names if name in fields_of(kind)]
    HistoryEntry.objects.create(kind=kind, object_id=pk, verb="update", changes=changes)


def hide(kind, state, **place):
    """Hide every planted field of a kind."""
    names = {*PLANTED, *OF_CONTACTS, "emails", "phones"}
    fields = [name for name in fields_of(kind) if name in names]
    assert not any(never_hidden(entity(kind), fields_of(kind)[name]) for name in fields)
    set_rules(kind, *({"field": name, "effect": "hidden", "states": state} for name in fields),
              **place)  # fmt: skip


@pytest.mark.feature("F125")
@pytest.mark.feature("F214")
@pytest.mark.parametrize(
    ("persona", "where"),
    [("seller", "everywhere"), ("owner", "in a state"), ("admin", "in projects")],
)
def test_a_hidden_value_is_in_no_answer_of_any_endpoint(api, persona, where):
    scene = make_scene()
    plant(scene)
    for kind, state in (("account", company()), ("contact", employee())):
        if where == "in projects":
            for project in scene.projects.values():
                hide(kind, [], project=project)
        else:
            hide(kind, [str(state.pk)] if where == "in a state" else [])
    found = answers(api(scene.people[persona]), scene, persona)
    told = [key for key, text in found.items() if WORD in _body(text) or str(NUMBER) in _body(text)]
    assert told == []
    assert len(found) > 300


def test_who_administers_the_rules_gets_the_planted_values(api):
    scene = make_scene()
    plant(scene)
    hide("account", [])
    found = answers(api(scene.people["superuser"]), scene, "superuser")
    assert len([key for key, text in found.items() if WORD in _body(text)]) > 50
