"""How many rows stand behind each tab of a record's page, all of them counted in one query."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from taiga_crm.capabilities.list_request import ListRequest, read_list_request
from taiga_crm.capabilities.timeline import about
from taiga_crm.models import Attachment, Comment
from taiga_crm.permissions.decide import outcome_for
from taiga_crm.permissions.fields import fields_for
from taiga_crm.registry.catalog import entity as entity_of
from taiga_crm.registry.entity import Entity, Tab

SELF = "$id"
# from a kind of tab to the rows of the record HERE that a person sees there
Rows = Callable[[Entity, int, Any], Any]
_rows_of_tabs: dict[str, Rows] = {}


def count_on_tabs(kind: str, rows: Rows) -> None:
    """Let tabs of a kind tell how many rows the person sees behind them."""
    _rows_of_tabs[kind] = rows


def rows_of_tab(kind: str) -> Rows | None:
    """Return the rows of a kind of tab; None when it does not count."""
    return _rows_of_tabs.get(kind)


def tabs_of(entity: Entity, user: Any) -> Iterator[Tab]:
    """Yield the tabs that the person has, the parts of a stack in place of the stack."""
    for tab in entity.tabs:
        for one in tab.parts or (tab,):
            if not one.entity or _is_open(one, user):
                yield one


def related_request(tab: Tab, user: Any, pk: int, params: Mapping[str, str]) -> ListRequest:
    """Return the request for the list of a related tab, its own filter in front of all others."""
    own = {name: str(pk) if value == SELF else value for name, value in tab.filter.items()}
    return read_list_request(entity_of(tab.entity), user, {**params, **own})


def _is_open(tab: Tab, user: Any) -> bool:
    """Say whether the person sees rows of the kind, and the fields by which they are found."""
    related = entity_of(tab.entity)
    if outcome_for(related, user, "view") is False:
        return False
    return fields_for(related, user).keys() >= tab.filter.keys()


def _files(entity: Entity, pk: int, user: Any) -> Any:
    return Attachment.objects.filter(kind=entity.key, object_id=pk, deleted_at=None)


def _comments(entity: Entity, pk: int, user: Any) -> Any:
    return Comment.objects.filter(about(entity, pk, user), deleted_at=None)


count_on_tabs("files", _files)
count_on_tabs("timeline", _comments)
