"""Periodic work: due every so often, run by one worker."""

import datetime

import pytest

from taiga_crm.capabilities import periodic
from taiga_crm.kernel import clock
from taiga_crm.models import PeriodicRun

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


def test_a_function_runs_when_it_is_due_and_not_before(monkeypatch):
    calls = []
    monkeypatch.setattr(periodic, "_known", {})
    periodic.register_periodic("hourly", HOUR, calls.append)
    now = clock.now()
    assert periodic.run_due(now) == ["hourly"]
    assert periodic.run_due(now + HOUR / 2) == []
    assert periodic.run_due(now + HOUR) == ["hourly"]
    assert calls == [now, now + HOUR]
    assert PeriodicRun.objects.get(pk="hourly").at == now + HOUR
