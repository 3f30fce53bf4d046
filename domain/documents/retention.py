"""Retention: for how long papers of each category are kept, never shorter than the law says, and which are due.

The profile is that of a business in the United Kingdom; it is a starting point and no legal advice. Whoever may erase
sets other years, from a day on and with a reason; they are never fewer than the law asks for here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.documents.holds import HELD
from domain.documents.model import DOCUMENTS, RETENTION_RULES, Category, Document, RetentionRule
from domain.documents.queries import IS_ERASED
from domain.shared.actor import Actor
from domain.shared.clock import day_in, start_of_day
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Invalid
from domain.shared.months import months_later
from domain.tasks import opening, working
from domain.tasks.model import TaskKind

SHOWN_DUE = 200
WATCHED = ("retention", "due")
MOST_YEARS = 100


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many years from its filing a paper is kept, how many of them the law asks for, and where it says so."""

    years: int
    legal_years: int
    source: str


VAT = "VAT Act 1994, schedule 11, paragraph 6(3); HMRC VAT Notice 700/21, section 2.4"
LIMITATION = "Limitation Act 1980, sections 5 and 8"
NO_LONGER = "UK GDPR, article 5(1)(e): no longer than is necessary"
BOOKS, CONTRACTS, LETTERS, PEOPLE = (
    Kept(7, 6, VAT),
    Kept(12, 6, LIMITATION),
    Kept(6, 0, NO_LONGER),
    Kept(6, 0, NO_LONGER),
)
PROFILE: dict[Category, Kept] = {
    Category.INVOICE: BOOKS,
    Category.CREDIT_NOTE: BOOKS,
    Category.STATEMENT: BOOKS,
    Category.RECEIPT: BOOKS,
    Category.ADVICE: BOOKS,
    Category.BANK_FILE: BOOKS,
    Category.IMPORT: BOOKS,
    Category.PURCHASE_ORDER: BOOKS,
    Category.PROOF_OF_DELIVERY: BOOKS,
    Category.CONTRACT: CONTRACTS,
    Category.AGREEMENT: CONTRACTS,
    Category.DISCHARGE: CONTRACTS,
    Category.TERMS: CONTRACTS,
    Category.GUARANTEE: CONTRACTS,
    Category.CORRESPONDENCE: LETTERS,
    Category.MESSAGE: LETTERS,
    Category.NOTICE: LETTERS,
    Category.EVIDENCE: LETTERS,
    Category.EVIDENCE_PACK: LETTERS,
    Category.CREDIT_APPLICATION: PEOPLE,
    Category.CREDIT_CHECK: PEOPLE,
}
"""What holds where nobody has set anything else; invoices and their proofs: six years by law, and their own year."""


def kept_for(session: Session) -> Mapping[Category, Kept]:
    """For how long each category is kept today."""
    rows = session.execute(
        select(RETENTION_RULES)
        .where(RETENTION_RULES.c.from_on <= today(session))
        .order_by(RETENTION_RULES.c.from_on, RETENTION_RULES.c.id)
    )
    ours = {row.category: row.years for row in rows}
    return {
        category: Kept(ours.get(category, usual.years), usual.legal_years, usual.source)
        for category, usual in PROFILE.items()
    }


def set_years(
    session: Session, category: Category, years: int, *, from_on: date, why: str, actor: Actor
) -> RetentionRule:
    """Keep papers of a category for so many years from a day on.

    Invalid beside the field: where the law asks for more of them, a day in the past, no reason.
    """
    usual = PROFILE[category]
    if not max(usual.legal_years, 1) <= years <= MOST_YEARS:
        raise Invalid(
            N_("Enter {least} years or more: {source}."),
            field="years",
            least=max(usual.legal_years, 1),
            source=usual.source,
        )
    if from_on < today(session):
        raise Invalid(N_("A rule cannot begin in the past."), field="from_on")
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    rule = RetentionRule(
        category=category,
        years=years,
        from_on=from_on,
        why=why.strip(),
        set_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(rule)
    session.flush()
    record(
        session,
        "retention.set",
        actor=actor,
        subject=("retention_rule", rule.id),
        after={"category": category, "years": years, "from_on": from_on, "why": rule.why},
    )
    return rule


def legal_until(session: Session, document: AnyRow | Document) -> date | None:
    """The last day on which the law asks for a document; None where it asks for none of its sort."""
    years = PROFILE[document.category].legal_years
    if not years:
        return None
    return months_later(day_in(document.filed_at, business(session).time_zone), 12 * years)


def watch(session: Session) -> int:
    """Have somebody look while papers are due to be erased; how many more tasks that makes."""
    found = due(session, limit=1)
    if not found:
        working.settle(session, TaskKind.PAPERS_DUE, subject=WATCHED)
        return 0
    return int(opening.open_task(session, TaskKind.PAPERS_DUE, subject=WATCHED) is not None)


def due(session: Session, limit: int = SHOWN_DUE) -> AnyRows:
    """Documents whose time is over, the oldest first; those of accounts under a legal hold are none of them."""
    day, zone = today(session), business(session).time_zone
    over = [
        and_(
            DOCUMENTS.c.category == category,
            DOCUMENTS.c.filed_at < start_of_day(months_later(day, -12 * kept.years), zone),
        )
        for category, kept in kept_for(session).items()
    ]
    wanted = select(DOCUMENTS).where(or_(*over), ~IS_ERASED, ~HELD)
    return session.execute(wanted.order_by(DOCUMENTS.c.id).limit(limit)).all()
