"""Settings of a real Taiga with the plugin, for the contract tests (see test_on_taiga.py)."""

import os

from settings.common import *  # noqa: F403 - Taiga's package "settings", first on the path

from taiga_crm.standalone.database_url import from_url

DATABASES = {
    "default": {
        **from_url(os.environ["TAIGA_DATABASE_URL"]),
        "TEST": {"NAME": "test_taiga_crm_contract"},
    }
}
INSTALLED_APPS = [*INSTALLED_APPS, "taiga_crm"]  # noqa: F405
SECRET_KEY = "only-for-tests"
CELERY_ENABLED = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
