"""Account type: decides which name fields an account has (F113)."""

from taiga_crm.entities.dictionary import dictionary
from taiga_crm.models import AccountType
from taiga_crm.services import account_types

account_type = dictionary(
    "account_type",
    "account-types",
    AccountType,
    "has_first_name",
    "has_last_name",
    prepare=account_types.prepare,
)
