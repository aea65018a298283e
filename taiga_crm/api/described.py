"""ScopedSchema: OpenAPI operations that say which scopes a personal token needs for them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

from taiga_crm.api.scopes import needed


class ScopedSchema(AutoSchema):
    """The library's description of a view, with `x-token-scopes`."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Return the operation; None when the library leaves it out."""
        operation: Any = super().get_operation(*args, **kwargs)  # type: ignore[no-untyped-call]
        scopes = needed(self.view, self.method)
        if operation is not None and scopes is not None:
            operation["x-token-scopes"] = list(scopes)
        return operation

    def get_auth(self) -> Any:
        """Leave personal tokens out where none gets in."""
        found: Any = super().get_auth()  # type: ignore[no-untyped-call]
        if needed(self.view, self.method) is None:
            return [one for one in found if "personalToken" not in one]
        return found
