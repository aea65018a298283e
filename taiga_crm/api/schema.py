"""OpenAPI, derived from the same declarations as everything else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.settings import patched_settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers

from taiga_crm import __version__
from taiga_crm.api.described import ScopedSchema
from taiga_crm.api.scopes import READS
from taiga_crm.api.views import CrmView
from taiga_crm.capabilities.exporting import CONTENT_TYPES, XLSX
from taiga_crm.registry.catalog import fields_of
from taiga_crm.registry.entity import Entity, Field
from taiga_crm.registry.operators import operators_of

ERROR = inline_serializer(
    "Error",
    {
        "_error_message": serializers.CharField(required=False),
        "_error_type": serializers.CharField(required=False),
        "code": serializers.CharField(required=False),
    },
)
REFUSALS = {
    400: OpenApiResponse(ERROR, "refused input, or a stale version"),
    401: OpenApiResponse(ERROR, "no valid token"),
    403: OpenApiResponse(ERROR, "visible but not allowed"),
    404: OpenApiResponse(ERROR, "not visible or not there"),
    409: OpenApiResponse(ERROR, "wrong state"),
    451: OpenApiResponse(ERROR, "blocked project"),
}
ANY_OBJECT = OpenApiTypes.OBJECT
MEMBERS = inline_serializer(
    "Members",
    {
        "add": serializers.ListField(child=serializers.IntegerField(), required=False),
        "remove": serializers.ListField(child=serializers.IntegerField(), required=False),
        "matching": serializers.DictField(child=serializers.CharField(), required=False),
        "value": serializers.BooleanField(required=False),
    },
)
OBJECTS = {"type": "array", "items": {"type": "object", "additionalProperties": {}}}


class MoneySerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An amount as text, with the decimals of its currency."""

    amount = serializers.CharField()
    currency = serializers.CharField(max_length=3)


class ChannelSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """An e-mail address or a phone number."""

    value = serializers.CharField(max_length=254)
    type = serializers.CharField(required=False)
    is_primary = serializers.BooleanField(required=False)


FILES = (
    ("export_csv", "text/csv", OpenApiTypes.STR),
    ("export_xlsx", CONTENT_TYPES[XLSX], OpenApiTypes.BINARY),
)


def described(entity: Entity, viewset: Any) -> Any:
    """Attach the OpenAPI of an entity to its viewset."""
    record = _record(entity)
    rows = record(many=True) if callable(record) else record
    tag = [str(entity.path)]
    one = {200: record(), **REFUSALS}
    methods = {
        "list": _operation(tag, {200: rows, **REFUSALS}, parameters=_list_parameters(entity)),
        "groups": _operation(tag, {200: ANY_OBJECT, **REFUSALS}, _list_parameters(entity)),
        **{
            name: _operation(tag, {(200, kind): one_file, **REFUSALS}, _list_parameters(entity))
            for name, kind, one_file in FILES
        },
        "lookup": _operation(tag, {200: OBJECTS, **REFUSALS}, [_query("q"), _query("project")]),
        "retrieve": _operation(tag, one),
        "history": _operation(tag, {200: OBJECTS, **REFUSALS}, [_query("page")]),
    }
    if "add" in entity.rules:
        body = _body(entity, creating=True)
        methods["create"] = _operation(tag, {201: record(), **REFUSALS}, request=body)
        methods["new"] = _operation(
            tag, {200: ANY_OBJECT, **REFUSALS}, [_query("project"), _query("copy")]
        )
    if "change" in entity.rules:
        body = _body(entity, creating=False)
        methods["partial_update"] = _operation(tag, one, request=body)
    if "delete" in entity.rules:
        methods["destroy"] = _operation(tag, {204: None, **REFUSALS})
        methods["delete_preview"] = _operation(tag, {200: ANY_OBJECT, **REFUSALS})
    methods.update(_on_sets(entity, tag))
    for action in entity.actions:
        given: dict[str, Any] = {
            name: serializers.BooleanField(required=False) for name in action.body
        }
        title = f"{entity.key}_{action.name}".title().replace("_", "").replace("-", "")
        body = inline_serializer(title, given) if given else None
        methods[f"act_{action.name.replace('-', '_')}"] = _operation(tag, one, request=body)
    if entity.tree:
        methods["tree"] = _operation(tag, {200: ANY_OBJECT, **REFUSALS}, [_query("project")])
    if entity.members is not None:
        methods["members"] = _operation(tag, {200: ANY_OBJECT, **REFUSALS}, request=MEMBERS)
    for name, operation in methods.items():
        setattr(viewset, name, operation(_ours(getattr(viewset, name))))
    return viewset


def _on_sets(entity: Entity, tag: list[str]) -> dict[str, Any]:
    """Describe what acts on several records of a kind."""
    title = entity.key.title().replace("_", "")
    ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=500)
    free = serializers.DictField(required=False)
    chosen: dict[str, Any] = {"ids": ids, "filter": free, "versions": free}

    def body(name: str, **fields: Any) -> Any:
        return inline_serializer(f"{name}{title}", fields)

    answer, rows = {200: ANY_OBJECT, **REFUSALS}, {200: OBJECTS, **REFUSALS}
    number, flag = serializers.IntegerField(), serializers.BooleanField(required=False)
    change, star = body("BulkChange", **chosen, changes=free), body("Star", **chosen, value=flag)
    delete, apart = body("BulkDelete", **chosen), body("KeepApart", other=number)
    merge = body("Merge", ids=ids, winner=number, versions=free, choices=free)
    inputs = dict.fromkeys(n for s in entity.duplicate_by for n in (s.field, *s.inputs))
    return {
        "bulk_change": _operation(tag, answer, request=change),
        "bulk_favorite": _operation(tag, answer, request=star),
        "bulk_delete": _operation(tag, answer, request=delete),
        "duplicates": _operation(tag, rows, [_query(name) for name in inputs]),
        "record_duplicates": _operation(tag, rows),
        "keep_apart": _operation(tag, {204: None, **REFUSALS}, request=apart),
        "merge_preview": _operation(tag, answer, [_query("ids")]),
        "merge": _operation(tag, answer, request=merge),
        "merges": _operation(tag, rows),
        "undo_merge": _operation(tag, answer, request=body("UndoMerge", run=number)),
    }


