"""The interest of a plan: reckoned at its signing as if all were kept, and corrected when it was not."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy.orm import Session

from domain.accounts.queries import lock
from domain.documents.storage import Store
from domain.plans.following import follow
from domain.plans.model import PaymentPlan, PlanStatus
from domain.plans.negotiating import Ask, ask_for
from domain.plans.rules import stand
from domain.plans.signing import Paper
from domain.policies.accepting import Signer
from domain.policies.sections import LateInterest, PlanInterest, Sections
from domain.processing.plans.signing import as_agreed, sign
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.money import Money
from domain.shared.words import Speaking
from tests.support.builders import a_receipt, money
from tests.support.lateness import DUE, Overdue
from tests.support.planning import PLANS, monthly, somebody_who_binds
from tests.support.speaking import Spoken

TENTH_OF_A_PER_CENT = LateInterest(margin=Decimal("36.5"))
"""A day: 1.00 on 1,000."""
SIGNED = DUE + timedelta(days=10)


def speak(language: str) -> Speaking:
    """Leaves the words alone."""
    return Spoken(language)


def terms(interest: PlanInterest, cap_minor: int = 0) -> Sections:
    """Late interest of 0.1 % a day, and plans that stop it, go on with it, or cap it."""
    plans = msgspec.structs.replace(PLANS, interest=interest, interest_cap_minor=cap_minor)
    return Sections(late_interest=TENTH_OF_A_PER_CENT, plans=plans)


def a_signed_plan(session: Session, store: Store, given: Overdue) -> PaymentPlan:
    """Two parts for the 1,000, thirty days from today and a month later."""
    account = lock(session, given.account_id)
    actor = somebody_who_binds(session, account)
    assert actor.id is not None
    ask = Ask((given.invoice_id,), monthly(session, 2))
    plan = ask_for(session, account.id, ask, login_id=actor.id, actor=actor)
    paper = Paper(b"%PDF-1.7 agreement", as_agreed(session, account.id, plan.id).digest, "en")
    return sign(session, store, account.id, plan.id, paper, Signer("Olive", "Owner"), speak=speak, actor=actor)


@pytest.mark.parametrize(
    ("interest", "cap", "bears"),
    [
        (PlanInterest.STOPPED, 0, "0"),
        # 10 days were late at the signing and 30 more until the first part on 1,000; then 500 for a month of 31 days.
        (PlanInterest.CONTINUED, 0, "55.50"),
        (PlanInterest.CAPPED, 20_00, "20"),
    ],
)
def test_what_a_plan_bears_is_reckoned_at_its_signing(
    db: Database, clock: MovableClock, store: Store, interest: PlanInterest, cap: int, bears: str
) -> None:
    given = Overdue(db, clock, terms(interest, cap))
    given.go_to(SIGNED)

    with db.transaction() as session:
        plan = a_signed_plan(session, store, given)

        standing = stand(session, [plan.id])[plan.id]
        assert standing.remaining == money("1000") + money(bears)
        assert plan.status is PlanStatus.ACTIVE
    assert Money.sum(given.amounts, "GBP") == money(bears)


def test_nothing_else_is_charged_while_the_plan_lives(db: Database, clock: MovableClock, store: Store) -> None:
    given = Overdue(db, clock, terms(PlanInterest.CONTINUED))
    given.go_to(SIGNED)
    with db.transaction() as session:
        a_signed_plan(session, store, given)

    given.charge_daily(SIGNED, SIGNED + timedelta(days=70))

    assert given.amounts == [money("55.50")]


def test_early_completion_credits_what_was_not_earned(db: Database, clock: MovableClock, store: Store) -> None:
    given = Overdue(db, clock, terms(PlanInterest.CONTINUED))
    given.go_to(SIGNED)
    with db.transaction() as session:
        plan_id = a_signed_plan(session, store, given).id
    paid_on = SIGNED + timedelta(days=30)
    given.go_to(paid_on)
    with db.transaction() as session:
        account = lock(session, given.account_id)
        plan = session.get_one(PaymentPlan, plan_id)
        note = session.get_one(Invoice, plan.interest_note_id)
        a_receipt(session, account, "1055.50", today(session), session.get_one(Invoice, given.invoice_id), note)

        follow(session, plan, actor=WORKER)

    given.charge(paid_on + timedelta(days=1))

    assert Money.sum(given.amounts, "GBP") == money("40")


def test_a_plan_that_was_kept_bears_no_more_than_its_cap(db: Database, clock: MovableClock, store: Store) -> None:
    given = Overdue(db, clock, terms(PlanInterest.CAPPED, 20_00))
    given.go_to(SIGNED)
    with db.transaction() as session:
        plan_id = a_signed_plan(session, store, given).id
        first, second = (part.agreed.day for part in stand(session, [plan_id])[plan_id].parts)
    given.charge_daily(SIGNED, first)
    given.pay("500", first)
    given.charge_daily(first, second)
    with db.transaction() as session:
        plan = session.get_one(PaymentPlan, plan_id)
        owed = [session.get_one(Invoice, key) for key in (given.invoice_id, plan.interest_note_id)]
        a_receipt(session, lock(session, given.account_id), "520", today(session), *owed)
        follow(session, plan, actor=WORKER)

    given.charge_daily(second, second + timedelta(days=40))

    assert given.amounts == [money("20")]
