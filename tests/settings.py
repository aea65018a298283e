"""Settings of the test suite: the embedded host on a fast PostgreSQL of its own."""

import fcntl
import os
from pathlib import Path

from taiga_crm.standalone.database_url import database
from taiga_crm.standalone.settings import *  # noqa: F403

DATA = Path(__file__).resolve().parent.parent / ".test-db"


def _free_slot() -> int:
    """Return a number that no other test run uses now, so that runs do not share a database."""
    DATA.mkdir(exist_ok=True)
    slot = 0
    while True:
        lock = (DATA / f"slot-{slot}.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            slot += 1
        else:
            globals()["_slot_lock"] = lock  # held until the process ends
            return slot


SLOT = _free_slot()
DEBUG = False
SECRET_KEY = "only-for-tests"
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), DATA / "pg", durable=False)}
DATABASES["default"]["TEST"] = {"NAME": "test_{}_{}".format(DATABASES["default"]["NAME"], SLOT)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_AUTOREFRESH = True
TAIGA_CRM = {**TAIGA_CRM, "files_root": str(DATA / f"files-{SLOT}")}  # noqa: F405
