"""The panel on ticket pages: linked accounts, the star, unlinking (F154 – F157)."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.account_links import given_id
from taiga_crm.api.schema import body_fields, plain
from taiga_crm.api.scopes import DELETES, RECORDS, WRITES
from taiga_crm.api.views import CrmView, body_of
from taiga_crm.api.viewset import record_id
from taiga_crm.kernel.errors import InvalidQuery
from taiga_crm.services import tickets

LINK = body_fields(
    "TicketAccount",
    kind=serializers.CharField(),
    ticket=serializers.IntegerField(),
    account=serializers.IntegerField(),
)


class TicketAccountsView(CrmView):
    """GET, POST /ticket-accounts."""

    token_scopes = RECORDS

    @plain(query=("kind", "ticket"))
    def get(self, request: Request) -> Response:
        """Return the accounts of the ticket given by `kind` and `ticket`."""
        number = request.query_params.get("ticket", "")
        if not number.isascii() or not number.isdigit() or len(number) > 9:
            raise InvalidQuery("ticket must be a number")
        kind = request.query_params.get("kind", "")
        return Response(tickets.panel(kind, int(number), request.user))

    @plain(request=LINK, status=201)
    def post(self, request: Request) -> Response:
        """Link an account with {"kind", "ticket", "account"}; the first becomes primary."""
        data = body_of(request)
        ticket, account = given_id(data, "ticket"), given_id(data, "account")
        panel = tickets.link_account(str(data.get("kind")), ticket, account, request.user)
        return Response(panel, 201)


class StarView(CrmView):
    """POST /ticket-accounts/{id}/star."""

    token_scopes = WRITES

    @plain()
    def post(self, request: Request, pk: str) -> Response:
        """Make this the primary account of its ticket (F157)."""
        return Response(tickets.star(record_id(pk), request.user))


class TicketAccountView(CrmView):
    """DELETE /ticket-accounts/{id}."""

    token_scopes = DELETES

    @plain()
    def delete(self, request: Request, pk: str) -> Response:
        """Unlink; the oldest of the rest becomes primary when the primary goes."""
        return Response(tickets.unlink(record_id(pk), request.user))
