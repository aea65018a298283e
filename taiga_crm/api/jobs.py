"""Jobs of the person: how far they are, and asking one to stop."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from taiga_crm.api.schema import OBJECTS, plain
from taiga_crm.api.scopes import READS, WRITES
from taiga_crm.api.views import CrmView
from taiga_crm.api.viewset import record_id
from taiga_crm.capabilities import jobs


class JobsView(CrmView):
    """GET /jobs."""

    token_scopes = READS
    beyond_projects = True

    @plain(OBJECTS)
    def get(self, request: Request) -> Response:
        """Return the person's latest jobs, newest first."""
        return Response([jobs.shown(job) for job in jobs.jobs_of(request.user)])


class JobView(CrmView):
    """GET /jobs/{id}."""

    token_scopes = READS
    beyond_projects = True

    @plain()
    def get(self, request: Request, pk: str) -> Response:
        """Return one job of the person."""
        return Response(jobs.shown(jobs.job_of(request.user, record_id(pk))))


class JobCancelView(CrmView):
    """POST /jobs/{id}/cancel."""

    token_scopes = WRITES
    beyond_projects = True

    @plain()
    def post(self, request: Request, pk: str) -> Response:
        """Ask a job to stop; what it wrote is undone."""
        return Response(jobs.shown(jobs.cancel(request.user, record_id(pk))))
