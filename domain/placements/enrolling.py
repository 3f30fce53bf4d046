"""Enrolling: partners are taken on, changed and let go, and their commission cards put in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.placements import cards, queries
from domain.placements.cards import Card
from domain.placements.model import CommissionCard, Partner, PartnerKind, Remits
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Described:
    """All that is said of a partner; checked for form by whoever reads it from people."""

    name: str
    kind: PartnerKind
    email: str
    contact_name: str | None = None
    phone: str | None = None
    address: str | None = None
    language: str = "en"
    countries: Sequence[str] = ()
    specialities: str | None = None
    remits: Remits = Remits.NET
    term_days: int = 180
    settle_percent: int = 0


def enrol(session: Session, described: Described, card: Card, *, actor: Actor) -> Partner:
    """Take on a partner with its first commission card; Invalid beside the field, Conflict where the name is taken."""
    _check(session, described, but=None)
    _check_card(card)
    partner = Partner(made_at=now(session), **_columns(described))
    session.add(partner)
    session.flush()
    audit.record(session, "partner.enrolled", actor=actor, subject=("partner", partner.id), after=_columns(described))
    put_in_force(session, partner.id, card, from_on=today(session), actor=actor)
    return partner


def describe(session: Session, partner_id: int, described: Described, *, actor: Actor) -> Partner:
    """Change what is said of a partner; what lies with it goes on as it was sent. Raises as `enrol`, NotFound."""
    partner = queries.partner(session, partner_id)
    _check(session, described, but=partner_id)
    after = _columns(described)
    before = {name: getattr(partner, name) for name in after}
    for name, value in after.items():
        setattr(partner, name, value)
    session.flush()
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        audit.record(
            session,
            "partner.changed",
            actor=actor,
            subject=("partner", partner_id),
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
    return partner


def put_in_force(session: Session, partner_id: int, card: Card, *, from_on: date, actor: Actor) -> CommissionCard:
    """Let a card hold for what is sent from a day on; what was sent before keeps its own. Invalid, NotFound."""
    queries.partner(session, partner_id)
    _check_card(card)
    if from_on < today(session):
        raise Invalid(N_("What was sent already keeps its card: choose today or a later day."), field="from_on")
    latest = select(func.max(CommissionCard.number)).where(CommissionCard.partner_id == partner_id)
    made = CommissionCard(
        partner_id=partner_id,
        number=(session.scalar(latest) or 0) + 1,
        from_on=from_on,
        terms=cards.stored(card),
        made_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "partner.card",
        actor=actor,
        subject=("partner", partner_id),
        after={"number": made.number, "from_on": from_on, "terms": made.terms},
    )
    return made


def let_go(session: Session, partner_id: int, *, why: str, actor: Actor) -> Partner:
    """Hand nothing over to a partner any more; what lies there goes on. Conflict where that was done before."""
    partner = queries.partner(session, partner_id)
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    if partner.ended_at is not None:
        raise Conflict(N_("Nothing is handed to this partner any more already."))
    partner.ended_at = now(session)
    session.flush()
    audit.record(session, "partner.let_go", actor=actor, subject=("partner", partner_id), after={"why": why.strip()})
    return partner


def _columns(described: Described) -> dict[str, object]:
    return {**asdict(described), "countries": sorted(set(described.countries))}


def _check(session: Session, described: Described, *, but: int | None) -> None:
    if not described.name.strip():
        raise Invalid(N_("Enter a name."), field="name")
    same = select(Partner.id).where(Partner.name == described.name, Partner.id != (but or 0))
    if session.scalars(same).first() is not None:
        raise Conflict(N_("There is a partner called {name} already."), field="name", name=described.name)
    if not 1 <= described.term_days <= 3650:
        raise Invalid(N_("Enter a number from {least} to {most}."), field="term_days", least=1, most=3650)
    if not 0 <= described.settle_percent <= 99:
        raise Invalid(N_("Enter a number from {least} to {most}."), field="settle_percent", least=0, most=99)


def _check_card(card: Card) -> None:
    for problem in cards.problems(card):
        raise problem.refusal()
