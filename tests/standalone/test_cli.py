"""The command line of the embedded host."""

import os
import socket
import subprocess
import sys

import pytest

from taiga_crm import __version__
from taiga_crm.standalone import cli


def test_it_says_its_version(capsys):
    with pytest.raises(SystemExit) as done:
        cli.main(["--version"])
    assert (done.value.code, capsys.readouterr().out.strip()) == (0, __version__)


def test_without_a_command_it_says_which_there_are(capsys):
    with pytest.raises(SystemExit) as done:
        cli.main([])
    assert done.value.code == 2
    assert "COMMAND" in capsys.readouterr().err


def test_a_taken_port_is_refused_in_a_sentence(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("TAIGA_CRM_HOME", str(tmp_path / "home"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert cli.main(["demo", "--port", str(port)]) == 1
    assert f"port {port} is taken" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_resetting_a_database_of_yours_is_refused(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("TAIGA_CRM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DATABASE_URL", "postgres://localhost/precious")
    assert cli.main(["demo", "--reset", "--port", "0"]) == 1
    assert "empty that database yourself" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given, told",
    [
        ("{'page_sise': 3}", "TAIGA_CRM has unknown settings: page_sise"),
        ("{'map_url': 'ftp://map'}", "TAIGA_CRM['map_url'] must be http(s)"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path, given, told):
    lines = f"from taiga_crm.standalone.settings import *\nTAIGA_CRM = {given}\n"
    (tmp_path / "wrong_settings.py").write_text(lines)
    done = subprocess.run(
        [sys.executable, "-m", "django", "check", "--settings=wrong_settings"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert told in done.stderr
