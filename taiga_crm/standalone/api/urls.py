"""Routes of the embedded host's API, without trailing slashes."""

from __future__ import annotations

from django.urls import path, re_path

from taiga_crm.standalone.api import login, people, project_values, projects, tickets

KIND = "(?P<kind>issues|userstories|tasks|epics)"

urlpatterns = [
    path("auth", login.LoginView.as_view()),
    path("auth/refresh", login.RefreshView.as_view()),
    path("users/me", people.MeView.as_view()),
    path("users/<int:pk>", people.UserView.as_view()),
    path("roles", people.RolesView.as_view()),
    path("memberships", people.MembershipsView.as_view()),
    path("projects", projects.ProjectsView.as_view()),
    path("projects/by_slug", projects.ProjectBySlugView.as_view()),
    path("projects/<int:pk>", projects.ProjectView.as_view()),
    path("issue-statuses", project_values.IssueStatusesView.as_view()),
    path("userstory-statuses", project_values.UserStoryStatusesView.as_view()),
    path("task-statuses", project_values.TaskStatusesView.as_view()),
    path("epic-statuses", project_values.EpicStatusesView.as_view()),
    path("milestones", project_values.MilestonesView.as_view()),
    re_path(rf"^{KIND}$", tickets.TicketsView.as_view()),
    re_path(rf"^{KIND}/by_ref$", tickets.TicketByRefView.as_view()),
    re_path(rf"^{KIND}/(?P<pk>\d{{1,9}})$", tickets.TicketView.as_view()),
]
