"""Reference rates: what central banks published, typed or imported with its source, and how far it is complete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.audit.model import AuditEntry
from domain.policies.model import RatesLookedUp, ReferenceRate
from domain.policies.rates import RateMissing, RateTable, half_year, reference_day
from domain.policies.sections import Reference
from domain.policies.terms_versions import all_sections
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Invalid

PUBLISHED = tuple(reference for reference in Reference if reference is not Reference.FIXED)
"""The references that somebody publishes."""
REFERENCE_NAMES = {
    Reference.BOE: N_("Bank of England base rate"),
    Reference.ECB_MRO: N_("European Central Bank main refinancing rate"),
    Reference.DE_BASE: N_("German Basiszinssatz"),
}
"""What each of them is called on the screen."""
LOOKED_UP, SUBJECT = "reference_rate.looked_up", "reference"
"""The act, and the kind of subject, by which the audit trail knows who said that a rate is complete."""
HIGHEST = Decimal(50)
BELOW_ZERO = frozenset({Reference.DE_BASE})
"""The rates that have been below zero; of another one a minus is a slip of the hand."""
PLACES = 4
AHEAD = timedelta(days=62)
"""How long before it holds a rate may be entered: they are announced days or weeks before."""


@dataclass(frozen=True, slots=True)
class NewRate:
    """A rate as it was published: in per cent a year, from a day on."""

    reference: Reference
    from_on: date
    rate: Decimal
    source: str


def rate_table(session: Session) -> RateTable:
    """All that is known of the reference rates."""
    steps: dict[Reference, dict[date, Decimal]] = defaultdict(dict)
    for row in _rows(session):
        steps[row.reference][row.from_on] = row.rate
    rates = {reference: tuple(sorted(found.items())) for reference, found in steps.items()}
    return RateTable(rates, looked_up(session))


def looked_up(session: Session) -> Mapping[Reference, date]:
    """Through which day each reference is known to be complete; none that nobody has looked up."""
    rows = session.execute(select(RatesLookedUp.reference, RatesLookedUp.through_on))
    return {row.reference: row.through_on for row in rows}


def entered(session: Session) -> AnyRows:
    """Every rate that was entered, the newest first: reference, from_on, rate, source, entered_at, and by which actor.

    Of two for one day the one that counts stands first.
    """
    return list(reversed(_rows(session)))


def said_complete(session: Session) -> AnyRows:
    """Who said last of each reference through which day it is complete: subject_id, at, actor_kind, actor_id."""
    last = (
        select(func.max(AuditEntry.id))
        .where(AuditEntry.act == LOOKED_UP, AuditEntry.subject_kind == SUBJECT)
        .group_by(AuditEntry.subject_id)
    )
    return session.execute(
        select(AuditEntry.subject_id, AuditEntry.at, AuditEntry.actor_kind, AuditEntry.actor_id).where(
            AuditEntry.id.in_(last)
        )
    ).all()


def enter(session: Session, new: NewRate, *, actor: Actor) -> bool:
    """Enter a published rate; whether it was not known yet. Of two for one day the later one counts."""
    _refuse_unlikely(session, new)
    newest = (
        select(ReferenceRate.rate)
        .where(ReferenceRate.reference == new.reference, ReferenceRate.from_on == new.from_on)
        .order_by(ReferenceRate.id.desc())
        .limit(1)
    )
    before = session.scalar(newest)
    if before == new.rate:
        return False
    row = ReferenceRate(
        reference=new.reference,
        from_on=new.from_on,
        rate=new.rate,
        source=new.source.strip(),
        entered_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        "reference_rate.entered",
        actor=actor,
        subject=("reference_rate", row.id),
        before=None if before is None else {"rate": before},
        after={"reference": new.reference, "from_on": new.from_on, "rate": new.rate, "source": row.source},
    )
    return True


def vouch(session: Session, reference: Reference, through_on: date, *, actor: Actor) -> bool:
    """Note that no change of a rate is missing up to a day; whether that is further than was known. Never goes back."""
    if reference not in PUBLISHED:
        raise Invalid(N_("Nobody publishes this rate."), field="reference")
    if through_on > today(session):
        raise Invalid(N_("Nobody can know yet what changes after today."), field="through_on")
    seen = session.get(RatesLookedUp, reference)
    if seen is not None and seen.through_on >= through_on:
        return False
    before = seen.through_on if seen else None
    if seen is None:
        seen = RatesLookedUp(reference=reference)
        session.add(seen)
    seen.through_on, seen.looked_up_at = through_on, now(session)
    session.flush()
    audit.record(
        session,
        LOOKED_UP,
        actor=actor,
        subject=(SUBJECT, reference.value),
        before={"through_on": before} if before else None,
        after={"through_on": through_on},
    )
    return True


def in_use(session: Session) -> set[Reference]:
    """The references that a published version's interest follows."""
    rules = (sections.late_interest for sections in all_sections(session).values())
    return {rule.reference for rule in rules if rule is not None and rule.reference in PUBLISHED}


def missing_today(session: Session, references: Collection[Reference] | None = None) -> list[RateMissing]:
    """Which references (all that are in use) are not known for the half-year of today."""
    table, day = rate_table(session), today(session)
    return missing(table, references if references is not None else in_use(session), day)


def missing(table: RateTable, references: Iterable[Reference], day: date) -> list[RateMissing]:
    """Which of the references are not known for the half-year of a day."""
    found = []
    for reference in sorted(references):
        try:
            table.at(reference, reference_day(reference, half_year(day)))
        except RateMissing as problem:
            found.append(problem)
    return found


def changed_since(session: Session, instant: datetime) -> bool:
    """Whether a rate was entered, or looked up, since an instant."""
    entered_last = session.scalar(select(func.max(ReferenceRate.id)).where(ReferenceRate.entered_at >= instant))
    looked_up_last = select(RatesLookedUp.reference).where(RatesLookedUp.looked_up_at >= instant).limit(1)
    return entered_last is not None or session.scalar(looked_up_last) is not None


def _rows(session: Session) -> AnyRows:
    return session.execute(
        select(
            ReferenceRate.id,
            ReferenceRate.reference,
            ReferenceRate.from_on,
            ReferenceRate.rate,
            ReferenceRate.source,
            ReferenceRate.entered_at,
            ReferenceRate.actor_kind,
            ReferenceRate.actor_id,
        ).order_by(ReferenceRate.from_on, ReferenceRate.id)
    ).all()


def _refuse_unlikely(session: Session, new: NewRate) -> None:
    if new.reference not in PUBLISHED:
        raise Invalid(N_("Nobody publishes this rate."), field="reference")
    least = -HIGHEST if new.reference in BELOW_ZERO else Decimal(0)
    if not new.rate.is_finite() or not least <= new.rate <= HIGHEST:
        raise Invalid(N_("Enter a percentage from {least} to {most}."), field="rate", least=least, most=HIGHEST)
    if new.rate != round(new.rate, PLACES):
        raise Invalid(N_("Enter at most {places} decimals."), field="rate", places=PLACES)
    if new.from_on > today(session) + AHEAD:
        raise Invalid(N_("That day is too far ahead for a rate that has been published."), field="from_on")
    if not new.source.strip():
        raise Invalid(N_("Say where the rate is published."), field="source")
