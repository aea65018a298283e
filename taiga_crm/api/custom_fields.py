"""The administration of custom fields (F117, F118, F137)."""

from __future__ import annotations

from typing import Any

from django.urls import path, re_path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, body_fields, plain
from taiga_crm.api.scopes import SETS
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities import custom_admin
from taiga_crm.capabilities.custom_shown import shown_definition, shown_kinds, tried_formula
from taiga_crm.capabilities.jobs import enqueue, shown
from taiga_crm.permissions.callers import DELETE, READ, SETTINGS

TEXTS = serializers.DictField(child=serializers.CharField(), required=False)
DEFINITION: dict[str, Any] = {
    "label": serializers.CharField(max_length=120),
    "labels": TEXTS,
    "help": serializers.CharField(required=False, allow_blank=True, max_length=500),
    "helps": TEXTS,
    "section": serializers.CharField(required=False, allow_blank=True, max_length=120),
    "section_labels": TEXTS,
    "is_required": serializers.BooleanField(required=False),
    "is_enabled": serializers.BooleanField(required=False),
    "is_shown": serializers.BooleanField(required=False),
    "is_searched": serializers.BooleanField(required=False),
    "is_indexed": serializers.BooleanField(required=False),
    "options": serializers.ListField(child=serializers.DictField(), required=False),
    "default": serializers.JSONField(required=False, allow_null=True),
    "minimum": serializers.CharField(required=False, allow_blank=True),
    "maximum": serializers.CharField(required=False, allow_blank=True),
    "max_length": serializers.IntegerField(required=False, allow_null=True),
    "pattern": serializers.CharField(required=False, allow_blank=True, max_length=200),
    "types": serializers.ListField(child=serializers.IntegerField(), required=False),
    "projects": serializers.ListField(child=serializers.IntegerField(), required=False),
    "formula": serializers.CharField(required=False, allow_blank=True, max_length=2000),
}
NEW = body_fields(
    "NewCustomField",
    kind=serializers.CharField(),
    name=serializers.CharField(required=False, allow_blank=True, max_length=63),
    value_kind=serializers.CharField(),
    result_kind=serializers.CharField(required=False, allow_blank=True),
    target=serializers.CharField(required=False, allow_blank=True),
    **DEFINITION,
)
CHANGED = body_fields("ChangedCustomField", version=serializers.IntegerField(), **DEFINITION)
ORDER = body_fields(
    "CustomFieldOrder",
    kind=serializers.CharField(),
    ids=serializers.ListField(child=serializers.IntegerField()),
)
KIND = body_fields("CustomFieldKind", kind=serializers.CharField())
FORMULA = body_fields(
    "TriedFormula",
    kind=serializers.CharField(),
    formula=serializers.CharField(),
    result_kind=serializers.CharField(),
    record=serializers.IntegerField(required=False, allow_null=True),
)


class CustomFieldKindsView(CrmView):
    """GET /custom-fields/kinds."""

    token_scopes = SETS

    @plain()
    def get(self, request: Request) -> Response:
        """Return the kinds of records and of values, sections, types and languages."""
        return Response(shown_kinds(request.user))


class CustomFieldsView(CrmView):
    """GET, POST /custom-fields."""

    token_scopes = SETS

    @plain(OBJECTS, query=("kind",))
    def get(self, request: Request) -> Response:
        """Return the definitions of a kind in order."""
        rows = custom_admin.definitions(request.user, request.query_params.get("kind"))
        return Response([shown_definition(row) for row in rows])

    @plain(request=NEW, status=201)
    def post(self, request: Request) -> Response:
        """Add a definition."""
        row = custom_admin.add(request.user, body_of(request))
        return Response(shown_definition(row), 201)


class CustomFieldView(CrmView):
    """GET, PATCH, DELETE /custom-fields/{id}."""

    token_scopes = {**SETS, "DELETE": (SETTINGS, DELETE)}  # all values go along

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return one definition."""
        return Response(shown_definition(custom_admin.definition(request.user, record_id(pk))))

    @plain(request=CHANGED)
    def patch(self, request: Request, pk: str) -> Response:
        """Change a definition that still has the version that was read."""
        row = custom_admin.change(request.user, record_id(pk), body_of(request))
        return Response(shown_definition(row))

    @plain(status=202)
    def delete(self, request: Request, pk: str) -> Response:
        """Delete a definition with all its values; a worker does it."""
        row = custom_admin.remove(request.user, record_id(pk))
        return Response(shown_definition(row), 202)


class CustomFieldUsageView(CrmView):
    """GET /custom-fields/{id}/usage."""

    token_scopes = SETS

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return how many records hold a value."""
        return Response(custom_admin.usage(request.user, record_id(pk)))


class CustomFieldOrderView(CrmView):
    """POST /custom-fields/order."""

    token_scopes = SETS

    @plain(OBJECTS, ORDER)
    def post(self, request: Request) -> Response:
        """Put the definitions of a kind into the order of `ids`."""
        data = body_of(request)
        rows = custom_admin.reorder(request.user, data.get("kind"), data.get("ids"))
        return Response([shown_definition(row) for row in rows])


class CustomFieldFormulaView(CrmView):
    """POST /custom-fields/formula."""

    token_scopes = {"POST": (SETTINGS, READ)}

    @plain(request=FORMULA)
    def post(self, request: Request) -> Response:
        """Check a formula, and calculate it over a record that the person sees."""
        return Response(tried_formula(request.user, body_of(request)))


class CustomFieldRecalculateView(CrmView):
    """POST /custom-fields/recalculate."""

    token_scopes = SETS

    @plain(request=KIND, status=202)
    def post(self, request: Request) -> Response:
        """Calculate the computed fields of all records of a kind; a worker does it (F137)."""
        custom_admin.require_keeper(request.user)
        entity = custom_admin.kind_of(body_of(request).get("kind"))
        job = enqueue(custom_admin.RECALCULATE, request.user, {"kind": entity.key})
        return Response(shown(job), 202)


ITEM = r"^custom-fields/(?P<pk>[0-9]{1,19})"
custom_field_urls = [
    path("custom-fields", CustomFieldsView.as_view()),
    path("custom-fields/kinds", CustomFieldKindsView.as_view()),
    path("custom-fields/order", CustomFieldOrderView.as_view()),
    path("custom-fields/formula", CustomFieldFormulaView.as_view()),
    path("custom-fields/recalculate", CustomFieldRecalculateView.as_view()),
    re_path(f"{ITEM}$", CustomFieldView.as_view()),
    re_path(f"{ITEM}/usage$", CustomFieldUsageView.as_view()),
]
