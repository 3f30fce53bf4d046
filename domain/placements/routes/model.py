"""The table of decisions by which route a debt goes on, with what each was expected to bring then."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db.base import Base, CurrencyCode, Instant, Key, Minor, PrimaryKey, enum_column
from domain.shared.db.guards import APPEND_ONLY
from domain.shared.errors import N_


class Route(StrEnum):
    """The ways to go on with a debt."""

    PLAN = "plan"
    SETTLEMENT = "settlement"
    AGENCY = "agency"
    SUIT = "suit"
    KEEP = "keep"


ROUTE_NAMES = {
    Route.PLAN: N_("A payment plan"),
    Route.SETTLEMENT: N_("Settle for less"),
    Route.AGENCY: N_("Hand it to an agency"),
    Route.SUIT: N_("Go to court"),
    Route.KEEP: N_("Go on ourselves"),
}
"""What each is called on the screen."""


class RouteDecision(Base):
    """Which route somebody chose for the debts of an account, why, and the figures they had before them."""

    __tablename__ = "route_decision"

    id: Mapped[PrimaryKey]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    currency: Mapped[CurrencyCode]
    owed_minor: Mapped[Minor]
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    best: Mapped[Route] = mapped_column(enum_column(Route, name="best_route"))
    chosen: Mapped[Route] = mapped_column(enum_column(Route, name="chosen_route"))
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[Instant]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        CheckConstraint("owed_minor > 0", name="owed"),
        {"info": {APPEND_ONLY: True}},
    )
