"""What others do that belongs into the security log: exports, erasing, giving rights."""

from __future__ import annotations

from taiga_crm.capabilities import security_log
from taiga_crm.capabilities.announcing import Happening
from taiga_crm.capabilities.exporting import Exported
from taiga_crm.capabilities.security_log import About

# whoever changes a record of these gives or takes rights
GIVES_RIGHTS = ("user_type",)


def hear_export(done: Exported) -> None:
    """Note how many rows of which kind a person took out, and by what they were narrowed."""
    details = {
        "format": done.format,
        "rows": done.rows,
        "narrowed_by": list(done.narrowed_by),
    }
    security_log.note(security_log.EXPORT, done.user, About(done.entity.key, details=details))


def hear(happenings: list[Happening]) -> None:
    """Note persons that were anonymized, and changes of what carries keys."""
    erased = [one for one in happenings if one.action == "anonymize"]
    rights = [one for one in happenings if one.entity.key in GIVES_RIGHTS]
    for kind, acts in ((security_log.ERASED, erased), (security_log.RIGHTS, rights)):
        if acts:
            security_log.note_many(kind, [(one.actor, _about(one)) for one in acts])


def _about(one: Happening) -> About:
    details = {"action": one.action, "fields": sorted({str(c["field"]) for c in one.changes})}
    return About(one.entity.key, one.record.pk, details=details)
