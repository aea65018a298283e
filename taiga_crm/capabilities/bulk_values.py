"""The values of a bulk change: looked up once, the same for every record."""

from __future__ import annotations

from typing import Any

from taiga_crm.capabilities.draft import Draft
from taiga_crm.capabilities.links import check_links
from taiga_crm.registry.entity import Entity


class Shared:
    """The values of a bulk change, and the linked rows that all its records get."""

    def __init__(self, entity: Entity, user: Any, values: dict[str, Any]) -> None:
        self.entity, self.user, self.values = entity, user, values
        self._known: dict[tuple[str, int], Any] = {}

    def look_up(self) -> None:
        """Read the linked rows once; InvalidInput for the whole change when one is not there.

        A record without links asks, so that nothing passes because it is linked already.
        """
        probe = Draft(self.entity, self.entity.model(), dict(self.values), self.user, creating=True)
        check_links(probe)
        for name, value in self.values.items():
            field = probe.fields[name]
            if field.kind == "links":
                self._known.update(((field.target or "", pk), True) for pk in value or ())
            elif field.kind == "link" and value and not field.column:
                target = getattr(probe.record, field.path.removesuffix("_id"))
                self._known[field.target or "", value] = target

    def draft(self, record: Any) -> Draft:
        """Return the draft of one record."""
        draft = Draft(self.entity, record, dict(self.values), self.user, creating=False)
        draft.known = self._known
        return draft
