"""The URLs of the CRM, mounted by the host door under /api/v1/crm/."""

from taiga_crm.api.router import urlpatterns

__all__ = ["urlpatterns"]
