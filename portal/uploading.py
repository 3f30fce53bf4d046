"""Uploading: how many files one customer may send."""

from __future__ import annotations

from domain.documents.kinds import LARGEST
from portal.access import customer_of
from web.forms import AROUND_A_FILE
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

UPLOADING = Rate(30, 3600)
MOST_SENT = 3 * LARGEST + AROUND_A_FILE
"""Bytes of a form with a file: one that is too large is refused beside its field, and what was typed is kept."""


def count_upload(request: AnyRequest) -> None:
    """Count a file that the signed-in customer sends; TooOften where they sent too many."""
    visit_of(request).site.limiter.count("upload", str(customer_of(request).login_id), UPLOADING)
