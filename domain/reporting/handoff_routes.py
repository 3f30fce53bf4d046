"""Handoff routes: what the ways on with an account's late debts are reckoned from, and where each figure comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.placements import cards, queries
from domain.placements.cards import Card
from domain.placements.model import PartnerKind
from domain.placements.routes import usual
from domain.placements.routes.calculating import Inputs
from domain.placements.routes.deciding import Owing, owing
from domain.placements.routes.model import Route
from domain.policies.ruling import version_today
from domain.reporting.handoff_history import Past, history
from domain.settlements.brackets import bracket_of
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business, today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words


class Origin(StrEnum):
    """Where a figure comes from; `typed` where somebody has put another one in its place."""

    OWN = "own"
    USUAL = "usual"
    ASSUMED = "assumed"
    TERMS = "terms"
    CARD = "card"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from, and that in words."""

    origin: Origin
    words: Words


OF_OURS = {
    Route.PLAN: N_("From {n} signed plans of ours."),
    Route.SETTLEMENT: N_("From {n} offers of ours."),
    Route.AGENCY: N_("From {n} debts that we handed to agencies."),
    Route.SUIT: N_("From {n} debts that we handed to attorneys."),
    Route.KEEP: N_("From {n} invoices that stayed with us: what came within 180 days."),
}
"""Where a figure of our own comes from."""
_USUAL = N_("A usual figure for debts of this age: {source}.")
_LATER = N_("The usual figure one step of age later: {source}.")
_WILLING = N_("Assumed as if we went on ourselves: nothing is published of it, and the customer has to agree.")
_ASSUMED = N_("Assumed: we have too few cases of our own.")
_NO_COST = N_("Assumed: nothing is counted for our own work.")
_NO_CASES = N_("Assumed: no costs of ours are known.")
_TERM = N_("The partner's term.")
_TERMS = N_("As the terms of the account allow.")
_FEE = N_("A usual figure: {source}.")
_NO_FEE = N_("We know no usual figure: enter what the court asks for.")


@dataclass(frozen=True, slots=True)
class Start:
    """What a route is reckoned from at first, and where each of its figures comes from, by its name.

    `partner` is whose commission it is, where there is one.
    """

    inputs: Inputs
    sources: Mapping[str, Source]
    partner: str | None = None

    @property
    def route(self) -> Route:
        """Which route it is."""
        return self.inputs.route


@dataclass(frozen=True, slots=True)
class Weighed:
    """The ways on with an account's late debts; one that nobody could go with us is left out."""

    owing: Owing
    starts: Sequence[Start]
    agencies: Sequence[tuple[int, str]]
    attorneys: Sequence[tuple[int, str]]
    agency_id: int | None
    attorney_id: int | None


def weigh(
    session: Session, account_id: int, *, agency_id: int | None = None, attorney_id: int | None = None
) -> Weighed:
    """The ways on with what is late of an account, with this agency and this attorney, or the first of each."""
    found, country = owing(session, account_id), accounts.account(session, account_id).country
    agencies = _partners(session, PartnerKind.AGENCY, country)
    attorneys = _partners(session, PartnerKind.ATTORNEY, country)
    agency, attorney = _chosen(agencies, agency_id), _chosen(attorneys, attorney_id)
    ours = history(session, found.owed.currency, found.late_days)
    starts = [_plan(found, ours.get(Route.PLAN)), _settlement(session, account_id, found, ours.get(Route.SETTLEMENT))]
    if agency is not None:
        starts.append(_agency(found, agency, _card(session, agency), ours.get(Route.AGENCY)))
    if attorney is not None:
        card = _card(session, attorney)
        starts.append(_suit(session, found, attorney, card, ours.get(Route.SUIT)))
    starts.append(_keep(found, ours.get(Route.KEEP)))
    return Weighed(
        found,
        starts,
        [(row.id, row.name) for row in agencies],
        [(row.id, row.name) for row in attorneys],
        agency.id if agency is not None else None,
        attorney.id if attorney is not None else None,
    )


def _plan(found: Owing, ours: Past | None) -> Start:
    willing = Source(Origin.ASSUMED, Words.of(_WILLING))
    return _start(Route.PLAN, found, ours, usual.collectable_later(found.late_days), willing, usual.DAYS_ON_PLAN)


