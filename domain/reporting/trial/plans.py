"""Plans: what late debt customers could pay by a plan that they agree to alone, and which requests need nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.plans import fence
from domain.plans.model import PaymentPlan, PlanChange, PlanInvoice, PlanRound, PlanStatus, Side
from domain.plans.queries import CONTESTED, TAKEN
from domain.plans.schedule import Shape
from domain.policies.sections import Plans
from domain.reporting.trial.late import late_debts
from domain.reporting.trial.values import Answer, Entry, Trying, Unit
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.stops.model import StopKind

COULD = N_("Tried: with the rest of what is late, in up to {count} instalments.")
WAS = N_("Happened: on a plan on the last day.")
INSIDE = N_("Tried: {total} in {count} instalments can be agreed to alone.")
ASKED = N_("Happened: {total} in {count} instalments could be signed at once.")
BY_A_PLAN = frozenset({StopKind.PLAN, StopKind.PLAN_BEARING})


@dataclass(frozen=True, slots=True)
class LateOnPlans:
    """The column of late debt that a plan agreed to alone could take, as everything stood on the last day.

    All that is late of an account makes one plan. Whether its customer would want one, nobody can say.
    """

    key: str = "plans"
    name: str = N_("Late debt that a plan agreed to alone can take")
    unit: Unit = Unit.MONEY

    def answer(self, session: Session, trying: Trying) -> Answer:
        """An entry for each late invoice that could be on such a plan, or was on a plan."""
        section, ours, entries = trying.sections.plans, business(session).currency, []
        for account_id, items in late_debts(session, trying, BY_A_PLAN, (CONTESTED | TAKEN) - BY_A_PLAN).items():
            account = trying.history.accounts[account_id]
            total = Money.sum((item.open for item in items), account.currency)
            longest = _longest(section, total, account, trying, ours) if section else None
            for item in items:
                if longest is None and not item.in_hand_minor:
                    continue
                said = [Words.of(COULD, count=longest.count)] if longest else []
                said += [Words.of(WAS)] if item.in_hand_minor else []
                entries.append(
                    Entry(
                        account_id,
                        trying.last,
                        item.open.minor if longest else 0,
                        item.in_hand_minor,
                        said,
                        item.invoice_id,
                        item.number,
                        about=(item.invoice_id,),
                    )
                )
        return Answer(entries)


@dataclass(frozen=True, slots=True)
class Requests:
    """The column of requests for plans that were inside the fence, so that nobody had to answer, by their number."""

    key: str = "plan_requests"
    name: str = N_("Requests for plans that need nobody's answer")
    unit: Unit = Unit.PLANS

    def answer(self, session: Session, trying: Trying) -> Answer:
        """An entry for each first request of the period that is inside this fence, or was inside the fence of then."""
        section, ours, entries = trying.sections.plans, business(session).currency, []
        for row, total in _requests(session, trying):
            account = trying.history.accounts[row.account_id]
            day, shape = day_in(row.at, account.time_zone), msgspec.convert(row.shape, Shape)
            is_inside = section is not None and not fence.beyond(
                section, shape, total, form=account.legal_form, signed_on=day, currency=ours
            )
            was_inside = row.after is PlanStatus.OFFERED
            if not trying.covers(day) or not (is_inside or was_inside):
                continue
            said = [
                Words.of(text, total=total, count=shape.count)
                for text, says in ((INSIDE, is_inside), (ASKED, was_inside))
                if says
            ]
            entries.append(Entry(row.account_id, day, int(is_inside), int(was_inside), said, about=(row.plan_id,)))
        return Answer(entries)


LATE_ON_PLANS, REQUESTS = LateOnPlans(), Requests()


def _longest(section: Plans, total: Money, account: AnyRow, trying: Trying, ours: str) -> Shape | None:
    found = fence.proposals(section, total, form=account.legal_form, signed_on=trying.last, currency=ours)
    return found[-1] if found else None


def _requests(session: Session, trying: Trying) -> Iterator[tuple[AnyRow, Money]]:
    """What customers asked for first, each with what was open then of the invoices that it was about."""
    firsts = select(func.min(PlanRound.id)).group_by(PlanRound.plan_id)
    rows = session.execute(
        select(PlanRound.plan_id, PaymentPlan.account_id, PlanRound.shape, PlanRound.at, PlanChange.after)
        .join(PaymentPlan, PaymentPlan.id == PlanRound.plan_id)
        .join(PlanChange, PlanChange.plan_id == PlanRound.plan_id)
        .where(
            PlanRound.id.in_(firsts),
            PlanRound.side == Side.CUSTOMER,
            PlanChange.before.is_(None),
            PaymentPlan.account_id.in_(trying.history.accounts),
        )
        .order_by(PlanRound.id)
    ).all()
    about = session.execute(
        select(PlanInvoice.plan_id, PlanInvoice.invoice_id)
        .join(PaymentPlan, PaymentPlan.id == PlanInvoice.plan_id)
        .where(PaymentPlan.account_id.in_(trying.history.accounts))
    )
    invoices: dict[int, set[int]] = defaultdict(set)
    for row in about:
        invoices[row.plan_id].add(row.invoice_id)
    issued = {row.id: row for row in trying.history.invoices}
    for row in rows:
        there = [issued[each] for each in invoices[row.plan_id] if each in issued]
        minor = sum(each.amount_minor for each in there) - sum(
            part.amount_minor
            for each in there
            for part in trying.history.allocations.get(each.id, ())
            if part.recorded_at <= row.at
        )
        if minor > 0:
            yield row, Money(minor, trying.history.accounts[row.account_id].currency)
