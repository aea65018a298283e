"""Django settings of the embedded host; DATABASE_URL and TAIGA_CRM_* override them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from taiga_crm.standalone.alien import REST_FRAMEWORK as ALIEN_REST_FRAMEWORK
from taiga_crm.standalone.database_url import database

HOME = Path(os.environ.get("TAIGA_CRM_HOME", ".demo")).absolute()

SECRET_KEY = os.environ.get("TAIGA_CRM_SECRET_KEY", "only-good-enough-for-a-demo-on-this-machine")
DEBUG = os.environ.get("TAIGA_CRM_DEBUG") == "1"
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "taiga_crm.standalone",
    "taiga_crm.standalone.users",
    "taiga_crm.standalone.projects",
    "taiga_crm.standalone.milestones",
    "taiga_crm.standalone.userstories",
    "taiga_crm.standalone.tasks",
    "taiga_crm.standalone.issues",
    "taiga_crm.standalone.epics",
    "taiga_crm.standalone.external_apps",
    "taiga_crm",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
]

ROOT_URLCONF = "taiga_crm.standalone.urls"
WSGI_APPLICATION = "taiga_crm.standalone.wsgi.application"
APPEND_SLASH = False
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), HOME / "pg")}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
AUTH_USER_MODEL = "users.User"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
USE_L10N = True
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("ko", _("Korean")),
    ("cs", _("Czech")),
    ("de", _("German")),
    ("es", _("Spanish")),
    ("fr", _("French")),
    ("it", _("Italian")),
    ("ja", _("Japanese")),
    ("pl", _("Polish")),
]

STATIC_URL = "/static/"
STATIC_ROOT = str(HOME / "static")
MEDIA_ROOT = str(HOME / "media")
MEDIA_URL = "/media/"
# read from the package at each request, so that a new front build is seen without a restart
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
WHITENOISE_MAX_AGE = 0
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9A-Za-z_-]{8}\.[a-z0-9]+$"

# where people find the front, for links in mails; mails are printed unless a server is named
SITES = {
    "front": {
        "scheme": os.environ.get("TAIGA_CRM_SCHEME", "http"),
        "domain": os.environ.get("TAIGA_CRM_DOMAIN", "localhost:8000"),
    }
}
EMAIL_HOST = os.environ.get("TAIGA_CRM_EMAIL_HOST", "")
EMAIL_BACKEND = "django.core.mail.backends.{}.EmailBackend".format(
    "smtp" if EMAIL_HOST else "console"
)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("TAIGA_CRM_FROM_EMAIL", "crm@localhost")

REST_FRAMEWORK = ALIEN_REST_FRAMEWORK
TAIGA_CRM: dict[str, Any] = {"HOST": "taiga_crm.standalone.adapter.StandaloneHost"}
if PORT := os.environ.get("TAIGA_CRM_WEBHOOK_PORT"):  # for trials: webhooks to this machine
    TAIGA_CRM.update(webhook_http=True, webhook_ports=(int(PORT),), webhook_inside=("127.0.0.1",))
PUBLIC_REGISTER_ENABLED = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},  # a 404 is no news
}
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # no cookies, so no CSRF middleware
]
