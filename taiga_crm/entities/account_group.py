"""Account group: a tree of groups that accounts are put into (F119, F139, F225)."""

from django.utils.translation import gettext_lazy as _

from taiga_crm.entities.dictionary import dictionary
from taiga_crm.models import AccountGroup
from taiga_crm.registry.entity import Field, Tab
from taiga_crm.services import trees

account_group = dictionary(
    "account_group",
    "account-groups",
    AccountGroup,
    "parent",
    "kind",
    "color",
    icon="folder",
    tree="parent",
    members=("account", "groups"),
    list_filter=("name", "parent", "kind"),
    group_by=("kind", "parent"),
    fields=(
        Field("parent", "link", _("Above it"), path="parent_id", label_path="parent__name",
              target="account_group", guarded=False, nullable=True),
        Field("color", "color", _("Color")),
    ),
    tabs=(
        Tab("members", _("Accounts"), "related", "account", {"groups": "$id"}),
        Tab("below", _("Groups below"), "related", "account_group", {"parent": "$id"}),
        Tab("data", _("Group"), "data"),
        Tab("history", _("History"), "history"),
    ),
    prepare=trees.prepare,
)  # fmt: skip
