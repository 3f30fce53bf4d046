"""The parts of a plan against the simulator: announced, taken on their days, tried again, never twice."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from sqlalchemy import select

from domain.accounts.model import Login
from domain.accounts.queries import lock
from domain.collecting.model import Collection, CollectionState, SubjectKind
from domain.documents.storage import Store
from domain.plans.model import Instalment, PaymentPlan, PlanStatus
from domain.plans.negotiating import Ask, ask_for
from domain.plans.rules import stand
from domain.policies.sections import Sections
from domain.receivables.allocating import open_in_order
from domain.shared.actor import Actor
from domain.shared.db.session import today
from tests.support.builders import a_receipt
from tests.support.collecting import DECLINES, Days, Payer, keep_a_card, owes, subjects
from tests.support.outside import MemoryMail, MemoryStore
from tests.support.planning import PLANS, monthly, signed
from tests.support.policies import a_policy

WITH_A_METHOD = msgspec.structs.replace(PLANS, needs_method=True)


def a_collected_plan(days: Days, payer: Payer, card: str | None = None) -> int:
    """Ana signs a plan of three parts of 50.00, and saves a card for it; its id."""
    invoice_id = owes(days.wired, payer, "150.00", date(2026, 3, 16))
    store: Store = MemoryStore()
    with days.wired.database.transaction() as session:
        a_policy(session, Sections(plans=WITH_A_METHOD), account_id=payer.account_id)
        actor = Actor.login(payer.login_id)
        ask = Ask((invoice_id,), monthly(session, 3))
        plan = ask_for(session, payer.account_id, ask, login_id=payer.login_id, actor=actor)
        signed(session, store, plan, actor)
        plan_id = plan.id
        assert plan.status is PlanStatus.ACCEPTED
    keep_a_card(days, payer, *([card] if card else []))
    return plan_id


def lefts(days: Days, plan_id: int) -> list[int]:
    """What is left of each part."""
    with days.wired.database.reading() as session:
        return [part.left for part in stand(session, [plan_id])[plan_id].parts]


def states(days: Days) -> list[CollectionState]:
    """The collections of instalments, the first one first."""
    with days.wired.database.reading() as session:
        wanted = select(Collection.state).where(Collection.subject_kind == SubjectKind.INSTALMENT)
        return list(session.scalars(wanted.order_by(Collection.id)))


def status(days: Days, plan_id: int) -> PlanStatus:
    """Where the plan stands."""
    with days.wired.database.reading() as session:
        return session.get_one(PaymentPlan, plan_id).status


def due_days(days: Days) -> list[date]:
    """The days of the parts."""
    with days.wired.database.reading() as session:
        return list(session.scalars(select(Instalment.due_on).order_by(Instalment.number)))


def test_a_plan_starts_with_its_card_and_each_part_is_announced_and_taken_on_its_day(days: Days, payer: Payer) -> None:
    plan_id = a_collected_plan(days, payer)
    running = status(days, plan_id)
    first, second, third = due_days(days)

    days.until(first - timedelta(days=1))
    before = lefts(days, plan_id)
    days.until(first)
    after = lefts(days, plan_id)
    days.until(second)
    days.until(third)

    assert running is PlanStatus.ACTIVE
    assert (before, after, lefts(days, plan_id)) == ([50_00] * 3, [0, 50_00, 50_00], [0, 0, 0])
    assert status(days, plan_id) is PlanStatus.COMPLETED
    assert states(days) == [CollectionState.DONE] * 3
    assert subjects(days.wired, payer.email).count("Your business will take £50.00 automatically") == 3


def test_what_is_taken_is_told_in_the_language_of_the_card_s_owner(days: Days, payer: Payer) -> None:
    plan_id = a_collected_plan(days, payer)
    with days.wired.database.transaction() as session:
        session.get_one(Login, payer.login_id).language = "es"

    days.until(due_days(days)[0] - timedelta(days=1))

    assert isinstance(days.wired.mailer, MemoryMail)
    [announced] = [mail for mail in days.wired.mailer.sent if mail.message_id.startswith("<collections.")]
    for said in (announced.text, announced.html):
        assert "Plazo 1 de su plan de pagos" in said
        assert f"/accounts/{payer.account_id}/plans/{plan_id}" in said
    assert "Factura" not in announced.text


def test_a_part_that_was_paid_in_another_way_is_not_taken(days: Days, payer: Payer) -> None:
    plan_id = a_collected_plan(days, payer)
    first = due_days(days)[0]
    days.until(first - timedelta(days=2))

    with days.wired.database.transaction() as session:
        plan = session.get_one(PaymentPlan, plan_id)
        account = lock(session, plan.account_id)
        a_receipt(session, account, "50.00", today(session), *open_in_order(session, account.id))
    days.until(first + timedelta(days=1))

    assert lefts(days, plan_id) == [0, 50_00, 50_00]
    assert states(days)[0] is CollectionState.CANCELLED


def test_a_part_whose_card_declines_is_tried_again_until_the_tries_are_used_up(days: Days, payer: Payer) -> None:
    plan_id = a_collected_plan(days, payer, DECLINES)
    first = due_days(days)[0]

    days.until(first + timedelta(days=8), every=12)

    assert lefts(days, plan_id) == [50_00] * 3
    assert states(days)[0] is CollectionState.EXHAUSTED
