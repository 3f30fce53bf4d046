"""Disputes: the board of all of them with the chargebacks beside it, and each of its columns as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.chargebacks import ChargebackView, chargeback_view, with_owners
from backoffice.dispute_views import cards, reason_groups
from domain.chargebacks import queries as chargebacks
from domain.chargebacks.queries import View
from domain.disputes import board
from domain.disputes.board import Column, Place, Wanted
from domain.disputes.reasons import Reason
from domain.shared.db.session import now
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.forms import query_form
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

HERE = "/disputes"
PAGE = 50
ON_BOARD = 12
"""So many of a column stand on the board; its list has them all."""
COLUMN_WORDS = {
    Column.NEW: N_("New"),
    Column.LOOKED_INTO: N_("Being looked into"),
    Column.WAITING: N_("Waiting for the customer"),
    Column.ENDED: N_("Decided lately"),
}
"""What the columns are called."""
WHOSE = {"": N_("Of the team"), "mine": N_("Mine"), "nobody": N_("Nobody's")}
"""Whose disputes are shown, by what the address says."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for, as the address says it."""

    whose: str
    reason: Reason | None
    is_late: bool

    def wanted(self, staff_id: int) -> Wanted:
        """The same for the domain."""
        return Wanted(
            owner_id=staff_id if self.whose == "mine" else None,
            is_nobodys=self.whose == "nobody",
            reason=self.reason,
            is_late=self.is_late,
        )

    def address(self, **more: object) -> str:
        """The same page with something changed or added."""
        asked: dict[str, object] = {"whose": self.whose, "reason": self.reason, "late": "yes" if self.is_late else ""}
        return with_query(HERE, **(asked | more))


@get(HERE, guards=admit(Permission.SEE_DISPUTES), sync_to_thread=True)
def list_disputes(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = "",
    whose: FromQuery[str] = "",
    reason: FromQuery[str] = "",
    late: FromQuery[str] = "",
    at: FromQuery[datetime | None] = None,
    place: FromQuery[int] = 0,
) -> Response[bytes]:
    """The board, or one of its columns a page at a time."""
    asked = Asked(whose if whose in WHOSE else "", Reason(reason) if reason in set(Reason) else None, bool(late))
    officer = officer_of(request)
    wanted = asked.wanted(officer.staff_id)
    which = Column(show) if show in set(Column) else None
    with database.reading() as session:
        context: dict[str, object] = {"asked": asked, "chargebacks": []}
        if which is None:
            context |= _board(session, asked, wanted)
            if officer.may(Permission.SEE_CHARGEBACKS):
                context["chargebacks"] = _contested_at_banks(session, asked, officer.staff_id)
        else:
            after = Place(at, place) if at is not None and at.tzinfo is not None else None
            context |= _list(session, asked, wanted, which, after)
    context |= {
        "whose": [
            (words, asked.address(show=show, whose=key), key == asked.whose, None) for key, words in WHOSE.items()
        ],
        "reasons": reason_groups(),
        "show_column": which.value if which else "",
        "form": query_form(request),
    }
    return page(request, f"backoffice/disputes/{'list' if which else 'board'}.html", context)


def _board(session: Session, asked: Asked, wanted: Wanted) -> dict[str, object]:
    counts = board.counts(session, wanted)
    columns = []
    for which, words in COLUMN_WORDS.items():
        if which is Column.ENDED:
            rows = board.lately(session, wanted, limit=ON_BOARD)
        else:
            rows = board.column(session, which, wanted, limit=ON_BOARD)
        columns.append((which.value, words, counts.get(which), cards(session, rows), asked.address(show=which.value)))
    return {"columns": columns}


def _list(session: Session, asked: Asked, wanted: Wanted, which: Column, after: Place | None) -> dict[str, object]:
    rows = board.column(session, which, wanted, after=after, limit=PAGE + 1)
    following = None
    if len(rows) > PAGE:
        place = board.place_of(which, rows[PAGE - 1])
        following = asked.address(show=which.value, at=place.at.isoformat(), place=place.id)
    return {
        "title": COLUMN_WORDS[which],
        "cards": cards(session, rows[:PAGE]),
        "following": following,
        "board": asked.address(),
    }


def _contested_at_banks(session: Session, asked: Asked, staff_id: int) -> list[ChargebackView]:
    """The open chargebacks of whoever is asked for; they have the banks' reasons, and so none by ours."""
    if asked.reason:
        return []
    rows = chargebacks.chargebacks(session, View.OPEN, limit=PAGE)
    at = now(session)
    shown = [row for row in rows if not asked.is_late or (row.respond_by is not None and row.respond_by < at)]
    views = with_owners(session, [chargeback_view(session, row) for row in shown])
    mine = {"mine": staff_id, "nobody": None}
    return [view for view in views if not asked.whose or view.owner_id == mine[asked.whose]]
