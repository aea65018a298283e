"""Entity: one noun, declared once, from which everything generic is derived."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models

from taiga_crm.registry.masks import Mask
from taiga_crm.registry.rules import Rule

Text = Any  # str or gettext_lazy proxy


@dataclass(frozen=True)
class Choice:
    """One value of a fixed list."""

    value: str
    label: Text
    color: str | None = None
    retired: bool = False


@dataclass(frozen=True)
class When:
    """A condition on the record that the front can check: field is value."""

    field: str
    value: Any


@dataclass(frozen=True)
class Field:
    """One attribute of an entity as people see it.

    `path` is the ORM path of the stored value, `label_path` the path of what is shown for a
    link; `expression(user_id)` makes a virtual column instead. `extras` are further attributes
    sent with a link, as {name: ORM path}. `guarded` says that a link to a row the person may
    not see is shown as empty; a row rule that already requires it sets this to False.
    `prefill` is what a new form starts with: "me" for a user, "first" for the first row.
    `columnar` lets several links stand in one column of a list. `headers` are words by which a
    file's column is recognized, beside name and label.
    Undeclared fields are derived from the model.

    `column` is the JSON column that holds the value of a custom field under its name; `section`
    titles its block, `shown` puts it into lists, `searched` into the search column, `only_types`
    and `only_projects` say where it applies (empty = everywhere), `inputs` are the fields a
    computed one is made from: who may not see one of them does not see it.

    Field rules of the person are written onto his fields: `locked` and the three tuples of rows
    where the value is hidden, cannot be changed, or must be given.
    """

    name: str
    kind: str
    label: Text = ""
    path: str = ""
    label_path: str = ""
    expression: Callable[[int], Any] | None = None
    label_expression: Callable[[int], Any] | None = None
    target: str | None = None
    extras: Mapping[str, str] = field(default_factory=dict)
    help: Text = ""
    required: bool = False
    read_only: bool = False
    create_only: bool = False
    inline: bool = True
    nullable: bool = False
    sortable: bool = True
    filterable: bool = True
    groupable: bool = False
    totalable: bool = False
    max_length: int | None = None
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    pattern: str = ""
    choices: tuple[Choice, ...] = ()
    default: Any = None
    prefill: str = ""
    visible_if: When | None = None
    guarded: bool = True
    column: str = ""
    section: Text = ""
    shown: bool = False
    searched: bool = False
    only_types: tuple[int, ...] = ()
    only_projects: tuple[int, ...] = ()
    inputs: tuple[str, ...] = ()
    columnar: bool = False
    headers: tuple[str, ...] = ()
    locked: bool = False
    hidden_where: tuple[Mask, ...] = ()
    locked_where: tuple[Mask, ...] = ()
    required_where: tuple[Mask, ...] = ()

    @property
    def currency_path(self) -> str:
        """Return the ORM path of an amount's currency."""
        if self.column:
            return f"{self.column}__{self.name}__crm_currency"
        return f"{self.path}_currency"


@dataclass(frozen=True)
class Section:
    """A titled block of the form and of the Data tab."""

    label: Text
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Action:
    """A business verb on one record: POST /{path}/{id}/{name}, done by a service function.

    `run(record, actor, **body)` returns the record; `verb` is the rule that allows it;
    a `question` is asked before, when there is one; `offered(fields)` says whether the action
    makes sense with the fields that the person sees.
    """

    name: str
    label: Text
    run: Callable[..., Any]
    verb: str = "change"
    question: Text = ""
    danger: bool = False
    when: When | None = None
    body: Mapping[str, str] = field(default_factory=dict)
    offered: Callable[[Mapping[str, Field]], bool] | None = None


@dataclass(frozen=True)
class Tab:
    """A tab of the detail page: data, related rows, history, a stack of parts, what will come."""

    key: str
    label: Text
    kind: str
    entity: str = ""
    filter: Mapping[str, str] = field(default_factory=dict)
    note: Text = ""
    parts: tuple[Tab, ...] = ()


