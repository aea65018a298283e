"""Who a request comes from: Taiga's Bearer tokens and application tokens, never a cookie."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from taiga_crm.host.port import HostAuthError
from taiga_crm.standalone.external_apps.models import ApplicationToken
from taiga_crm.standalone.tokens import TokenRefused, active_user, user_of
from taiga_crm.standalone.users.models import User

REALM = 'Bearer realm="api"'


def who_presents(request: Any) -> tuple[User, str] | None:
    """Return (active person, token), None without a token of ours; raises HostAuthError."""
    scheme, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    check = {"Bearer": _by_bearer, "Application": _by_application}.get(scheme)
    if check is None:
        return None
    try:
        return check(token), token
    except TokenRefused as refusal:
        raise HostAuthError(
            {"detail": _("Given token not valid for any token type"), "code": "token_not_valid"}
        ) from refusal
    except User.DoesNotExist as gone:
        raise HostAuthError({"detail": _("User is inactive"), "code": "user_inactive"}) from gone


def _by_bearer(token: str) -> User:
    return user_of(token)


def _by_application(token: str) -> User:
    row = ApplicationToken.objects.filter(token=token).only("user_id").first() if token else None
    if row is None:
        raise TokenRefused
    return active_user(row.user_id)
