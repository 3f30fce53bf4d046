"""Way views: saved methods as plain values for the portal's templates, and what somebody agrees to by a tick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.saved_methods.consenting import Agreement
from domain.saved_methods.model import METHOD_WORDS
from domain.saved_methods.queries import is_past
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.words import Words
from web.visit import AnyRequest, visit_of

SOON_MONTHS = 2
"""A card whose last month is this near expires soon."""


@dataclass(frozen=True, slots=True)
class WayView:
    """A saved method, as one reader sees it; `badge` is None where there is nothing to mind."""

    id: int
    label: str
    detail: Words
    owner: str
    mine: bool
    shared: bool
    badge: tuple[str, str] | None


def way_view(row: AnyRow, login_id: int, day: date) -> WayView:
    """A row of `saved_methods.queries` as its template wants it."""
    mine = row.login_id == login_id
    return WayView(
        id=row.id,
        label=row.label,
        detail=_detail(row, mine=mine),
        owner=row.owner,
        mine=mine,
        shared=row.shared,
        badge=_badge(row, day),
    )


def agreement_of(request: AnyRequest) -> Agreement:
    """That the person who sends this request agrees to have a method kept."""
    visit = visit_of(request)
    return Agreement(
        language=visit.speaking.language,
        address=visit.address,
        user_agent=visit.header(b"user-agent") or None,
    )


def _detail(row: AnyRow, *, mine: bool) -> Words:
    until = None if row.expires_year is None else f"{row.expires_month:02d}/{row.expires_year}"
    if until is None:
        return Words.of(METHOD_WORDS[row.kind]) if mine else Words.of(N_("Shared by {owner}"), owner=row.owner)
    if mine:
        return Words.of(N_("Expires {month}"), month=until)
    return Words.of(N_("Expires {month}. Shared by {owner}"), month=until, owner=row.owner)


def _badge(row: AnyRow, day: date) -> tuple[str, str] | None:
    if row.lost_at is not None:
        return ("failed", N_("Can no longer be used"))
    if row.expires_year is None:
        return None
    if is_past(row.expires_year, row.expires_month, day):
        return ("late", N_("Expired"))
    months_left = (row.expires_year - day.year) * 12 + row.expires_month - day.month
    return ("soon", N_("Expires soon")) if months_left < SOON_MONTHS else None
