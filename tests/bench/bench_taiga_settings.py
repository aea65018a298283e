"""Settings of the bench inside a real Taiga (TAIGA_BACK), with its middleware and tokens."""

import os

from settings.common import *  # noqa: F403 - Taiga's package "settings", first on the path

from taiga_crm.standalone.database_url import from_url

DEBUG = False
SECRET_KEY = "only-for-the-bench"
ROOT_URLCONF = "bench_urls"
ALLOWED_HOSTS = ["*"]
DATABASES = {
    "default": {
        **from_url(
            os.environ.get("TAIGA_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
        ),
        "NAME": os.environ.get("BENCH_DATABASE", "crm_bench_taiga"),
    }
}
INSTALLED_APPS = [*INSTALLED_APPS, "taiga_crm"]  # noqa: F405
CELERY_ENABLED = False
ENABLE_TELEMETRY = False
WEBHOOKS_ENABLED = False
EVENTS_PUSH_BACKEND = "taiga.events.backends.postgresql.EventsPushBackend"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
