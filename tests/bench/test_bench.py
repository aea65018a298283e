"""`make bench`: run the bench in a process of its own, outside the tests' database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.bench
def test_the_bench_prints_its_table():
    """Figures are printed and never asserted: they move with the machine."""
    run = Path(__file__).resolve().parent / "run.py"
    assert subprocess.run([sys.executable, str(run)], check=False).returncode == 0
