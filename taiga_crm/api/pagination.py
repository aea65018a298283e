"""Taiga's pagination headers, with an honest count and a cursor beside page numbers."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param

from taiga_crm.capabilities.pages import Page


def page_headers(request: Request, page: Page) -> dict[str, str]:
    """Return the x-pagination-* headers of a page."""
    url = remove_query_param(request.build_absolute_uri(), "cursor")
    headers = {
        "x-paginated": "true",
        "x-paginated-by": str(page.size),
        "x-pagination-count": str(page.count.number),
        "x-pagination-count-exact": "true" if page.count.exact else "false",
        "x-pagination-current": str(page.number),
    }
    by_cursor = "cursor" in request.query_params
    if page.next_cursor:
        headers["x-pagination-next-cursor"] = page.next_cursor
    if page.has_next and not by_cursor:
        headers["x-pagination-next"] = replace_query_param(url, "page", page.number + 1)
    elif page.next_cursor:
        headers["x-pagination-next"] = replace_query_param(url, "cursor", page.next_cursor)
    if page.number > 1:
        headers["x-pagination-prev"] = replace_query_param(url, "page", page.number - 1)
    return headers
