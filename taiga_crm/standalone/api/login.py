"""Logging in and keeping the session alive."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.standalone.api.errors import BadRequest, LoginRefused, TokenNotValid
from taiga_crm.standalone.api.people import show_me
from taiga_crm.standalone.api.view import HostView
from taiga_crm.standalone.tokens import TokenRefused, issue_pair, rotate
from taiga_crm.standalone.users.models import User


class LoginView(HostView):
    """POST /auth: name and password for a pair of tokens."""

    authentication_classes: list[Any] = []

    def get_authenticate_header(self, request: Any) -> str:
        """Keep a wrong password a 401."""
        return 'Bearer realm="api"'

    def post(self, request: Request) -> Response:
        """Return the person with `auth_token` and `refresh`."""
        if str(request.data.get("type", "")).lower() != "normal":
            raise BadRequest(_("invalid login type"))
        user = _check(str(request.data.get("username", "")), str(request.data.get("password", "")))
        return Response({**show_me(user), **issue_pair(user)})


class RefreshView(LoginView):
    """POST /auth/refresh: a used refresh token is refused the second time."""

    def post(self, request: Request) -> Response:
        """Return the next pair of tokens."""
        try:
            return Response(rotate(str(request.data.get("refresh", ""))))
        except TokenRefused as refusal:
            raise TokenNotValid from refusal


def _check(name: str, password: str) -> User:
    people = User.objects.filter(is_active=True, is_system=False)
    user = people.filter(Q(username=name) | Q(email=name.lower())).first()
    if user is None or not user.check_password(password):
        raise LoginRefused
    return user
