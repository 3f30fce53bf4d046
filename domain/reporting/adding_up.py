"""Adding up: the one answer to *does it all add up?*: days, payouts, what waits, how much is explained and how fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from domain.clearing import tie_out
from domain.clearing.tie_out import DayTotals, PayoutTie, Speed
from domain.payments.snapshots import Movement
from domain.reporting.waiting_money import Standing, age, standings
from domain.shared.clock import day_in
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money

TENTH = Decimal("0.1")
LAST_DAYS = 14
"""Days that are compared where nobody names others."""


class Verdict(StrEnum):
    """The answer to *does it all add up?*"""

    DIFFERS = "differs"
    UNASKED = "unasked"
    TO_EXPLAIN = "to_explain"
    WHOLE = "whole"


VERDICT_WORDS = {
    Verdict.DIFFERS: N_("No, something does not add up."),
    Verdict.UNASKED: N_("Our own books add up. The processor has not been asked yet."),
    Verdict.TO_EXPLAIN: N_("Yes, every cent is accounted for. Of some of it somebody has to say what it is."),
    Verdict.WHOLE: N_("Yes, every cent is accounted for."),
}
"""What each verdict says."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that does not add up: its lasting name, what it is about, and by how much it is off."""

    name: str
    about: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Sums:
    """What moved from `first` to `last` in one currency: at the processor, in our books, on customers' accounts.

    Days that the processor was asked about, or all where it never was. `reported` and `posted` are net of fees,
    refunds and payouts; `paid` is what customers paid, and `credited` what their accounts have of it.
    """

    currency: str
    first: date
    last: date
    reported: Money | None
    posted: Money
    paid: Money
    credited: Money


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
    def gaps(self) -> list[Gap]:
        """Everything that does not add up: days, payouts, and what stands somewhere without a name."""
        found = [Gap(f"day:{day.day}", str(day.day), day.difference) for day in self.days]
        found += [Gap(f"payout:{each.external_id}", each.external_id, each.difference) for each in self.payouts]
        for each in self.standings:
            about = each.ledger_account.value
            found.append(Gap(f"standing:{about}:{each.balance.currency}", about, each.unnamed))
        return [gap for gap in found if gap.amount]

    @property
    def adds_up(self) -> bool:
        """Whether every cent is accounted for."""
        return not self.gaps and not self.missing

    @property
    def verdict(self) -> Verdict:
        """The answer in one word."""
        if not self.adds_up:
            return Verdict.DIFFERS
        if self.days and all(day.reported is None for day in self.days):
            return Verdict.UNASKED
        return Verdict.TO_EXPLAIN if any(each.unexplained for each in self.standings) else Verdict.WHOLE

    @property
    def sums(self) -> list[Sums]:
        """What moved in the days together, by currency."""
        return [_sums(currency, self.days) for currency in sorted({day.currency for day in self.days})]

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
        "verdict": found.verdict.value,
        "explained_percent": {currency: _text(found.explained(currency)) for currency in sorted(found.gross)},
        "median_hours_to_books": _hours(found.speed.to_books),
        "median_hours_to_settlement": _hours(found.speed.to_settlement),
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


def _sums(currency: str, days: Sequence[DayTotals]) -> Sums:
    ours = [day for day in days if day.currency == currency]
    ours = [day for day in ours if day.reported is not None] or ours
    reported = [day.reported for day in ours if day.reported is not None]
    return Sums(
        currency=currency,
        first=min(day.day for day in ours),
        last=max(day.day for day in ours),
        reported=Money.sum(reported, currency) if reported else None,
        posted=Money.sum((day.posted for day in ours), currency),
        paid=Money.sum((day.paid for day in ours), currency),
        credited=Money.sum((day.credited for day in ours), currency),
    )


def _hours(span: timedelta | None) -> float | None:
    return None if span is None else round(span.total_seconds() / 3600, 2)


def _text(value: Money | Decimal | None) -> str | None:
    if value is None:
        return None
    return str(value.decimal if isinstance(value, Money) else value)
