"""Keep webhooks: list, add, change, delete, and their secrets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from taiga_crm.capabilities import security_log
from taiga_crm.capabilities.history import record_history, text_change
from taiga_crm.capabilities.locking import lock_in_transaction
from taiga_crm.capabilities.outgoing import DOOR, Door
from taiga_crm.capabilities.plain_edit import check_version
from taiga_crm.capabilities.security_log import About
from taiga_crm.capabilities.topics import Topic
from taiga_crm.capabilities.webhook_events import EVENTS, told_kinds
from taiga_crm.capabilities.webhook_sending import skip_waiting
from taiga_crm.capabilities.webhook_signing import new_secret, rotate
from taiga_crm.conf import conf
from taiga_crm.host import current_host
from taiga_crm.kernel import clock
from taiga_crm.kernel.errors import InvalidInput, NotVisible, Refused
from taiga_crm.models import Webhook, WebhookDelivery
from taiga_crm.permissions.access import access_of
from taiga_crm.permissions.projects import crm_project
from taiga_crm.permissions.webhooks import kept_webhooks, may_keep
from taiga_crm.services.webhook_input import read_webhook

KIND = "webhook"
MAX_WEBHOOKS = 20
NOTED = ("name", "url", "kinds", "events", "is_active")
Json = dict[str, Any]


def choices(actor: Any, project_id: int | None) -> Json:
    """Return what a webhook of this place can be told of, and where it may lead."""
    require_keeper(actor, project_id)
    return {
        "kinds": [{"key": one.key, "label": str(one.label_plural)} for one in told_kinds()],
        "events": list(EVENTS),
        "http": conf().webhook_http,
        "ports": list(conf().webhook_ports),
        "log_days": conf().webhook_log_days,
        "most": MAX_WEBHOOKS,
    }


def webhooks_of(actor: Any, project_id: int | None) -> list[Json]:
    """Return the webhooks of a project, or those of all projects."""
    require_keeper(actor, project_id)
    rows = kept_webhooks(actor).filter(project=project_id)
    return [_shown(one, actor) for one in _complete(rows).order_by("name", "pk")]


def webhook_of(actor: Any, pk: int, *, lock: bool = False) -> Webhook:
    """Return a webhook that the person keeps; NotVisible otherwise."""
    rows = _complete(kept_webhooks(actor)).filter(pk=pk)
    found: Webhook | None = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotVisible("No such webhook")
    return found


def read(actor: Any, pk: int) -> Json:
    """Return one webhook."""
    return _shown(webhook_of(actor, pk), actor)


def add(actor: Any, data: Mapping[str, Any], door: Door = DOOR) -> Json:
    """Add a webhook, owned by the actor; the answer shows its secret."""
    project_id = _place(data.get("project"))
    _require_open(actor, project_id)
    values = read_webhook(data, creating=True, door=door)
    with transaction.atomic():
        lock_in_transaction("crm.webhooks", project_id or 0)
        if Webhook.objects.filter(project=project_id).count() >= MAX_WEBHOOKS:
            raise InvalidInput({"name": [_("At most %d webhooks.") % MAX_WEBHOOKS]})
        row = Webhook.objects.create(
            project_id=project_id, owner=actor, created_by=actor, secret=new_secret(), **values
        )
        record_history(KIND, row, actor, "create", [])
        security_log.note(security_log.SECRET_SHOWN, actor, About(KIND, row.pk))
    return {**read(actor, row.pk), "secret": row.secret}


def change(actor: Any, pk: int, data: Mapping[str, Any], door: Door = DOOR) -> Json:
    """Change a webhook and take it over: from now on it tells what the actor may see."""
    _require_open(actor, webhook_of(actor, pk).project_id)
    values = read_webhook(data, creating=False, door=door)
    with transaction.atomic():
        row = webhook_of(actor, pk, lock=True)
        check_version(row, data)
        changes = [
            text_change(name, _text(getattr(row, name)), _text(values[name]))
            for name in NOTED
            if name in values and values[name] != getattr(row, name)
        ]
        for name, value in values.items():
            setattr(row, name, value)
        if row.is_active:
            row.stopped, row.failing_since = "", None
        else:
            skip_waiting(row)
        row.owner, row.version, row.modified_at = actor, row.version + 1, clock.now()
        row.save()
        record_history(KIND, row, actor, "update", changes)
    return read(actor, pk)


def remove(actor: Any, pk: int) -> None:
    """Delete a webhook with its log."""
    with transaction.atomic():
        row = webhook_of(actor, pk, lock=True)
        _require_open(actor, row.project_id)
        record_history(KIND, row, actor, "delete", [])
        row.delete()


def secret_of(actor: Any, pk: int) -> Json:
    """Return the secret, and until when the former one is good beside it."""
    row = webhook_of(actor, pk)
    security_log.note(security_log.SECRET_SHOWN, actor, About(KIND, row.pk))
    return _secret(row)


def rotate_secret(actor: Any, pk: int) -> Json:
    """Give a new secret; the former one signs beside it for a day."""
    with transaction.atomic():
        row = webhook_of(actor, pk, lock=True)
        _require_open(actor, row.project_id)
        rotate(row, clock.now())
        row.save(update_fields=["secret", "former_secret", "former_until"])
        record_history(KIND, row, actor, "rotate_secret", [])
        security_log.note(security_log.SECRET_SHOWN, actor, About(KIND, row.pk))
    return _secret(row)


def news(user: Any, ids: set[int]) -> dict[int, Topic]:
    """Return how the bell shows webhooks that the person keeps."""
    rows = kept_webhooks(user).filter(pk__in=ids).select_related("project")
    return {row.pk: Topic(row.name, "send", _page(row)) for row in rows}


def subject(_verb: str, label: str) -> str:
    """Return the subject of the mail about a webhook that the CRM switched off."""
    return _("The webhook “%s” was switched off") % label


def require_keeper(actor: Any, project_id: int | None) -> None:
    """Raise NotVisible for projects of others, Refused for whoever does not keep webhooks."""
    if project_id is not None:
        crm_project(actor, project_id)
    if not may_keep(access_of(actor), project_id):
        raise Refused(_("You may not do this."), verb="change", kind=KIND)


def _require_open(actor: Any, project_id: int | None) -> None:
    require_keeper(actor, project_id)
    if project_id is not None:
        current_host().check_writable(crm_project(actor, project_id))


def _place(given: Any) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 0 < given < 2**31:
        raise InvalidInput({"project": [_("Choose one from the list.")]})
    return int(given)


def _page(row: Webhook) -> str:
    place = "/crm" if row.project is None else f"/project/{row.project.slug}/crm"
    return f"{place}/settings/webhooks?webhook={row.pk}"


def _complete(rows: Any) -> Any:
    """Add the owner and how the last attempt went."""
    last = WebhookDelivery.objects.filter(webhook=OuterRef("pk"), sent_at__isnull=False)
    last = last.order_by("-sent_at", "-pk")
    return rows.select_related("owner").annotate(
        last_state=Subquery(last.values("state")[:1]),
        last_at=Subquery(last.values("sent_at")[:1]),
        last_status=Subquery(last.values("status")[:1]),
        last_error=Subquery(last.values("error")[:1]),
    )


def _shown(row: Any, actor: Any) -> Json:
    owner = row.owner
    last = None
    if row.last_at is not None:
        last = {
            "state": row.last_state,
            "at": row.last_at,
            "status": row.last_status,
            "error": row.last_error,
        }
    return {
        "id": row.pk,
        "project": row.project_id,
        "name": row.name,
        "url": row.url,
        "kinds": row.kinds,
        "events": row.events,
        "is_active": row.is_active,
        "stopped": row.stopped,
        "failing_since": row.failing_since,
        "owner": owner and {"id": owner.pk, "label": owner.full_name or owner.username},
        "is_mine": owner is not None and owner.pk == actor.pk,
        "last": last,
        "created_at": row.created_at,
        "version": row.version,
    }


def _secret(row: Webhook) -> Json:
    good = row.former_until is not None and clock.now() < row.former_until
    return {"secret": row.secret, "former_until": row.former_until if good else None}


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
