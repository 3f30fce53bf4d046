"""Limitation views: the time of a debt, as the pages of an invoice and of an account show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.limitations.clock import HAPPENED_NAMES, SINCE_NAMES, STATE_NAMES, State
from domain.limitations.facts import Timed
from domain.limitations.recording import LAWS
from domain.limitations.rules import warn_days
from domain.shared.errors import N_
from domain.shared.money import Money

UNKNOWN_STATE = N_("Not known")
NEAR = N_("Can be enforced, and ends soon")
KINDS = {
    State.RUNNING: "open",
    State.STANDS_STILL: "paused",
    State.PENDING: "work",
    State.ENDLESS: "paid",
    State.BARRED: "void",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that happened to a debt: on which day, what it is called, and whether it moved the last day."""

    on: date
    words: str
    moved: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class TimeView:
    """How long a debt can be enforced: by which law, until when, since when that runs, and what moved it.

    `law` is a message id, or the code of a country of which the product knows no law (`is_known` is False then).
    """

    invoice_id: int
    account_id: int
    account_name: str
    number: str
    due_on: date
    open: Money
    law: str
    is_known: bool
    badge: tuple[str, str]
    last_on: date | None
    started_on: date | None
    since: str | None
    source: str | None
    is_gone: bool
    moves: Sequence[Moved]

    @property
    def path(self) -> str:
        """Where the invoice has its page."""
        return f"/accounts/{self.account_id}/invoices/{self.invoice_id}"


def law_name(jurisdiction: str) -> str:
    """What a law is called, as a message id; a country that the product knows no law of by its code."""
    return LAWS.get(jurisdiction, jurisdiction)


def time_view(one: Timed, day: date) -> TimeView:
    """The time of one debt on a day."""
    clock = one.clock
    return TimeView(
        invoice_id=one.invoice_id,
        account_id=one.account_id,
        account_name=one.account_name,
        number=one.number,
        due_on=one.due_on,
        open=one.open,
        law=law_name(one.jurisdiction),
        is_known=clock is not None,
        badge=_badge(one, day),
        last_on=one.last_on,
        started_on=clock.started_on if clock else None,
        since=SINCE_NAMES[clock.since] if clock else None,
        source=clock.rule.source if clock else None,
        is_gone=one.is_extinguished(day),
        moves=[
            Moved(event.on, HAPPENED_NAMES[event.happened], event.moved, event.note)
            for event in (clock.events if clock else ())
        ],
    )


def _badge(one: Timed, day: date) -> tuple[str, str]:
    if one.clock is None:
        return "waiting", UNKNOWN_STATE
    state = one.clock.state(day)
    near = one.last_on is not None and (one.last_on - day).days <= min(warn_days())
    return ("late", NEAR) if state is State.RUNNING and near else (KINDS[state], STATE_NAMES[state])
