"""User type: sales representative, director …, with keys that hold everywhere (F211, F217)."""

from django.utils.translation import gettext_lazy as _

from taiga_crm.models import UserType
from taiga_crm.permissions.keys import GLOBAL_KEYS
from taiga_crm.registry.catalog import register
from taiga_crm.registry.entity import Choice, Entity, Field, Section, Tab
from taiga_crm.registry.rules import SUPERUSER

user_type = register(
    Entity(
        key="user_type",
        path="user-types",
        model=UserType,
        label=_("User type"),
        label_plural=_("User types"),
        icon="users",
        scope="settings",
        rules=dict.fromkeys(("view", "add", "change", "delete"), SUPERUSER),
        list_display=("name", "keys", "position"),
        ordering=("position", "name"),
        fieldsets=(Section(_("User type"), ("name", "keys", "members", "position")),),
        fields=(
            Field("keys", "tags", _("Keys"),
                  choices=tuple(Choice(key, label) for key, label in GLOBAL_KEYS.items())),
            Field("members", "links", _("Members"), target="user", label_path="full_name"),
        ),
        tabs=(Tab("data", _("User type"), "data"), Tab("history", _("History"), "history")),
    )
)  # fmt: skip
