"""Uploading: how many files one customer may send."""

from __future__ import annotations

from portal.access import customer_of
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

UPLOADING = Rate(30, 3600)


def count_uploads(request: AnyRequest, files: int, *, who: str | None = None) -> None:
    """Count the files that the signed-in customer, or `who`, sends; TooOften where they sent too many."""
    name = str(customer_of(request).login_id) if who is None else who
    for _ in range(files):
        visit_of(request).site.limiter.count("upload", name, UPLOADING)
