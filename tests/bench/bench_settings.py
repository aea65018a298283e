"""Settings of the bench: the embedded host on a database of its own, durable as in production."""

import os
from pathlib import Path

from taiga_crm.standalone.database_url import database
from taiga_crm.standalone.settings import *  # noqa: F403

DATA = Path(__file__).resolve().parents[2] / ".test-db" / "bench"

DEBUG = False
SECRET_KEY = "only-for-the-bench"
ROOT_URLCONF = "bench_urls"
DATABASES = {
    "default": {
        **database(os.environ.get("DATABASE_URL", ""), DATA),
        "NAME": os.environ.get("BENCH_DATABASE", "crm_bench"),
    }
}
