"""What became of each row of a bulk act: one small object for each, never a silent gap."""

from __future__ import annotations

from typing import Any

from taiga_crm.kernel.errors import CrmError, InvalidInput, NotVisible, StaleVersion

Result = dict[str, Any]


def refusal(pk: int, error: CrmError) -> Result:
    """Return the result of a refused row: the reason, and the fields at fault."""
    status = "stale" if isinstance(error, StaleVersion) else "refused"
    result: Result = {"id": pk, "status": status, "code": error.code, "message": error.message}
    if isinstance(error, NotVisible):
        result["message"] = ""
    if isinstance(error, InvalidInput):
        result["errors"] = error.fields
    return result


def summary(results: list[Result]) -> dict[str, Any]:
    """Return {"results", "counts"}: each row, and how many of each status."""
    counts: dict[str, int] = {}
    for one in results:
        counts[one["status"]] = counts.get(one["status"], 0) + 1
    return {"results": results, "counts": counts}