def _ours(method: Any) -> Any:
    """Return a copy marked as ours, or the library takes the host's schema class."""

    @wraps(method)
    def own(*args: Any, **kwargs: Any) -> Any:
        return method(*args, **kwargs)

    own.kwargs = {"schema": ScopedSchema}  # type: ignore[attr-defined]
    return own


def plain(
    answer: Any = ANY_OBJECT,
    request: Any = None,
    status: int = 200,
    query: tuple[str, ...] = (),
) -> Callable[..., Any]:
    """Describe a hand-written view method in one line."""
    parameters = [_query(name) for name in query]
    several = isinstance(answer, dict) and all(isinstance(one, (int, tuple)) for one in answer)
    answers = answer if several else {status: answer}
    described_as = extend_schema(
        responses={**answers, **REFUSALS}, request=request, parameters=parameters
    )
    return lambda method: described_as(_ours(method))


def body_fields(name: str, /, **fields: Any) -> Any:
    """Return a request body of a hand-written endpoint."""
    return inline_serializer(name, fields)


def _operation(tags: list[str], responses: Any, parameters: Any = (), request: Any = None) -> Any:
    return extend_schema(
        tags=tags, responses=responses, parameters=list(parameters), request=request
    )


def _query(name: str) -> OpenApiParameter:
    number = name in ("project", "page", "page_size", "copy", "ticket", "imported", "reason")
    kind = OpenApiTypes.INT if number else OpenApiTypes.STR
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, required=False)


def _list_parameters(entity: Entity) -> list[OpenApiParameter]:
    names = ["project", "fields", "sort", "q", "tree", "page", "page_size", "cursor"]
    names += ["group_by", "totals", "imported"]
    parameters = [_query(name) for name in names]
    for name in entity.list_filter:
        field = fields_of(entity.key)[name]
        for operator in operators_of(field):
            full = name if operator == "exact" else f"{name}__{operator}"
            parameters.append(_query(full) if full not in names else _query(name))
    return parameters


def _record(entity: Entity) -> Any:
    fields: dict[str, Any] = {
        "id": serializers.IntegerField(read_only=True),
        "version": serializers.IntegerField(required=False),
        "_verbs": serializers.ListField(child=serializers.CharField(), required=False),
        "_frozen": serializers.BooleanField(required=False),
    }
    for name, field in fields_of(entity.key).items():
        fields[name] = _shape(field, required=False, writing=False)
    title = entity.key.title().replace("_", "")
    return type(f"{title}Serializer", (serializers.Serializer,), fields)


def _body(entity: Entity, *, creating: bool) -> Any:
    fields: dict[str, Any] = {}
    if not creating:
        fields["version"] = serializers.IntegerField()
    for name, field in fields_of(entity.key).items():
        if field.read_only or field.expression is not None or (field.create_only and not creating):
            continue
        required = creating and field.required
        fields[name] = _shape(field, required=required, writing=True)
    title = entity.key.title().replace("_", "")
    return inline_serializer(f"{'New' if creating else 'Changed'}{title}", fields)


def _shape(field: Field, *, required: bool, writing: bool) -> Any:
    options: dict[str, Any] = {"required": required, "help_text": str(field.help) or None}
    nullable = {**options, "allow_null": True}
    if field.kind == "boolean":
        return serializers.BooleanField(**options)
    if field.kind == "integer":
        bounds: Any = {"min_value": field.minimum, "max_value": field.maximum}
        return serializers.IntegerField(**bounds, **nullable)
    if field.kind == "link":
        return (
            serializers.IntegerField(**nullable) if writing else serializers.DictField(**nullable)
        )
    if field.kind == "links":
        child: Any = serializers.IntegerField() if writing else serializers.DictField()
        return serializers.ListField(child=child, **options)
    if field.kind == "money":
        return MoneySerializer(**nullable)
    if field.kind in ("emails", "phones"):
        return ChannelSerializer(many=True, required=required)
    if field.kind == "tags":
        return serializers.ListField(child=serializers.CharField(), **options)
    limit: Any = {"max_length": field.max_length}
    return serializers.CharField(**limit, allow_blank=not required, **options)


class SchemaView(CrmView, SpectacularAPIView):  # type: ignore[misc]
    """GET /schema: the description of all our paths and of nothing else."""

    token_scopes = READS
    renderer_classes = [OpenApiJsonRenderer]
    urlconf = "taiga_crm.api.mounted"
    custom_settings = {
        "TITLE": "Taiga CRM",
        "VERSION": __version__,
        "DESCRIPTION": "Accounts, contacts and tickets of the CRM inside Taiga.",
        "SCHEMA_PATH_PREFIX": "/api/v1/crm",
        "DISABLE_ERRORS_AND_WARNINGS": False,
        "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
        "AUTHENTICATION_WHITELIST": None,
    }

    @plain()
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Return OpenAPI 3 as JSON."""
        with patched_settings(self.custom_settings):  # type: ignore[no-untyped-call]
            return self._get_schema_response(request)  # type: ignore[no-untyped-call]


schema_view = SchemaView.as_view()
