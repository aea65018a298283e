"""One declaration per noun; importing this package registers them all, in menu order."""

from taiga_crm.entities import (  # noqa: I001  (the order is the menu's)
    account,
    contact,
    ticket,
    account_group,
    industry,
    account_type,
    contact_type,
    consent_purpose,
    retention_rule,
    user_type,
)

__all__ = [
    "account",
    "account_group",
    "account_type",
    "consent_purpose",
    "contact",
    "contact_type",
    "industry",
    "retention_rule",
    "ticket",
    "user_type",
]
