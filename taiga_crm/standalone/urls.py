"""Routes of the embedded host: Taiga's API under /api/v1, the shell everywhere else."""

from __future__ import annotations

from django.urls import include, path, re_path

from taiga_crm.standalone.shell import shell

urlpatterns = [
    path("api/v1/", include("taiga_crm.standalone.api.urls")),
    re_path(r"^(?!api/|static/|media/)", shell),
]
