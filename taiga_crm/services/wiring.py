"""What hears, what runs, what repeats: listeners, jobs and periodic work, put together once."""

from __future__ import annotations

import datetime

from taiga_crm.capabilities import (
    exporting,
    import_work,
    imports,
    webhook_events,
    webhook_sending,
)
from taiga_crm.capabilities.announcing import listen
from taiga_crm.capabilities.attachments import purge_deleted
from taiga_crm.capabilities.commenting import forget_deleted
from taiga_crm.capabilities.custom_formulas import keep_computed
from taiga_crm.capabilities.custom_upkeep import recalculate_for_today, register_custom_runners
from taiga_crm.capabilities.erasing import register_forgetter
from taiga_crm.capabilities.following import hear
from taiga_crm.capabilities.import_upkeep import forget_person, imports_about, sweep_imports
from taiga_crm.capabilities.jobs import register_runner
from taiga_crm.capabilities.kept_files import register_holder, sweep
from taiga_crm.capabilities.mailing import deliver_waiting, forget_old
from taiga_crm.capabilities.periodic import register_periodic
from taiga_crm.capabilities.personal_archive import register_archived
from taiga_crm.capabilities.rate_limit import forget_counts
from taiga_crm.capabilities.security_log import forget_events
from taiga_crm.capabilities.tab_counts import count_on_tabs
from taiga_crm.capabilities.topics import register_topic
from taiga_crm.capabilities.traces import register_copies
from taiga_crm.models import (
    AccountConnection,
    AttachmentVersion,
    BinEntry,
    Comment,
    HeldFile,
    HistoryEntry,
    Import,
    ImportRow,
    Job,
    MergeRun,
    SavedView,
    WebhookDelivery,
)
from taiga_crm.services import (
    account_connections,
    security_notes,
    vcard_runs,
    webhook_log,
    webhooks,
)
from taiga_crm.services.bin import purge_bin
from taiga_crm.services.retention import apply_retention

MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


def wire() -> None:
    """Register everything; called once when the app is ready, again without harm."""
    listen(keep_computed)
    listen(hear)
    listen(webhook_events.hear)
    listen(security_notes.hear)
    exporting.listen(security_notes.hear_export)
    register_runner(vcard_runs.JOB, vcard_runs.run)
    register_runner(imports.PREVIEW, import_work.preview)
    register_runner(imports.RUN, import_work.run)
    register_runner(imports.UNDO, import_work.undo)
    register_forgetter(forget_person)
    register_archived("imports", imports_about)
    register_custom_runners()
    register_holder(AttachmentVersion, "file")
    register_periodic("custom-fields-today", DAY, recalculate_for_today)
    register_periodic("purge-attachments", DAY, purge_deleted)
    register_periodic("sweep-files", DAY, sweep)
    register_periodic("send-waiting-mails", MINUTE, deliver_waiting)
    register_periodic("forget-deleted-comments", DAY, forget_deleted)
    register_periodic("forget-notifications", DAY, forget_old)
    register_periodic("purge-bin", DAY, purge_bin)
    register_periodic("sweep-imports", DAY, sweep_imports)
    register_periodic("apply-retention", DAY, apply_retention)
    register_periodic("check-webhooks", HOUR, webhook_sending.check_owners)
    register_periodic("forget-deliveries", DAY, webhook_sending.forget_deliveries)
    register_forgetter(webhook_sending.forget_record)
    register_archived("recipients", webhook_log.recipients_of)
    register_topic(webhook_sending.TOPIC, webhooks.news, webhooks.subject)
    register_periodic("forget-security-events", DAY, forget_events)
    register_periodic("forget-api-counts", DAY, forget_counts)
    register_holder(HeldFile, "name")
    register_holder(Import, "file")
    count_on_tabs("connections", account_connections.connected)
    _register_copies()


def _register_copies() -> None:
    """Name the columns where values of records stand a second time, for anonymizing."""
    register_copies(HistoryEntry, "label", "changes")
    register_copies(Comment, "text")
    register_copies(Job, "params", "result", "error")
    register_copies(BinEntry, "label", "snapshot")
    register_copies(MergeRun, "labels", "journal")
    register_copies(SavedView, "name", "state")
    register_copies(AccountConnection, "note")
    register_copies(Import, "file_name", "columns", "reading", "preview", "result", "undone")
    register_copies(ImportRow, "name", "remarks", "before")
    register_copies(WebhookDelivery, "changes", "body", "answer")
