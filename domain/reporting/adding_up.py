"""Adding up: the one answer to *does it all add up?*: days, payouts, what waits, how much is explained and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from sqlalchemy.orm import Session

from domain.clearing import tie_out
from domain.clearing.tie_out import DayTotals, PayoutTie, Speed
from domain.payments.snapshots import Movement
from domain.reporting.waiting_money import Standing, age, standings
from domain.shared.clock import day_in
from domain.shared.db.session import business
from domain.shared.money import Money

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class AddingUp:
    """Everything that has to add up from `first` to `last`, and what stands between customers, processor and bank now.

    `missing` are movements that the processor reports and the books do not have; empty too where it was not asked.
    """

    first: date
    last: date
    asked: bool
    days: tuple[DayTotals, ...]
    payouts: tuple[PayoutTie, ...]
    standings: tuple[Standing, ...]
    missing: tuple[Movement, ...]
    gross: dict[str, Money]
    speed: Speed

    @property
    def differences(self) -> list[Money]:
        """Every amount that does not add up."""
        found = [day.difference for day in self.days]
        found += [payout.difference for payout in self.payouts]
        found += [standing.unnamed for standing in self.standings]
        return [amount for amount in found if amount]

    @property
    def adds_up(self) -> bool:
        """Whether every cent is accounted for."""
        return not self.differences and not self.missing

    def explained(self, currency: str) -> Decimal | None:
        """How many per cent of what moved are explained, rounded down; None where nothing moved."""
        moved = self.gross.get(currency)
        if moved is None or not moved:
            return None
        waiting = sum(each.unexplained.minor for each in self.standings if each.balance.currency == currency)
        waiting += sum(abs(each.amount.minor) for each in self.missing if each.amount.currency == currency)
        share = Decimal(100 * max(moved.minor - waiting, 0)) / moved.minor
        return share.quantize(TENTH, rounding=ROUND_DOWN)


def adding_up(session: Session, first: date, last: date, movements: Sequence[Movement] | None = None) -> AddingUp:
    """Compare all that there is; `movements` are the processor's since `first` began, where it was asked just now.

    Otherwise each day is compared with what the processor reported of it when it was asked last.
    """
    counted = _counted(session, first, last, movements or ())
    if movements is None:
        reported = tie_out.last_reported(session, first, last)
    else:
        reported = tie_out.added_up(session, first, last, counted)
    return AddingUp(
        first=first,
        last=last,
        asked=movements is not None,
        days=tuple(tie_out.by_day(session, first, last, reported)),
        payouts=tuple(tie_out.by_payout(session, first, last)),
        standings=tuple(standings(session)),
        missing=tuple(tie_out.missing(session, counted)),
        gross=tie_out.gross(session, first, last),
        speed=tie_out.speed(session),
    )


def keep(session: Session, found: AddingUp) -> None:
    """Keep what the processor has just reported of each day."""
    tie_out.keep_reported(
        session, {(day.day, day.currency): day.reported for day in found.days if day.reported is not None}
    )


def _counted(session: Session, first: date, last: date, movements: Sequence[Movement]) -> list[Movement]:
    """Those of the processor's movements that these books have to have: of the days, and not from before the books."""
    began, zone = tie_out.begins(session), business(session).time_zone
    if began is None:
        return []
    return [each for each in movements if each.created_at >= began and first <= day_in(each.created_at, zone) <= last]


def as_values(session: Session, found: AddingUp) -> dict[str, Any]:
    """The whole answer in JSON's own types, amounts as decimals in text."""
    return {
        "from": str(found.first),
        "to": str(found.last),
        "processor_asked": found.asked,
        "adds_up": found.adds_up,
        "explained_percent": {currency: _text(found.explained(currency)) for currency in sorted(found.gross)},
        "median_hours_to_books": found.speed.to_books,
        "median_hours_to_settlement": found.speed.to_settlement,
        "days": [_day(day) for day in found.days],
        "payouts": [_payout(payout) for payout in found.payouts],
        "standing": [_standing(session, standing) for standing in found.standings],
        "missing": [
            {"movement": each.external_id, "category": each.category, "amount": _text(each.amount)}
            for each in found.missing
        ],
    }


def _day(day: DayTotals) -> dict[str, Any]:
    return {
        "day": str(day.day),
        "currency": day.currency,
        "reported": _text(day.reported),
        "booked": _text(day.booked),
        "posted": _text(day.posted),
        "paid": _text(day.paid),
        "credited": _text(day.credited),
        "difference": _text(day.difference),
    }


def _payout(payout: PayoutTie) -> dict[str, Any]:
    return {
        "payout": payout.external_id,
        "state": payout.state.value,
        "day": str(payout.created_on),
        "currency": payout.amount.currency,
        "amount": _text(payout.amount),
        "named": _text(payout.named),
        "complete": payout.complete,
        "difference": _text(payout.difference),
    }


def _standing(session: Session, standing: Standing) -> dict[str, Any]:
    return {
        "ledger_account": standing.ledger_account.value,
        "currency": standing.balance.currency,
        "balance": _text(standing.balance),
        "unnamed": _text(standing.unnamed),
        "items": [
            {
                "subject": ":".join(item.subject),
                "name": item.name,
                "amount": _text(item.amount),
                "since": str(item.since),
                "days": age(session, item),
                "decided": item.decided,
            }
            for item in standing.items
        ],
    }


def _text(value: Money | Decimal | None) -> str | None:
    if value is None:
        return None
    return str(value.decimal if isinstance(value, Money) else value)
