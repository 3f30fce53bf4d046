"""Candidates: which debts could be handed over today, and what is known of those of one account."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes.model import Dispute, Outcome
from domain.limitations import facts as limitations
from domain.notices.model import WENT_OUT, Notice, NoticePart
from domain.payments import queries as payments
from domain.placements.criteria import Case, Judged, Late, judge
from domain.policies.contacting import CHASING, Wording
from domain.policies.ruling import in_force, published, version_today
from domain.policies.sections import Handoff, Part
from domain.policies.whom import ruled
from domain.receivables.model import DebtPart, Invoice, InvoiceKind, InvoiceStatus
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business, now, today
from domain.shared.money import Money
from domain.stops import holding
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held

MOST = 200
"""So many accounts are looked at for one page of candidates, the largest late debts first."""
YEAR = timedelta(days=365)
UPHELD = frozenset({Outcome.ACCEPTED, Outcome.PARTLY_ACCEPTED})
"""How a dispute ended in which the customer was right."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account whose debts meet every criterion."""

    account_id: int
    number: str
    name: str
    late_days: int
    judged: Judged


@dataclass(frozen=True, slots=True)
class Looked:
    """What one account's debts come to today, by which version of which section.

    `late_days`: for how many days the oldest of its invoices that are ready has been late.
    """

    case: Case
    version_id: int | None
    section: Handoff | None
    judged: Judged
    late_days: int


def look(session: Session, account_id: int, *, force: bool = False) -> Looked:
    """Judge one account's debts today; ask again under its lock before anything is written.

    With `force` what can no longer be enforced goes along, unless the debt itself is gone.
    """
    ruling = version_today(session, account_id)
    version_id, section = (ruling[0], ruling[1].handoff) if ruling else (None, None)
    case = cases(session, [account_id])[account_id]
    judged = _judge(session, section, case, force=force)
    return Looked(case, version_id, section, judged, _late_days(judged, today(session)))


def candidates(session: Session) -> list[Candidate]:
    """The accounts whose debts could be handed over today, the largest first; at most `MOST` are looked at."""
    sections = _sections(session)
    rows = {row.id: row for row in _worth_a_look(session, sections)}
    found = []
    for account_id, case in cases(session, rows).items():
        row = rows[account_id]
        judged = _judge(session, sections[row.policy_id], case)
        if judged.is_candidate:
            late_days = _late_days(judged, today(session))
            found.append(Candidate(account_id, row.number, row.name, late_days, judged))
    return sorted(found, key=lambda each: (-each.judged.total.minor, each.account_id))


def cases(session: Session, account_ids: Collection[int]) -> dict[int, Case]:
    """All that is known of these accounts' late debts, in as many queries for many as for one."""
    accounts = session.execute(
        select(Account.id, Account.currency, Account.country).where(Account.id.in_(account_ids))
    ).all()
    late = _late(session, account_ids)
    notices, upheld = _notices(session, account_ids), _upheld(session, account_ids)
    return {
        row.id: Case(row.id, row.currency, row.country, late.get(row.id, ()), notices[row.id], upheld[row.id])
        for row in accounts
    }


def _judge(session: Session, section: Handoff | None, case: Case, *, force: bool = False) -> Judged:
    ours = business(session)
    return judge(section, case, today(session), ours=ours.currency, home=ours.country, force=force)


def _late_days(judged: Judged, day: date) -> int:
    return max(((day - late.due_on).days for late in judged.ready), default=0)


def _sections(session: Session) -> Mapping[int, Handoff]:
    """What rules handing over today, by policy; a policy without it is left out."""
    versions = in_force(published(session), today(session))
    return {
        policy_id: version.sections.handoff
        for policy_id, version in versions.items()
        if version.sections.handoff is not None
    }


