"""What every host must offer: names of tables and columns that the CRM reads."""

COLUMNS = {
    "users_user": {
        "id", "username", "email", "full_name", "is_active", "is_system", "is_superuser",
        "date_joined", "date_cancelled", "lang", "timezone", "photo", "password",
    },
    "users_role": {"id", "name", "slug", "permissions", "order", "project_id", "computable"},
    "projects_project": {
        "id", "name", "slug", "description", "owner_id", "is_private", "created_date",
        "modified_date", "blocked_code", "is_epics_activated", "is_backlog_activated",
        "is_kanban_activated", "is_issues_activated", "is_wiki_activated", "tags",
        "anon_permissions", "public_permissions", "logo",
    },
    "projects_membership": {
        "id", "user_id", "project_id", "role_id", "is_admin", "email", "created_at",
        "invited_by_id", "user_order",
    },
    "projects_issuestatus": {"id", "name", "slug", "order", "is_closed", "color", "project_id"},
    "projects_userstorystatus": {
        "id", "name", "slug", "order", "is_closed", "color", "project_id", "is_archived",
        "wip_limit",
    },
    "projects_taskstatus": {"id", "name", "slug", "order", "is_closed", "color", "project_id"},
    "projects_epicstatus": {"id", "name", "slug", "order", "is_closed", "color", "project_id"},
    "milestones_milestone": {
        "id", "name", "slug", "owner_id", "project_id", "estimated_start", "estimated_finish",
        "created_date", "modified_date", "closed", "order",
    },
    "epics_relateduserstory": {"id", "user_story_id", "epic_id", "order"},
    "external_apps_applicationtoken": {"id", "user_id", "application_id", "token"},
}  # fmt: skip

TICKET = {
    "id", "ref", "subject", "description", "owner_id", "assigned_to_id", "created_date",
    "modified_date", "tags", "external_reference", "is_blocked", "blocked_note", "version",
    "project_id", "status_id",
}  # fmt: skip
COLUMNS["issues_issue"] = TICKET | {"milestone_id", "due_date", "finished_date"}
COLUMNS["userstories_userstory"] = TICKET | {
    "milestone_id", "due_date", "finish_date", "is_closed", "backlog_order", "sprint_order",
    "kanban_order", "client_requirement", "team_requirement",
}  # fmt: skip
COLUMNS["tasks_task"] = TICKET | {
    "milestone_id", "due_date", "finished_date", "user_story_id", "us_order", "taskboard_order",
    "is_iocaine",
}  # fmt: skip
COLUMNS["epics_epic"] = TICKET | {
    "epics_order", "color", "client_requirement", "team_requirement",
}  # fmt: skip

MIGRATIONS = {
    ("users", "0033_auto_20211110_1526"),
    ("projects", "0067_auto_20201230_1237"),
    ("issues", "0009_auto_20200615_0811"),
    ("userstories", "0021_auto_20201202_0850"),
    ("tasks", "0013_auto_20200615_0811"),
    ("epics", "0006_auto_20200615_0811"),
    ("milestones", "0003_auto_20200615_0811"),
}
