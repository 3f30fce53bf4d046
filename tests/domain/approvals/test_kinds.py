"""Every kind: whether done alone by somebody who may, or asked for and approved, the books say the same afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain.approvals import wishes
from domain.approvals.deciding import approve
from domain.approvals.model import ApprovalKind
from domain.approvals.performing import perform
from domain.approvals.wishes import Wish
from domain.credit.holding import lift, review
from domain.credit.limits import set_limit
from domain.credit.model import HoldReason
from domain.plans.queries import rounds
from domain.policies.acts import Act
from domain.policies.sections import Authority, Limits, Plans, Sections
from domain.processing.extending import extend
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority
from domain.staff.model import Role
from tests.support.approving import asked, books, two
from tests.support.builders import an_account, an_invoice, money
from tests.support.disputing import contest
from tests.support.outside import MemoryStore
from tests.support.planning import PLANS, an_asked_plan, monthly, signed
from tests.support.policies import a_policy

NOTHING = Authority(limits={act: {Role.MANAGER: None} for act in Act})
"""A policy by which only managers decide anything."""
WHY = "The customer has had bad luck"


@dataclass(frozen=True, slots=True)
class Case:
    """An account, and what is wanted on it."""

    account_id: int
    wish: Wish


Build = Callable[[Session], Case]


def an_account_that_owes(session: Session, amount: str = "900") -> tuple[int, int]:
    """An account whose only invoice is over so much, by a policy that leaves everything to managers."""
    account = an_account(session)
    a_policy(session, Sections(authority=NOTHING, limits=Limits(limit_minor=50_00)), account_id=account.id)
    return account.id, an_invoice(session, account, amount, tax="100").id


def credited(session: Session) -> Case:
    account_id, invoice_id = an_account_that_owes(session)
    return Case(account_id, wishes.CreditInvoice(invoice_id=invoice_id, amount_minor=600_00, why=WHY))


def voided(session: Session) -> Case:
    account_id, invoice_id = an_account_that_owes(session)
    return Case(account_id, wishes.VoidInvoice(invoice_id=invoice_id, why=WHY))


def extended(session: Session) -> Case:
    account_id, invoice_id = an_account_that_owes(session)
    due_on = today(session) + timedelta(days=70)
    return Case(account_id, wishes.ExtendInvoice(invoice_id=invoice_id, due_on=due_on, why=WHY))


def shortened(session: Session) -> Case:
    case = extended(session)
    assert isinstance(case.wish, wishes.ExtendInvoice)
    on, due_on = case.wish.invoice_id, case.wish.due_on
    extend(session, case.account_id, on, due_on, reason=WHY, role=Role.MANAGER, actor=OPERATOR)
    sooner = due_on - timedelta(days=20)
    return Case(case.account_id, wishes.ShortenExtension(invoice_id=on, due_on=sooner, why=WHY))


def promised(session: Session) -> Case:
    account_id, invoice_id = an_account_that_owes(session)
    on = today(session) + timedelta(days=60)
    return Case(
        account_id, wishes.RecordPromise(invoice_ids=(invoice_id,), promised_on=on, amount_minor=400_00, why=WHY)
    )


def limited(session: Session) -> Case:
    account_id, _ = an_account_that_owes(session)
    return Case(account_id, wishes.SetLimit(limit_minor=20_000_00, why=WHY))


def unlimited(session: Session) -> Case:
    account_id, _ = an_account_that_owes(session)
    set_limit(session, account_id, money("10"), why=WHY, role=Role.MANAGER, actor=OPERATOR)
    return Case(account_id, wishes.EndLimit(why=WHY))


def let_through(session: Session) -> Case:
    account_id, _ = an_account_that_owes(session)
    review(session, account_id)
    until_on = today(session) + timedelta(days=20)
    return Case(account_id, wishes.LiftHold(reason=HoldReason.ABOVE_LIMIT, until_on=until_on, why=WHY))


def held_again(session: Session) -> Case:
    case = let_through(session)
    assert isinstance(case.wish, wishes.LiftHold)
    reason, until_on = case.wish.reason, case.wish.until_on
    lift(session, case.account_id, reason, until_on=until_on, why=WHY, role=Role.MANAGER, actor=OPERATOR)
    return Case(case.account_id, wishes.EndLifting(reason=reason, why=WHY))


def offered(session: Session) -> Case:
    account = an_account(session)
    a_policy(session, Sections(authority=NOTHING, plans=PLANS), account_id=account.id)
    due_on = today(session) - timedelta(days=10)
    invoice = an_invoice(session, account, "900", issued_on=due_on, due_on=due_on)
    return Case(account.id, wishes.OfferPlan(invoice_ids=(invoice.id,), shape=monthly(session, 24), why=WHY))


def _beyond(session: Session, count: int) -> tuple[int, int, int]:
    """A plan of so many months that a customer has asked for, beyond a fence of two, and what was proposed for it."""
    fence = Plans(most_months=2, needs_method=False, on_business_days=False)
    account, _, _, plan = an_asked_plan(session, "900", count=count, plans=fence)
    a_policy(session, Sections(authority=NOTHING, plans=fence), account_id=account.id, valid_from=date(2020, 1, 2))
    [asked] = rounds(session, plan.id)
    return account.id, plan.id, asked.id


def agreed(session: Session) -> Case:
    account_id, plan_id, seen = _beyond(session, 9)
    return Case(account_id, wishes.AgreePlan(plan_id=plan_id, shape=monthly(session, 9), seen=seen, why=WHY))


def countered(session: Session) -> Case:
    account_id, plan_id, seen = _beyond(session, 9)
    return Case(account_id, wishes.CounterPlan(plan_id=plan_id, shape=monthly(session, 6), seen=seen, why=WHY))


def running(session: Session) -> tuple[int, int]:
    """A plan that runs."""
    account, actor, _, plan = an_asked_plan(session, "900", count=9)
    signed(session, MemoryStore(), plan, actor)
    a_policy(session, Sections(authority=NOTHING, plans=PLANS), account_id=account.id, valid_from=date(2020, 1, 2))
    return account.id, plan.id


def paused(session: Session) -> Case:
    account_id, plan_id = running(session)
    day = today(session)
    until_on = day + timedelta(days=60)
    return Case(account_id, wishes.PausePlan(plan_id=plan_id, from_on=day, until_on=until_on, why=WHY))


def ended(session: Session) -> Case:
    account_id, plan_id = running(session)
    return Case(account_id, wishes.EndPlan(plan_id=plan_id, why=WHY))


def accepted(session: Session) -> Case:
    account = an_account(session)
    a_policy(session, Sections(authority=NOTHING), account_id=account.id)
    dispute = contest(session, account, an_invoice(session, account, "900", tax="100"), "600")
    return Case(account.id, wishes.AcceptDispute(dispute_id=dispute.id, amount_minor=500_00, why=WHY))


BUILDS: dict[ApprovalKind, Build] = {
    ApprovalKind.CREDIT_NOTE: credited,
    ApprovalKind.VOID_INVOICE: voided,
    ApprovalKind.EXTEND: extended,
    ApprovalKind.SHORTEN: shortened,
    ApprovalKind.PROMISE: promised,
    ApprovalKind.CREDIT_LIMIT: limited,
    ApprovalKind.END_LIMIT: unlimited,
    ApprovalKind.LIFT_HOLD: let_through,
    ApprovalKind.END_LIFTING: held_again,
    ApprovalKind.OFFER_PLAN: offered,
    ApprovalKind.AGREE_PLAN: agreed,
    ApprovalKind.COUNTER_PLAN: countered,
    ApprovalKind.PAUSE_PLAN: paused,
    ApprovalKind.END_PLAN: ended,
    ApprovalKind.ACCEPT_DISPUTE: accepted,
}
ELSEWHERE = {ApprovalKind.WAIVE, ApprovalKind.CREDIT_APPLICATION, ApprovalKind.CREDIT_CHARGEBACK}
"""Those that need more than a session to come about: see `test_kinds_elsewhere`."""


def test_every_kind_is_tried() -> None:
    assert set(BUILDS) | ELSEWHERE == set(ApprovalKind)


@pytest.mark.parametrize("kind", BUILDS)
def test_the_books_are_the_same_alone_and_by_approval(db: Database, kind: ApprovalKind) -> None:
    build = BUILDS[kind]
    with db.transaction() as session:
        alone, by_two, people = build(session), build(session), two(session)
        start = books(session, alone.account_id)
        assert start == books(session, by_two.account_id)

    with db.transaction() as session:
        perform(session, alone.account_id, alone.wish, role=Role.MANAGER, actor=people.approver)
    with pytest.raises(BeyondAuthority), db.transaction() as session:
        perform(session, by_two.account_id, by_two.wish, role=Role.COLLECTOR, actor=people.asker)
    with db.transaction() as session:
        made = asked(session, by_two.account_id, by_two.wish, people.asker)
        request_id, asked_for = made.id, made.kind
        assert books(session, by_two.account_id) == start
    with db.transaction() as session:
        approve(session, request_id, role=Role.MANAGER, actor=people.approver)

    with db.reading() as session:
        after = books(session, by_two.account_id)
        assert after == books(session, alone.account_id)
    assert asked_for is kind
    assert after != start


@given(
    amounts=st.lists(st.integers(min_value=1, max_value=500_00), min_size=1, max_size=4),
    days=st.integers(min_value=1, max_value=300),
)
def test_any_row_of_acts_leaves_the_same_books(db: Database, amounts: list[int], days: int) -> None:
    with db.transaction() as session:
        people = two(session)
        pairs = [an_account_that_owes(session, "2500") for _ in range(2)]
        due_on = today(session) + timedelta(days=30 + days)

    for place, (account_id, invoice_id) in enumerate(pairs):
        acts: list[Wish] = [wishes.CreditInvoice(invoice_id=invoice_id, amount_minor=each, why=WHY) for each in amounts]
        for wish in [*acts, wishes.ExtendInvoice(invoice_id=invoice_id, due_on=due_on, why=WHY)]:
            with db.transaction() as session:
                if place == 0:
                    perform(session, account_id, wish, role=Role.MANAGER, actor=people.approver)
                    continue
                made = asked(session, account_id, wish, people.asker)
                approve(session, made.id, role=Role.MANAGER, actor=people.approver)

    with db.reading() as session:
        first, second = (books(session, account_id) for account_id, _ in pairs)
    assert first == second