def _settlement(session: Session, account_id: int, found: Owing, ours: Past | None) -> Start:
    willing = Source(Origin.ASSUMED, Words.of(_WILLING))
    percent = usual.collectable_later(found.late_days)
    ruling = version_today(session, account_id)
    section = ruling[1].settlements if ruling else None
    bracket = bracket_of(section, found.owed, found.youngest_days, currency=business(session).currency)
    given = Decimal(bracket.most_percent) if bracket else usual.GIVEN_PERCENT
    source = Source(Origin.TERMS, Words.of(_TERMS)) if bracket else Source(Origin.ASSUMED, Words.of(_ASSUMED))
    start = _start(Route.SETTLEMENT, found, ours, percent, willing, usual.DAYS_TO_SETTLE, given_percent=given)
    return Start(start.inputs, {**start.sources, "given": source})


def _agency(found: Owing, partner: AnyRow, card: Card, ours: Past | None) -> Start:
    rate_bp = cards.rate_bp(card, found.owed, found.late_days, again=found.again)
    source, percent = _published(), usual.collectable(found.late_days)
    start = _start(Route.AGENCY, found, ours, percent, source, partner.term_days, rate_bp=rate_bp, costs=_NO_CASES)
    sources = start.sources if ours and ours.days is not None else {**start.sources, "days": _said(Origin.TERMS, _TERM)}
    return Start(start.inputs, sources, partner.name)


def _suit(session: Session, found: Owing, partner: AnyRow, card: Card, ours: Past | None) -> Start:
    """The commission of an attorney has the part on top that its card asks for once a debt is before a court."""
    legal_bp = int(card.legal_percent * 100)
    rate_bp = min(cards.rate_bp(card, found.owed, found.late_days, again=found.again) + legal_bp, cards.WHOLE)
    fee = usual.court_fee(found.owed, business(session).country)
    start = _start(
        Route.SUIT,
        found,
        ours,
        usual.collectable(found.late_days),
        _published(),
        usual.DAYS_TO_JUDGMENT,
        rate_bp=rate_bp,
        court_fee=fee or Money.zero(found.owed.currency),
        costs=_NO_CASES,
    )
    words = Words.of(_FEE, source=Words.of(usual.COURT_FEE_SOURCE)) if fee else Words.of(_NO_FEE)
    sources = {**start.sources, "fee": Source(Origin.USUAL if fee else Origin.ASSUMED, words)}
    return Start(start.inputs, sources, partner.name)


def _keep(found: Owing, ours: Past | None) -> Start:
    source = Source(Origin.USUAL, Words.of(_LATER, source=Words.of(usual.COLLECTABLE_SOURCE)))
    return _start(Route.KEEP, found, ours, usual.collectable_later(found.late_days), source, usual.DAYS_GOING_ON)


def _start(
    route: Route,
    found: Owing,
    ours: Past | None,
    percent: Decimal,
    source: Source,
    days: int,
    *,
    rate_bp: int = 0,
    given_percent: Decimal = Decimal(0),
    court_fee: Money | None = None,
    costs: str = _NO_COST,
) -> Start:
    """Our own figures where there are enough, else these; `costs` says why none are counted."""
    own = Source(Origin.OWN, Words.of(OF_OURS[route], n=ours.many)) if ours else None
    has_partner = route in (Route.AGENCY, Route.SUIT)
    spent = Money(ours.costs_minor if ours and has_partner else 0, found.owed.currency)
    inputs = Inputs(
        route=route,
        percent=ours.percent if ours else percent,
        days=ours.days if ours and ours.days is not None else days,
        costs=spent,
        given_percent=given_percent,
        rate_bp=rate_bp,
        court_fee=court_fee,
    )
    sources = {
        "percent": own or source,
        "days": own if own and ours and ours.days is not None else _said(Origin.ASSUMED, _ASSUMED),
        "costs": own if own and has_partner else _said(Origin.ASSUMED, costs),
    }
    return Start(inputs, sources)


def _published() -> Source:
    return Source(Origin.USUAL, Words.of(_USUAL, source=Words.of(usual.COLLECTABLE_SOURCE)))


def _said(origin: Origin, text: str) -> Source:
    return Source(origin, Words.of(text))


def _partners(session: Session, kind: PartnerKind, country: str | None) -> list[AnyRow]:
    """The partners of a kind that could be given a debt from this country, by name."""
    return [
        row
        for row in queries.partners(session)
        if row.kind is kind
        and row.ended_at is None
        and (not row.countries or country is None or country in row.countries)
    ]


def _chosen(partners: Sequence[AnyRow], partner_id: int | None) -> AnyRow | None:
    return next((row for row in partners if row.id == partner_id), partners[0] if partners else None)


def _card(session: Session, partner: AnyRow) -> Card:
    return cards.card_of(queries.card_in_force(session, partner.id, today(session)).terms)
