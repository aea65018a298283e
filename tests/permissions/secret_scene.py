"""The secrets of the walk: a private account that was visible once, and fields that rules hide."""

from __future__ import annotations

from typing import Any

import records
from scene import Scene, make_scene

from taiga_crm import models
from taiga_crm.capabilities.merging import MergeRequest, merge
from taiga_crm.kernel.text import search_text
from taiga_crm.permissions.field_rules import never_hidden
from taiga_crm.registry.catalog import entity, fields_of

FIELD, PRIVATE = "Zq7xField", "Zq7yPrivate"
NUMBER = 987654321
FINDER = "findme@example.org"  # an address of the private account that tells no secret itself
TEXTS = {
    "account": ("organisation", "website", "city", "street", "vat_number", "postal_code",
                "registration_number", "description"),
    "contact": ("job_title", "department", "messenger", "notes"),
}  # fmt: skip
NUMBERS = {"account": ("annual_revenue", "employees"), "contact": ()}
CUSTOM = "cf_warehouse"
MODELS: dict[str, Any] = {"account": models.Account, "contact": models.Contact}
DICTIONARIES: dict[str, Any] = {
    "account_group": models.AccountGroup, "industry": models.Industry,
    "account_type": models.AccountType, "contact_type": models.ContactType,
    "user_type": models.UserType, "consent_purpose": models.ConsentPurpose,
    "retention_rule": models.RetentionRule,
}  # fmt: skip
CHANNELS: dict[str, Any] = {
    "account": (models.AccountEmail, models.AccountPhone),
    "contact": (models.ContactEmail, models.ContactPhone),
}


def make_secrets() -> Scene:
    """Return the scene of the matrix with a word in every hidden field and on every part of the
    private account, and with everybody tied to that account as if it had been visible before."""
    scene = make_scene()
    scene.runs, scene.others = {}, {}
    scene.people["keeper"] = scene.accounts["hub"].created_by
    scene.mine["keeper"] = scene.mine["seller"]
    scene.my_contacts["keeper"] = scene.my_contacts["seller"]
    scene.connections["mine keeper"] = scene.connections["mine seller"]
    scene.attachments["mine keeper"] = scene.attachments["mine seller"]
    _merge(scene)
    for kind in MODELS:
        for row in MODELS[kind].objects.order_by("pk"):
            _fill(kind, row, FIELD)
            _tell(kind, row, FIELD)
    _make_private(scene)
    _tie(scene)
    for kind in MODELS:
        hide(kind)
    return scene


def hidden_names(kind: str) -> list[str]:
    """Return the fields of a kind that the walk hides from everybody."""
    return [
        *TEXTS[kind],
        *NUMBERS[kind],
        "emails",
        "phones",
        *([CUSTOM] if kind == "account" else []),
    ]


def hide(kind: str) -> None:
    """Hide every planted field of a kind from all but who administers the rules."""
    known = fields_of(kind)
    assert not any(
        never_hidden(entity(kind), known[name]) for name in hidden_names(kind) if name in known
    )
    records.set_rules(kind, *({"field": name, "effect": "hidden"} for name in hidden_names(kind)))


def _fill(kind: str, row: Any, word: str) -> None:
    """Put the word into every field of a row that can be hidden."""
    values: dict[str, Any] = dict.fromkeys(TEXTS[kind], word)
    if kind == "account":
        values.update(
            website=f"{word}.example", annual_revenue=NUMBER, annual_revenue_currency="CHF",
            employees=NUMBER, custom={CUSTOM: word},
        )  # fmt: skip
    text = search_text([word, row.name])
    MODELS[kind].objects.filter(pk=row.pk).update(**values, search_text=text)
    mails, phones = CHANNELS[kind]
    owner = {kind: row, "is_primary": True}
    value = f"{word}{row.pk}@example.org"
    mails.objects.create(value=value, key=value.lower(), **owner)
    phones.objects.create(value=f"+41 {NUMBER}", key=f"+41{NUMBER}{row.pk}", **owner)


def _tell(kind: str, row: Any, word: str) -> None:
    """Let the history say that each of these fields was changed."""
    changes = [{"field": name, "old": "", "new": word} for name in hidden_names(kind)]
    models.HistoryEntry.objects.create(
        kind=kind, object_id=row.pk, verb="update", changes=changes, actor_name="Keeper"
    )