@dataclass(frozen=True)
class VcardForm:
    """How records are vCards: "individual" or "org", and {field: property} by default."""

    kind: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Person:
    """That rows of a kind hold a person: the fields that tell of him, and which rows they are.

    `name` is the part of the name that is left, as "Anonymous 12", when he is anonymized;
    `rows` are the ORM conditions of the rows that are persons, all of them by default.
    """

    fields: tuple[str, ...]
    name: str
    rows: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Same:
    """What two records have in common when they may be the same one.

    `how` is the kind of key: "company", "person", "number", "domain", "email" or "phone".
    `column` keeps the key of each record, indexed; e-mails and phones keep their own. `inputs`
    are the fields of a form that the value is made of. `similar` also proposes names that are
    nearly the same. `within` is a link that must be equal too before an import takes two for one.
    """

    field: str
    how: str
    column: str = ""
    inputs: tuple[str, ...] = ()
    similar: bool = False
    within: str = ""


@dataclass(frozen=True)
class Entity:
    """What the CRM knows about one noun. Engines read it; they never test its key.

    `scope` is "project" (rows belong to projects), "global" or "settings" (dictionaries).
    `projects` is the ORM path of the project ids (an array column) or of the project column;
    `type_field` is the link that says of which type a record is; `state_field` is the field whose
    values field rules may depend on; `name_parts` are the fields that the name is made of: like
    the name they are never hidden. `base` narrows the rows of the model; `row_path` are further
    {name: ORM path or
    expression} sent with each row as `_at`, for opening a row that lives elsewhere;
    `search_also` are fields that a search looks into besides the search column; `foresee` reads
    and locks once what many drafts need, `prepare` completes and checks the values of one before
    a save, `written` runs after the save of many in the same transaction; `split_name` says into
    which parts a whole name is written, given the row's type; `removing` runs before records are
    deleted and `restoring` before one comes back from the bin, each returns what is to be done
    afterwards. `settle` puts in order what hangs on records after a merge moved rows.
    `duplicate_by` says what is compared to find duplicates. `one_by_one` are fields whose change
    asks the database for each row anew, so that bulk edits and imports of them go row by row.
    `stream_from` names further kinds whose happenings belong to a record's stream, as
    {kind: column that links to the record}.
    `tree` is the link to the row above, where rows lie below one another; `members` is the
    (kind, field) of several links by which records are put under a row.
    """

    key: str
    path: str
    model: type[models.Model]
    label: Text
    label_plural: Text
    rules: Mapping[str, Rule]
    list_display: tuple[str, ...]
    icon: str = "circle"
    scope: str = "project"
    name_field: str = "name"
    type_field: str = ""
    name_parts: tuple[str, ...] = ()
    state_field: str = ""
    projects: str = ""
    ordering: tuple[str, ...] = ("name",)
    list_filter: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    search_column: str = ""
    search_fields: tuple[str, ...] = ()
    search_also: tuple[str, ...] = ()
    lookup_detail: tuple[str, ...] = ()
    fieldsets: tuple[Section, ...] = ()
    fields: tuple[Field, ...] = ()
    actions: tuple[Action, ...] = ()
    tabs: tuple[Tab, ...] = ()
    base: Mapping[str, Any] = field(default_factory=dict)
    row_path: Mapping[str, Any] = field(default_factory=dict)
    split_name: Callable[[str, Any], Mapping[str, str]] | None = None
    foresee: Callable[[list[Any]], None] | None = None
    prepare: Callable[..., None] | None = None
    written: Callable[[list[Any]], None] | None = None
    removing: Callable[..., Callable[[], None]] | None = None
    restoring: Callable[..., Callable[[], None]] | None = None
    settle: Callable[[list[int]], None] | None = None
    duplicate_by: tuple[Same, ...] = ()
    one_by_one: tuple[str, ...] = ()
    grantable: bool = False
    vcard: VcardForm | None = None
    address: tuple[str, ...] = ()
    tickets_of: str = ""
    tree: str = ""
    members: tuple[str, str] | None = None
    stream_from: Mapping[str, str] = field(default_factory=dict)
    person: Person | None = None

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Return the columns that keep a key for comparing."""
        return tuple(same.column for same in self.duplicate_by if same.column)

    @property
    def writable(self) -> bool:
        """Say whether anybody may add or change rows through the generic engine."""
        return "add" in self.rules or "change" in self.rules

    @property
    def is_record(self) -> bool:
        """Say whether rows are records of the business: they carry files, comments, followers."""
        return self.writable and self.scope != "settings"
