"""What hears, what runs, what repeats: listeners, jobs and periodic work, put together once."""

from __future__ import annotations

import datetime

from taiga_crm.capabilities.kept_files import sweep
from taiga_crm.capabilities.periodic import register_periodic

DAY = datetime.timedelta(days=1)


def wire() -> None:
    """Register everything; called once when the app is ready, again without harm."""
    register_periodic("sweep-files", DAY, sweep)
