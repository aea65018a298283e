"""The URLs of what administrators keep: field rules, webhooks, tokens, the security log."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from taiga_crm.api.field_rules import (
    FieldRuleChangesView,
    FieldRuleKindsView,
    FieldRulesView,
)
from taiga_crm.api.security_log import security_log_urls
from taiga_crm.api.tokens import token_urls
from taiga_crm.api.webhooks import webhook_urls

KIND = r"(?P<kind>[a-z0-9_]{1,40})"

security_urls: list[URLPattern] = [
    path("field-rules", FieldRuleKindsView.as_view()),
    re_path(f"^field-rules/{KIND}$", FieldRulesView.as_view()),
    re_path(f"^field-rules/{KIND}/history$", FieldRuleChangesView.as_view()),
    *webhook_urls,
    *token_urls,
    *security_log_urls,
]
