"""All URLs: the generated ones of each entity, and the hand-written ones before them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, re_path

from taiga_crm.api.account_links import (
    AccountProjectsView,
    AccountProjectView,
    ConnectionsView,
    ConnectionView,
)
from taiga_crm.api.attachments import (
    AttachmentFileView,
    AttachmentRestoreView,
    AttachmentVersionRestoreView,
    AttachmentVersionsView,
    AttachmentView,
    attachments_view,
)
from taiga_crm.api.bin import (
    BinEmptyView,
    BinEntryView,
    BinRestoreManyView,
    BinRestoreView,
    BinView,
)
from taiga_crm.api.custom_fields import custom_field_urls
from taiga_crm.api.favorites import favorite_urls
from taiga_crm.api.imports import import_urls
from taiga_crm.api.jobs import JobCancelView, JobsView, JobView
from taiga_crm.api.me import MetaView, MeView, ProjectsView, UsersView
from taiga_crm.api.notifications import (
    NotificationSettingsView,
    NotificationsView,
    ReadView,
    UnreadView,
)
from taiga_crm.api.privacy import DueView, privacy_urls
from taiga_crm.api.project_settings import GrantsView, GrantView, SettingsView
from taiga_crm.api.record_page import page_urls
from taiga_crm.api.saved_views import view_urls
from taiga_crm.api.schema import described, schema_view
from taiga_crm.api.scopes import entity_scopes
from taiga_crm.api.search import SearchView
from taiga_crm.api.security_urls import security_urls
from taiga_crm.api.streams import stream_urls
from taiga_crm.api.ticket_accounts import StarView, TicketAccountsView, TicketAccountView
from taiga_crm.api.vcards import VcardMappingView, VcardPreviewView, VcardsView, vcard_urls
from taiga_crm.api.viewset import EntityViewSet, action_view
from taiga_crm.registry.catalog import entities
from taiga_crm.registry.entity import Entity

ID = r"(?P<pk>[0-9]{1,19})"


def entity_urls(entity: Entity) -> list[URLPattern]:
    """Return the URLs of one entity; verbs without a rule have no method."""
    actions = {
        f"act_{action.name.replace('-', '_')}": action_view(action) for action in entity.actions
    }
    own = {"entity": entity, "token_scopes": entity_scopes(entity), **actions}
    name = f"{entity.key.title().replace('_', '')}ViewSet"
    viewset = described(entity, type(name, (EntityViewSet,), own))
    return [
        *_rows(entity, viewset),
        *_members(entity, viewset),
        *_verbs(entity, viewset),
        *_sets(entity, viewset),
        *_parts(entity),
    ]


def _rows(entity: Entity, viewset: Any) -> Iterator[URLPattern]:
    """Yield the list, what is derived from it, and the single record."""
    on_list, on_item = {"get": "list"}, {"get": "retrieve"}
    if "add" in entity.rules:
        on_list["post"] = "create"
    if "change" in entity.rules:
        on_item["patch"] = "partial_update"
    if "delete" in entity.rules:
        on_item["delete"] = "destroy"
    yield _url(f"^{entity.path}$", viewset, on_list)
    yield _url(f"^{entity.path}/groups$", viewset, {"get": "groups"})
    yield _url(f"^{entity.path}/export.csv$", viewset, {"get": "export_csv"})
    yield _url(f"^{entity.path}/export.xlsx$", viewset, {"get": "export_xlsx"})
    yield _url(f"^{entity.path}/{ID}$", viewset, on_item)


def _verbs(entity: Entity, viewset: Any) -> Iterator[URLPattern]:
    """Yield what only entities with the rule of a verb have, and the declared actions."""
    if entity.writable:
        yield _url(f"^{entity.path}/lookup$", viewset, {"get": "lookup"})
        yield _url(f"^{entity.path}/{ID}/history$", viewset, {"get": "history"})
    if "add" in entity.rules:
        yield _url(f"^{entity.path}/new$", viewset, {"get": "new"})
    if "delete" in entity.rules:
        preview = {"get": "delete_preview"}
        yield _url(f"^{entity.path}/{ID}/delete-preview$", viewset, preview)
    for action in entity.actions:
        method = {"post": f"act_{action.name.replace('-', '_')}"}
        yield _url(f"^{entity.path}/{ID}/{action.name}$", viewset, method)


def _members(entity: Entity, viewset: Any) -> Iterator[URLPattern]:
    """Yield what belongs to rows that lie below one another or that records are put under."""
    if entity.tree:
        yield _url(f"^{entity.path}/tree$", viewset, {"get": "tree"})
    if entity.members is not None:
        yield _url(f"^{entity.path}/{ID}/members$", viewset, {"post": "members"})


def _parts(entity: Entity) -> Iterator[URLPattern]:
    """Yield what hangs on records of the business."""
    if entity.is_record:
        yield re_path(f"^{entity.path}/{ID}/attachments$", attachments_view(entity))


def _sets(entity: Entity, viewset: Any) -> Iterator[URLPattern]:
    """Yield what acts on several records of a kind: bulk acts, merging, duplicates."""
    if entity.is_record and "change" in entity.rules:
        yield _url(f"^{entity.path}/bulk$", viewset, {"post": "bulk_change"})
        yield _url(f"^{entity.path}/bulk-favorite$", viewset, {"post": "bulk_favorite"})
    if entity.is_record and "delete" in entity.rules:
        yield _url(f"^{entity.path}/bulk-delete$", viewset, {"post": "bulk_delete"})
    if {"change", "delete"} <= entity.rules.keys():
        merge = {"get": "merge_preview", "post": "merge"}
        yield _url(f"^{entity.path}/merge$", viewset, merge)
        yield _url(f"^{entity.path}/{ID}/merges$", viewset, {"get": "merges"})
        yield _url(f"^{entity.path}/{ID}/undo-merge$", viewset, {"post": "undo_merge"})
    if entity.duplicate_by:
        like = {"get": "record_duplicates"}
        yield _url(f"^{entity.path}/duplicates$", viewset, {"get": "duplicates"})
        yield _url(f"^{entity.path}/{ID}/duplicates$", viewset, like)
        yield _url(f"^{entity.path}/{ID}/keep-apart$", viewset, {"post": "keep_apart"})


def _url(pattern: str, viewset: Any, methods: dict[str, str]) -> URLPattern:
    url: URLPattern = re_path(re.sub(r"(?<=export)\.", r"\\.", pattern), viewset.as_view(methods))
    return url


urlpatterns = [
    path("me", MeView.as_view()),
    path("meta", MetaView.as_view()),
    path("users", UsersView.as_view()),
    path("projects", ProjectsView.as_view()),
    path("search", SearchView.as_view()),
    *security_urls,
    path("jobs", JobsView.as_view()),
    re_path(f"^jobs/{ID}$", JobView.as_view()),
    re_path(f"^jobs/{ID}/cancel$", JobCancelView.as_view()),
    path("notifications", NotificationsView.as_view()),
    path("notifications/unread", UnreadView.as_view()),
    path("notifications/read", ReadView.as_view()),
    path("notifications/settings", NotificationSettingsView.as_view()),
    *custom_field_urls,
    re_path(f"^projects/{ID}/settings$", SettingsView.as_view()),
    re_path(f"^projects/{ID}/grants$", GrantsView.as_view()),
    re_path(f"^projects/{ID}/grants/(?P<role>[0-9]{{1,19}})$", GrantView.as_view()),
    re_path(f"^accounts/{ID}/projects$", AccountProjectsView.as_view()),
    re_path(f"^accounts/{ID}/projects/(?P<project>[0-9]{{1,19}})$", AccountProjectView.as_view()),
    re_path(f"^accounts/{ID}/connections$", ConnectionsView.as_view()),
    re_path(f"^accounts/{ID}/connections/(?P<connection>[0-9]{{1,19}})$", ConnectionView.as_view()),
    re_path(f"^attachments/{ID}$", AttachmentView.as_view()),
    re_path(f"^attachments/{ID}/restore$", AttachmentRestoreView.as_view()),
    re_path(f"^attachments/{ID}/file$", AttachmentFileView.as_view()),
    re_path(f"^attachments/{ID}/versions$", AttachmentVersionsView.as_view()),
    re_path(
        f"^attachments/{ID}/versions/(?P<number>[0-9]{{1,19}})/restore$",
        AttachmentVersionRestoreView.as_view(),
    ),
    path("bin", BinView.as_view()),
    path("bin/restore", BinRestoreManyView.as_view()),
    path("bin/empty", BinEmptyView.as_view()),
    re_path(f"^bin/{ID}$", BinEntryView.as_view()),
    re_path(f"^bin/{ID}/restore$", BinRestoreView.as_view()),
    path("vcards", VcardsView.as_view()),
    path("vcards/preview", VcardPreviewView.as_view()),
    path("vcards/mapping", VcardMappingView.as_view()),
    *vcard_urls(),
    *import_urls,
    path("ticket-accounts", TicketAccountsView.as_view()),
    re_path(f"^ticket-accounts/{ID}$", TicketAccountView.as_view()),
    re_path(f"^ticket-accounts/{ID}/star$", StarView.as_view()),
    *view_urls,
    *favorite_urls,
    *(url for entity in entities() for url in entity_urls(entity)),
    *(url for entity in entities() for url in page_urls(entity)),
    *(url for entity in entities() for url in stream_urls(entity)),
    *(url for entity in entities() for url in privacy_urls(entity)),
    re_path(f"^retention-rules/{ID}/due$", DueView.as_view()),
    path("schema", schema_view),
]