def _make_private(scene: Scene) -> None:
    """Name everything of the private account after the other word."""
    account, contact = scene.accounts["private"], scene.contacts["private"]
    for kind, row in (("account", account), ("contact", contact)):
        row.refresh_from_db()
        names = {"name": f"{PRIVATE} {kind}", "first_name": PRIVATE, "last_name": PRIVATE}
        MODELS[kind].objects.filter(pk=row.pk).update(**names)
        row.refresh_from_db()
        for channel in CHANNELS[kind]:
            channel.objects.filter(**{kind: row}).delete()
        _fill(kind, row, PRIVATE)
        CHANNELS[kind][0].objects.create(**{kind: row}, value=FINDER, key=FINDER)
        models.HistoryEntry.objects.filter(kind=kind, object_id=row.pk).delete()
        _tell(kind, row, PRIVATE)
        parts = {"kind": kind, "object_id": row.pk}
        models.Comment.objects.filter(**parts).update(text=PRIVATE)
        models.Consent.objects.filter(**parts).update(source=PRIVATE)
    models.AttachmentVersion.objects.filter(attachment=scene.attachments["private"]).update(
        name=f"{PRIVATE}.pdf"
    )
    models.Attachment.objects.filter(pk=scene.attachments["private"].pk).update(description=PRIVATE)
    models.BinEntry.objects.filter(pk=scene.binned["private"].pk).update(label=f"{PRIVATE} binned")
    models.AccountConnection.objects.filter(pk=scene.connections["private"].pk).update(note=PRIVATE)
    models.SavedView.objects.filter(pk=scene.views["private"].pk).update(name=f"{PRIVATE} view")


def _tie(scene: Scene) -> None:
    """Tie the private account to what everybody sees: parent, history, stars, news, groups."""
    secret = scene.accounts["private"]
    shown = {*scene.mine.values(), scene.accounts["team"], scene.accounts["hub"]}
    ids = [row.pk for row in shown]
    models.Account.objects.filter(pk__in=ids).update(parent=secret)
    change = {"field": "parent", "old": "", "new": secret.name, "new_id": secret.pk}
    for pk in ids:
        models.HistoryEntry.objects.create(
            kind="account", object_id=pk, verb="update", changes=[change], actor_name="Keeper"
        )
    group = models.AccountGroup.objects.create(name="Of all")
    for row in (secret, *shown):
        models.AccountGroupMember.objects.create(group=group, account=row)
    records.link(scene.issues["team"], secret, primary=False)
    for name, user in scene.people.items():
        parts = {"kind": "account", "object_id": secret.pk, "user": user}
        models.Favorite.objects.get_or_create(**parts)
        models.Follower.objects.get_or_create(**parts)
        models.Notification.objects.create(
            **parts, reason="mention", verb="comment", actor_name=f"{name} told"
        )
        records.make_view(f"Below, of {name}", user, state={
            "columns": ["name", "parent"], "filters": [["parent", "exact", str(secret.pk)]],
        })  # fmt: skip


def _merge(scene: Scene) -> None:
    """Merge a twin into one row of every kind, so that there is a run to read and to undo."""
    by, home = scene.people["superuser"], scene.projects["home"]
    team, contact = scene.accounts["team"], scene.contacts["team"]
    pairs = {
        "account": (team, records.make_account("Twin", home)),
        "contact": (contact, records.make_contact(team, "Twin")),
        **{key: _two_of(key, model) for key, model in DICTIONARIES.items()},
    }
    scene.others.update(account=scene.accounts["hub"], contact=scene.contacts["global"])
    for key, (winner, loser) in pairs.items():
        versions = {str(one.pk): one.version for one in (winner, loser)}
        asked = MergeRequest([winner.pk, loser.pk], winner.pk, versions, {})
        scene.runs[key] = (winner, merge(entity(key), by, asked))


def _two_of(key: str, model: Any) -> tuple[Any, Any]:
    more = {"kind": "contact", "months": 12} if key == "retention_rule" else {}
    return tuple(model.objects.create(name=f"{key} {number}", **more) for number in (1, 2))
