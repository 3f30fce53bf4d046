"""Handoffs: how much late debt could be handed over to an agency or an attorney, beside what lay with one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.disputes.model import Dispute
from domain.notices.model import WENT_OUT, Notice, NoticePart
from domain.placements.candidates import UPHELD, YEAR
from domain.placements.criteria import Case, Judged, judge
from domain.placements.criteria import Late as Debt
from domain.policies.contacting import CHASING, Wording
from domain.policies.sections import Part
from domain.receivables.model import InvoiceKind
from domain.reporting.trial.late import Late, late_debts
from domain.reporting.trial.values import Answer, Entry, Trying, Unit
from domain.shared.clock import end_of_day
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.words import Words
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held, StopKind

COULD = N_("Tried: {days} days late; {total} of the account could be handed over.")
WAS = N_("Happened: with a partner on the last day.")
WITH_A_PARTNER = frozenset({StopKind.PLACEMENT})


@dataclass(frozen=True, slots=True)
class Handoffs:
    """The column of late debt that meets every criterion of a section, as all stood on the last day.

    The notices that count, and the final notices, are those that went out in fact. What leaves no history is left out:
    payments that were just being made. So are time limits, which no section rules. Whether somebody would have decided
    to hand it over, nobody can say.
    """

    key: str = "handoffs"
    name: str = N_("Late debt that may be handed over")
    unit: Unit = Unit.MONEY

    def answer(self, session: Session, trying: Trying) -> Answer:
        """An entry for each late invoice that could be handed over, or lay with a partner."""
        late = late_debts(session, trying, WITH_A_PARTNER, kinds_that_hold(Held.HANDOFF) - WITH_A_PARTNER)
        judged = _judged(session, trying, late)
        entries = []
        for account_id, items in late.items():
            found = judged.get(account_id)
            ready = {each.invoice_id for each in found.ready} if found and found.is_candidate else set()
            for item in items:
                if item.invoice_id in ready or item.in_hand_minor:
                    entries.append(_entry(account_id, item, trying, found if item.invoice_id in ready else None))
        return Answer(entries)


HANDOFFS = Handoffs()


def _entry(account_id: int, item: Late, trying: Trying, could: Judged | None) -> Entry:
    said = [Words.of(COULD, days=item.days, total=could.total)] if could else []
    said += [Words.of(WAS)] if item.in_hand_minor else []
    return Entry(
        account_id,
        trying.last,
        item.open.minor if could else 0,
        item.in_hand_minor,
        said,
        item.invoice_id,
        item.number,
        about=(item.invoice_id,),
    )


def _judged(session: Session, trying: Trying, late: Mapping[int, Sequence[Late]]) -> dict[int, Judged]:
    """Every criterion of the section that is tried, for each account with late debt; nothing where it has none."""
    section = trying.sections.handoff
    if section is None:
        return {}
    ours = business(session)
    warned, notices, upheld = _warned(session, trying, late), _notices(session, trying, late), _upheld(session, trying)
    parents = {row.id: row.parent_id for row in trying.history.invoices if row.kind is InvoiceKind.DEBIT_NOTE}
    found = {}
    for account_id, items in late.items():
        account = trying.history.accounts[account_id]
        debts = [
            Debt(
                item.invoice_id,
                item.number,
                Part.PRINCIPAL,
                trying.last - timedelta(days=item.days),
                item.open,
                parents.get(item.invoice_id),
                warned=item.invoice_id in warned,
            )
            for item in items
        ]
        case = Case(account_id, account.currency, account.country, debts, notices[account_id], upheld[account_id])
        found[account_id] = judge(section, case, trying.last, ours=ours.currency, home=ours.country)
    return found


def _warned(session: Session, trying: Trying, account_ids: Collection[int]) -> set[int]:
    """The invoices that a final notice had asked for whose day to act was over on the last day."""
    return set(
        session.scalars(
            select(NoticePart.invoice_id)
            .join(Notice, Notice.id == NoticePart.notice_id)
            .where(
                Notice.account_id.in_(account_ids),
                Notice.wording == Wording.FINAL_NOTICE,
                Notice.status.in_(WENT_OUT),
                Notice.act_by < trying.last,
                NoticePart.asked_minor > 0,
            )
        )
    )


def _notices(session: Session, trying: Trying, account_ids: Collection[int]) -> Counter[int]:
    """How many notices that chase went out to each account in the year up to the last day."""
    rows = session.execute(
        select(Notice.account_id, func.count().label("many"))
        .where(
            Notice.account_id.in_(account_ids),
            Notice.wording.in_(CHASING),
            Notice.status.in_(WENT_OUT),
            Notice.decided_on > trying.last - YEAR,
            Notice.decided_on <= trying.last,
        )
        .group_by(Notice.account_id)
    )
    return Counter({row.account_id: row.many for row in rows})


def _upheld(session: Session, trying: Trying) -> Counter[int]:
    """In how many disputes of the year up to the last day each account was right, in whole or in part."""
    until = end_of_day(trying.last, business(session).time_zone)
    rows = session.execute(
        select(Dispute.account_id, func.count().label("many"))
        .where(
            Dispute.account_id.in_(trying.history.accounts),
            Dispute.outcome.in_(UPHELD),
            Dispute.ended_at > until - YEAR,
            Dispute.ended_at < until,
        )
        .group_by(Dispute.account_id)
    )
    return Counter({row.account_id: row.many for row in rows})
