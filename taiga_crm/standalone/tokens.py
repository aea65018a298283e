"""Access and refresh tokens with Taiga's lifetimes and rotation."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import jwt
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from taiga_crm.standalone.users.models import RefusedRefreshToken, User

ACCESS_LIFETIME = datetime.timedelta(hours=24)
REFRESH_LIFETIME = datetime.timedelta(days=8)


class TokenRefused(Exception):
    """The token is malformed, expired, of the wrong type, or was used before."""


def issue_pair(user: User) -> dict[str, str]:
    """Return a fresh `auth_token` and `refresh` for a person who has just proved who they are."""
    return {
        "auth_token": _encode("access", user.pk, ACCESS_LIFETIME),
        "refresh": _encode("refresh", user.pk, REFRESH_LIFETIME),
    }


def rotate(refresh: str) -> dict[str, str]:
    """Exchange a refresh token for a new pair, once: the second use is refused."""
    claims = _decode(refresh, "refresh")
    try:
        user = active_user(claims["user_id"])
    except User.DoesNotExist as gone:
        raise TokenRefused from gone
    _use_up(claims)
    return issue_pair(user)


def user_of(access: str) -> User:
    """Return the active person of an access token; raises TokenRefused or User.DoesNotExist."""
    return active_user(_decode(access, "access")["user_id"])


def active_user(user_id: int) -> User:
    """Return the person if they may log in; raises User.DoesNotExist."""
    return User.objects.get(pk=user_id, is_active=True, is_system=False)


def _encode(kind: str, user_id: int, lifetime: datetime.timedelta) -> str:
    claims = {
        "token_type": kind,
        "exp": timezone.now() + lifetime,
        "jti": uuid.uuid4().hex,
        "user_id": user_id,
    }
    return jwt.encode(claims, settings.SECRET_KEY, algorithm="HS256")


def _decode(token: str, kind: str) -> dict[str, Any]:
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            settings.SECRET_KEY,
            algorithms=["HS256"],
            options={"require": ["exp", "jti", "user_id"]},
        )
    except jwt.PyJWTError as error:
        raise TokenRefused from error
    if claims.get("token_type") != kind:
        raise TokenRefused
    return claims


def _use_up(claims: dict[str, Any]) -> None:
    now = timezone.now()
    RefusedRefreshToken.objects.filter(expires_at__lt=now).delete()
    expires_at = datetime.datetime.fromtimestamp(claims["exp"], tz=datetime.timezone.utc)
    try:
        with transaction.atomic():
            RefusedRefreshToken.objects.create(jti=claims["jti"], expires_at=expires_at)
    except IntegrityError as used:
        raise TokenRefused from used
