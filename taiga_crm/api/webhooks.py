"""Webhooks: keeping them, their secrets, and the log of what they have sent."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, re_path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.field_rules import project_in
from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.services import webhook_log, webhooks

NAMES = serializers.ListField(child=serializers.CharField(), required=False)
FIELDS: dict[str, Any] = {
    "kinds": NAMES,
    "events": NAMES,
    "is_active": serializers.BooleanField(required=False),
}
NEW = body_fields(
    "NewWebhook",
    name=serializers.CharField(max_length=120),
    url=serializers.CharField(max_length=500),
    project=serializers.IntegerField(required=False, allow_null=True),
    **FIELDS,
)
CHANGED = body_fields(
    "ChangedWebhook",
    version=serializers.IntegerField(),
    name=serializers.CharField(max_length=120, required=False),
    url=serializers.CharField(max_length=500, required=False),
    **FIELDS,
)


class WebhooksView(CrmView):
    """GET, POST /webhooks."""

    atomic_dispatch = False  # a name is looked up before the transaction begins

    @plain(OBJECTS, query=("project",))
    def get(self, request: Request) -> Response:
        """Return the webhooks of a project, or those of all projects."""
        return Response(webhooks.webhooks_of(request.user, project_in(request)))

    @plain(request=NEW, status=201)
    def post(self, request: Request) -> Response:
        """Add a webhook; the answer shows its secret."""
        return Response(webhooks.add(request.user, body_of(request)), 201)


class WebhookChoicesView(CrmView):
    """GET /webhooks/choices."""

    @plain(query=("project",))
    def get(self, request: Request) -> Response:
        """Return the kinds and events that a webhook of this place can be told of."""
        return Response(webhooks.choices(request.user, project_in(request)))


class WebhookView(CrmView):
    """GET, PATCH, DELETE /webhooks/{id}."""

    atomic_dispatch = False

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return one webhook."""
        return Response(webhooks.read(request.user, record_id(pk)))

    @plain(request=CHANGED)
    def patch(self, request: Request, pk: str) -> Response:
        """Change a webhook and take it over; needs the version that was read."""
        return Response(webhooks.change(request.user, record_id(pk), body_of(request)))

    @plain(None, status=204)
    def delete(self, request: Request, pk: str) -> Response:
        """Delete a webhook with its log."""
        webhooks.remove(request.user, record_id(pk))
        return Response(None, 204)


class WebhookSecretView(CrmView):
    """GET, POST /webhooks/{id}/secret."""

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return the secret."""
        return _unkept(webhooks.secret_of(request.user, record_id(pk)))

    @plain()
    def post(self, request: Request, pk: str) -> Response:
        """Give a new secret; the former one signs beside it for a day."""
        return _unkept(webhooks.rotate_secret(request.user, record_id(pk)))


class WebhookTestView(CrmView):
    """POST /webhooks/{id}/test."""

    @plain(status=202)
    def post(self, request: Request, pk: str) -> Response:
        """Send a delivery that tells nothing; a worker does it."""
        return Response(webhook_log.send_test(request.user, record_id(pk)), 202)


class DeliveriesView(CrmView):
    """GET /webhooks/{id}/deliveries."""

    @plain(OBJECTS, query=("state", "event", "cursor"))
    def get(self, request: Request, pk: str) -> Response:
        """Return the log, newest first."""
        params = request.query_params.dict()
        rows, after = webhook_log.deliveries_of(request.user, record_id(pk), params)
        return Response(rows, headers={"x-pagination-next-cursor": after} if after else {})


class DeliveryView(CrmView):
    """GET /webhooks/{id}/deliveries/{delivery}."""

    @plain()
    def get(self, request: Request, pk: str, delivery: str) -> Response:
        """Return one delivery with what was sent and answered."""
        one = webhook_log.delivery_of(request.user, record_id(pk), record_id(delivery))
        return Response(one)


class SendAgainView(CrmView):
    """POST /webhooks/{id}/deliveries/{delivery}/send-again."""

    @plain(status=202)
    def post(self, request: Request, pk: str, delivery: str) -> Response:
        """Send a delivery once more; a worker does it."""
        one = webhook_log.send_again(request.user, record_id(pk), record_id(delivery))
        return Response(one, 202)


def _unkept(body: dict[str, Any]) -> Response:
    return Response(body, headers={"Cache-Control": "no-store"})


ITEM = r"^webhooks/(?P<pk>[0-9]{1,19})"
DELIVERY = f"{ITEM}/deliveries/(?P<delivery>[0-9]{{1,19}})"
webhook_urls: list[URLPattern] = [
    path("webhooks", WebhooksView.as_view()),
    path("webhooks/choices", WebhookChoicesView.as_view()),
    re_path(f"{ITEM}$", WebhookView.as_view()),
    re_path(f"{ITEM}/secret$", WebhookSecretView.as_view()),
    re_path(f"{ITEM}/test$", WebhookTestView.as_view()),
    re_path(f"{ITEM}/deliveries$", DeliveriesView.as_view()),
    re_path(f"{DELIVERY}$", DeliveryView.as_view()),
    re_path(f"{DELIVERY}/send-again$", SendAgainView.as_view()),
]
