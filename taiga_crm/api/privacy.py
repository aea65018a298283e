"""Privacy: consents of a person, the archive of what is held, records that rules propose."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.downloads import file_answer
from taiga_crm.api.schema import body_fields, plain
from taiga_crm.api.scopes import EXPORTS, RECORDS, WRITES
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities.personal_archive import personal_archive, pieces
from taiga_crm.permissions.callers import DELETE, READ
from taiga_crm.registry.catalog import entity as entity_named
from taiga_crm.registry.entity import Entity
from taiga_crm.services import consents, retention

ID = r"(?P<pk>[0-9]{1,19})"
GIVEN = body_fields(
    "NewConsent",
    purpose=serializers.IntegerField(),
    given_on=serializers.DateField(),
    source=serializers.CharField(max_length=200),
    wording=serializers.CharField(required=False, allow_blank=True),
    note=serializers.CharField(required=False, allow_blank=True),
)
WITHDRAWN = body_fields("WithdrawnConsent", withdrawn_on=serializers.DateField(required=False))
CHOSEN = body_fields(
    "AnonymizeDue", ids=serializers.ListField(child=serializers.IntegerField(), max_length=100)
)
ZIP: Any = {(200, "application/zip"): OpenApiTypes.BINARY}
RULES = "retention_rule"


class PersonView(CrmView):
    """Base: the subclass made for an entity only sets `entity`."""

    entity: ClassVar[Entity]


class ConsentsView(PersonView):
    """GET, POST /…/{id}/consents."""

    token_scopes = RECORDS

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return the consents of a person and the purposes there are."""
        return Response(consents.consents_of(self.entity, request.user, record_id(pk)))

    @plain(request=GIVEN, status=201)
    def post(self, request: Request, pk: str) -> Response:
        """Record a consent."""
        body = body_of(request)
        return Response(consents.give_consent(self.entity, request.user, record_id(pk), body), 201)


class WithdrawView(PersonView):
    """POST /…/{id}/consents/{consent}/withdraw."""

    token_scopes = WRITES

    @plain(request=WITHDRAWN)
    def post(self, request: Request, pk: str, consent: str) -> Response:
        """Date the end of a consent."""
        return Response(
            consents.withdraw_consent(
                self.entity, request.user, record_id(pk), record_id(consent), body_of(request)
            )
        )


class ArchiveView(PersonView):
    """POST /…/{id}/personal-archive."""

    token_scopes = EXPORTS

    @plain(OpenApiTypes.BINARY)
    def post(self, request: Request, pk: str) -> HttpResponseBase:
        """Return everything that is held about a person as a ZIP archive; it is logged."""
        file = personal_archive(self.entity, request.user, record_id(pk))
        name = f"{self.entity.key}-{record_id(pk)}.zip"
        return file_answer(pieces(file), "application/zip", name)


class DueView(CrmView):
    """GET, POST /retention-rules/{id}/due."""

    token_scopes = {"GET": (READ,), "POST": (DELETE,)}

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return a dry run: whom the rule is about and the reader may anonymize."""
        rules = entity_named(RULES)
        return Response(retention.due_list(rules, request.user, record_id(pk)))

    @plain(request=CHOSEN)
    def post(self, request: Request, pk: str) -> Response:
        """Anonymize the chosen ones."""
        rules, ids = entity_named(RULES), body_of(request).get("ids")
        number = retention.anonymize_due(rules, request.user, record_id(pk), ids)
        return Response({"anonymized": number})


VIEWS: dict[str, type[PersonView]] = {
    "consents": ConsentsView,
    "consents/(?P<consent>[0-9]{1,19})/withdraw": WithdrawView,
    "personal-archive": ArchiveView,
}


def privacy_urls(entity: Entity) -> list[URLPattern]:
    """Return the URLs of the persons of an entity; none where it declares no person."""
    if entity.person is None:
        return []
    return [
        re_path(f"^{entity.path}/{ID}/{tail}$", _of(view, entity).as_view())
        for tail, view in VIEWS.items()
    ]


def _of(view: type[PersonView], entity: Entity) -> Any:
    name = f"{entity.key.title().replace('_', '')}{view.__name__}"
    return type(name, (view,), {"entity": entity, "__doc__": view.__doc__})
