"""Every refusal of the CRM is one of these classes; the class decides code and HTTP status."""

from __future__ import annotations

from typing import Any, ClassVar


class CrmError(Exception):
    """A refusal with a stable code; `details` are safe to show to the caller."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class NotAuthenticated(CrmError):
    """The token is missing, unknown, expired or belongs to an inactive user (401)."""

    status, code = 401, "not_authenticated"


class NotVisible(CrmError):
    """The row does not exist for this person (404, whether it exists or not)."""

    status, code = 404, "not_found"


class Refused(CrmError):
    """The row is visible but this verb is not allowed (403)."""

    status, code = 403, "permission_denied"


class OutOfScope(CrmError):
    """The person might do this, but not with this personal token (403)."""

    status, code = 403, "token_scope"


class ProjectArchived(CrmError):
    """The host archived the project: it can be read, not written (403)."""

    status, code = 403, "project_archived"


class ProjectBlocked(CrmError):
    """The host blocked the project: it can be read, not written (451)."""

    status, code = 451, "project_blocked"


class WrongState(CrmError):
    """The row is in a state that does not allow this step (409)."""

    status, code = 409, "wrong_state"


class StaleVersion(CrmError):
    """Somebody saved the row in the meantime (400 with the key `version`, Taiga's convention)."""

    status, code = 400, "stale_version"


class TooLarge(CrmError):
    """An upload has more bytes than allowed (413)."""

    status, code = 413, "too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The file is larger than {limit / 1_000_000:g} MB.", limit=limit)


class InvalidQuery(CrmError):
    """A list was asked for with an unknown or malformed parameter (400)."""

    status, code = 400, "invalid_query"


class InvalidInput(CrmError):
    """One or more fields were refused (400); `fields` maps each name to its messages."""

    status, code = 400, "invalid_input"

    def __init__(self, fields: dict[str, list[str]]) -> None:
        super().__init__("; ".join(m for messages in fields.values() for m in messages))
        self.fields = fields
