"""Partner views: a partner, and its commission cards row by row, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.placements.cards import Rate, card_of
from domain.placements.model import PARTNER_KINDS, REMITS_NAMES, Partner
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from web.localisation import LANGUAGES


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner in the list, with how many placements lie with it."""

    id: int
    name: str
    kind: str
    email: str
    countries: str
    remits: str
    term_days: int
    many: int
    is_ended: bool


@dataclass(frozen=True, slots=True)
class PartnerView:
    """All that is said of a partner."""

    id: int
    name: str
    kind: str
    email: str
    contact_name: str | None
    phone: str | None
    address: str | None
    language: str
    countries: str
    specialities: str | None
    remits: str
    term_days: int
    settle_percent: int
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class RateView:
    """One row of a card: how much of what is collected, and for which debts."""

    percent: Decimal
    holds_for: Sequence[Words]


@dataclass(frozen=True, slots=True)
class CardView:
    """A card: since when it holds, whether it does now, and all that it says."""

    number: int
    from_on: date
    is_in_force: bool
    rates: Sequence[RateView]
    legal_percent: Decimal
    tax_percent: Decimal


def partner_line(row: AnyRow) -> PartnerLine:
    """A row of `queries.partners`."""
    return PartnerLine(
        id=row.id,
        name=row.name,
        kind=PARTNER_KINDS[row.kind],
        email=row.email,
        countries=", ".join(row.countries),
        remits=REMITS_NAMES[row.remits],
        term_days=row.term_days,
        many=row.many,
        is_ended=row.ended_at is not None,
    )


def partner_view(partner: Partner) -> PartnerView:
    """A partner as its page wants it; in a session that is still open."""
    return PartnerView(
        id=partner.id,
        name=partner.name,
        kind=PARTNER_KINDS[partner.kind],
        email=partner.email,
        contact_name=partner.contact_name,
        phone=partner.phone,
        address=partner.address,
        language=LANGUAGES.get(partner.language, partner.language),
        countries=", ".join(partner.countries),
        specialities=partner.specialities,
        remits=REMITS_NAMES[partner.remits],
        term_days=partner.term_days,
        settle_percent=partner.settle_percent,
        ended_at=partner.ended_at,
    )


def card_view(row: AnyRow, *, in_force: int) -> CardView:
    """A row of `queries.cards`; `in_force` is the id of the card that holds today."""
    card = card_of(row.terms)
    return CardView(
        number=row.number,
        from_on=row.from_on,
        is_in_force=row.id == in_force,
        rates=[_rate_view(rate, card.currency) for rate in sorted(card.rates, key=_place)],
        legal_percent=card.legal_percent,
        tax_percent=card.tax_percent,
    )


def _place(rate: Rate) -> tuple[bool, bool, int]:
    """Where a row stands on its card: by age, then what is for small debts, then for those placed before."""
    return rate.again, rate.below_minor is not None, rate.late_days


def _rate_view(rate: Rate, currency: str) -> RateView:
    holds_for = []
    if rate.late_days:
        holds_for.append(Words.of(N_("from {days} days late"), days=rate.late_days))
    if rate.below_minor is not None:
        holds_for.append(Words.of(N_("below {amount}"), amount=Money(rate.below_minor, currency)))
    if rate.again:
        holds_for.append(Words.of(N_("placed before")))
    return RateView(rate.percent, holds_for or [Words.of(N_("every debt"))])