def _worth_a_look(session: Session, sections: Mapping[int, Handoff]) -> Sequence[AnyRow]:
    """The accounts of these policies with enough that is late for long enough, whatever else speaks against it."""
    found: list[AnyRow] = []
    total = func.sum(Invoice.open_minor)
    for policy_id, section in sections.items():
        whom = ruled(today(session))
        found += session.execute(
            select(Account.id, Account.number, Account.name, whom.c.policy_id, total.label("minor"))
            .join(Invoice, Invoice.account_id == Account.id)
            .join(whom, whom.c.account_id == Account.id)
            .where(
                whom.c.policy_id == policy_id,
                Invoice.open_minor > 0,
                Invoice.status == InvoiceStatus.ISSUED,
                Invoice.due_on <= today(session) - timedelta(days=section.late_days),
            )
            .group_by(Account.id, Account.number, Account.name, whom.c.policy_id)
            .order_by(total.desc(), Account.id)
            .limit(MOST)
        )
    return sorted(found, key=lambda row: (-row.minor, row.id))[:MOST]


def _late(session: Session, account_ids: Collection[int]) -> dict[int, list[Late]]:
    """Every open invoice that is late, the oldest due first, by account."""
    rows = session.execute(
        select(
            Invoice.id,
            Invoice.account_id,
            Invoice.parent_id,
            Invoice.number,
            Invoice.kind,
            Invoice.due_on,
            Invoice.currency,
            Invoice.open_minor,
            DebtPart.part,
        )
        .outerjoin(DebtPart, DebtPart.invoice_id == Invoice.id)
        .where(
            Invoice.account_id.in_(account_ids),
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.due_on < today(session),
        )
        .order_by(Invoice.due_on, Invoice.id)
    ).all()
    holds = holding.holds_on(session, {row.id: row.account_id for row in rows}, kinds_that_hold(Held.HANDOFF))
    paying = {row.invoice_id for row in payments.live_claims_of(session, account_ids)}
    warned = _warned(session, account_ids)
    times = limitations.timed(session, (row.id for row in rows))
    day = today(session)
    found: dict[int, list[Late]] = defaultdict(list)
    for row in rows:
        on_top = row.kind is InvoiceKind.DEBIT_NOTE
        found[row.account_id].append(
            Late(
                row.id,
                row.number,
                row.part or Part.PRINCIPAL,
                row.due_on,
                Money(row.open_minor, row.currency),
                row.parent_id if on_top else None,
                frozenset(hold.kind for hold in holds.get(row.id, ()) if hold.is_on(day)),
                row.id in paying,
                row.id in warned,
                times[row.id].is_barred(day),
                times[row.id].is_extinguished(day),
            )
        )
    return dict(found)


def _warned(session: Session, account_ids: Collection[int]) -> set[int]:
    """The invoices that a final notice asked for which went out, and whose day to act is over."""
    return set(
        session.scalars(
            select(NoticePart.invoice_id)
            .join(Notice, Notice.id == NoticePart.notice_id)
            .where(
                Notice.account_id.in_(account_ids),
                Notice.wording == Wording.FINAL_NOTICE,
                Notice.status.in_(WENT_OUT),
                Notice.act_by < today(session),
                NoticePart.asked_minor > 0,
            )
        )
    )


def _notices(session: Session, account_ids: Collection[int]) -> Counter[int]:
    """How many notices that chase went out to each of these accounts within the last year."""
    rows = session.execute(
        select(Notice.account_id, func.count().label("many"))
        .where(
            Notice.account_id.in_(account_ids),
            Notice.wording.in_(CHASING),
            Notice.status.in_(WENT_OUT),
            Notice.decided_on > today(session) - YEAR,
        )
        .group_by(Notice.account_id)
    )
    return Counter({row.account_id: row.many for row in rows})


def _upheld(session: Session, account_ids: Collection[int]) -> Counter[int]:
    """In how many disputes of the last year each of these accounts was right, in whole or in part."""
    rows = session.execute(
        select(Dispute.account_id, func.count().label("many"))
        .where(Dispute.account_id.in_(account_ids), Dispute.outcome.in_(UPHELD), Dispute.ended_at > now(session) - YEAR)
        .group_by(Dispute.account_id)
    )
    return Counter({row.account_id: row.many for row in rows})
