"""Run this directory's contract again inside a real Taiga, when one is at hand."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BACK = os.environ.get("TAIGA_BACK", "")
PYTHON = os.environ.get("TAIGA_PYTHON", "python")
DATABASE = os.environ.get("TAIGA_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")


@pytest.mark.skipif(
    not BACK,
    reason="NOT RUN on a real Taiga: set TAIGA_BACK (a taiga-back checkout), TAIGA_PYTHON"
    " (a Python with its requirements) and TAIGA_DATABASE_URL",
)
def test_the_contract_holds_inside_a_real_taiga(tmp_path):
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([BACK, str(ROOT), str(HERE)]),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TAIGA_DATABASE_URL": DATABASE,
        "DJANGO_SETTINGS_MODULE": "taiga_settings",
    }
    environment.pop("DATABASE_URL", None)
    command = [
        *(PYTHON, "-m", "pytest", str(HERE), "--ds=taiga_settings", "--create-db", "-q"),
        *("-p", "no:cacheprovider", "-o", "pythonpath=", "--rootdir", str(ROOT)),
        *("-c", str(ROOT / "pyproject.toml"), "--ignore", __file__),
    ]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    print(done.stdout[-6000:], done.stderr[-2000:])
    assert done.returncode == 0
