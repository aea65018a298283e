"""The bell: what a person is told, marking it read, and what comes by mail."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.scopes import READS, RECORDS, WRITES
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.capabilities import notifying
from taiga_crm.kernel.errors import InvalidInput

READ = body_fields(
    "ReadNotifications",
    until=serializers.IntegerField(),
    kind=serializers.CharField(required=False),
    id=serializers.IntegerField(required=False),
)
WISHES = body_fields(
    "NotificationSettings",
    mail_mentions=serializers.BooleanField(required=False),
    mail_followed=serializers.BooleanField(required=False),
)


class NotificationsView(CrmView):
    """GET /notifications."""

    token_scopes = READS
    beyond_projects = True

    @plain(OBJECTS, query=("cursor",))
    def get(self, request: Request) -> Response:
        """Return records with news, newest first."""
        cursor = request.query_params.get("cursor", "")
        rows, after = notifying.read_notifications(request.user, cursor)
        headers = {"x-pagination-next-cursor": after} if after else {}
        return Response(rows, headers=headers)


class UnreadView(CrmView):
    """GET /notifications/unread."""

    token_scopes = READS
    beyond_projects = True

    @plain()
    def get(self, request: Request) -> Response:
        """Return how many records have unread news."""
        return Response({"unread": notifying.count_unread(request.user)})


class ReadView(CrmView):
    """POST /notifications/read."""

    token_scopes = WRITES
    beyond_projects = True

    @plain(request=READ)
    def post(self, request: Request) -> Response:
        """Mark the news of one record ({"kind", "id"}) or of all as read, up to `until`."""
        data = body_of(request)
        kind, pk = data.get("kind"), data.get("id")
        if kind is not None and (
            not notifying.is_told_about(kind) or isinstance(pk, bool) or not isinstance(pk, int)
        ):
            raise InvalidInput({"kind": ["Choose a record."]})
        notifying.mark_read(request.user, kind, pk, data.get("until"))
        return Response({"unread": notifying.count_unread(request.user)})


class NotificationSettingsView(CrmView):
    """GET, PATCH /notifications/settings."""

    token_scopes = RECORDS
    beyond_projects = True

    @plain()
    def get(self, request: Request) -> Response:
        """Return what comes by mail."""
        return Response(notifying.read_settings(request.user))

    @plain(request=WISHES)
    def patch(self, request: Request) -> Response:
        """Change what comes by mail."""
        return Response(notifying.write_settings(request.user, body_of(request)))
