"""Staff choose what becomes of a debt whose chargeback is lost, and the task is settled by that."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.chargebacks.model import Chargeback, Choice
from domain.chargebacks.queries import choice_of
from domain.policies.sections import EarlyDiscount, Sections
from domain.processing.contested import choosing
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict, Invalid, NotAllowed
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from tests.support.builders import money
from tests.support.contesting import a_chargeback, a_paid_debt, contest, open_tasks, owes, reconcile, withdrawn
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, open_minor
from tests.support.policies import a_policy
from tests.support.refunding import pay

STAFF = Actor.staff(1)


def chosen(db: Database, chargeback: Chargeback) -> tuple[Choice, int] | None:
    """What was chosen last, and about how much."""
    with db.reading() as session:
        row = choice_of(session, chargeback.id)
    return (row.choice, row.amount_minor) if row is not None else None


def test_a_debt_that_stands_is_owed_as_before(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120")
    lost = contest(db, "lost", "120")

    with db.transaction() as session:
        choosing.let_stand(session, "du_1", why="They got the goods.", actor=STAFF)

    assert chosen(db, lost) == (Choice.STANDS, 12000)
    assert owes(db, debt.account_id) == money("120")
    assert TaskKind.CHARGEBACK_LOST not in open_tasks(db)


def test_a_debt_that_is_credited_is_gone_from_each_of_its_invoices(db: Database) -> None:
    debt, _ = a_paid_debt(db, "80", "40")
    lost = contest(db, "lost", "120")
    with db.reading() as session:
        found = choosing.preview(session, session.get_one(Chargeback, lost.id))

    with db.transaction() as session:
        choosing.credit(session, "du_1", why="It never arrived.", role=Role.MANAGER, actor=STAFF)

    assert [effect.settles for _, effect in found] == [money("80"), money("40")]
    assert chosen(db, lost) == (Choice.CREDITED, 12000)
    assert [open_minor(db, invoice) for invoice in debt.invoices] == [0, 0]
    assert owes(db, debt.account_id) == money("0")
    assert TaskKind.CHARGEBACK_LOST not in open_tasks(db)


def test_the_early_discount_that_fell_with_it_is_credited_too(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(early_discount=EarlyDiscount(percent=Decimal(2), days=10)))
    debt = a_debt(db, "120")
    given = pay(db, FakeProcessor(), debt, {debt.invoices[0]: money("117.60")})
    with db.reading() as session:
        at = now(session)
    reconcile(db, a_chargeback("lost", money("117.60"), at, withdrawn(money("117.60"), at, name="txn_out")))
    before = owes(db, given.account_id)

    with db.transaction() as session:
        choosing.credit(session, "du_1", why="It never arrived.", role=Role.MANAGER, actor=STAFF)

    assert (before, owes(db, given.account_id)) == (money("120"), money("0"))


def test_crediting_has_the_authority_of_a_credit_note_over_all_of_it(db: Database) -> None:
    a_paid_debt(db, *["900"] * 12)
    contest(db, "lost", "10800")

    with pytest.raises(NotAllowed), db.transaction() as session:
        choosing.credit(session, "du_1", why="It never arrived.", role=Role.COLLECTOR, actor=STAFF)

    assert TaskKind.CHARGEBACK_LOST in open_tasks(db)


def test_a_reason_is_wanted(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "lost", "120")

    with pytest.raises(Invalid), db.transaction() as session:
        choosing.let_stand(session, "du_1", why="  ", actor=STAFF)
    with pytest.raises(Invalid), db.transaction() as session:
        choosing.credit(session, "du_1", why="  ", role=Role.MANAGER, actor=STAFF)


@pytest.mark.parametrize("state", ["needs_response", "under_review", "won"])
def test_there_is_nothing_to_choose_before_it_is_lost(db: Database, state: str) -> None:
    a_paid_debt(db, "120")
    contest(db, state, "120")

    with pytest.raises(Conflict), db.transaction() as session:
        choosing.let_stand(session, "du_1", why="They got the goods.", actor=STAFF)
    with pytest.raises(Conflict), db.transaction() as session:
        choosing.credit(session, "du_1", why="It never arrived.", role=Role.MANAGER, actor=STAFF)


def test_what_is_credited_already_is_not_credited_again(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "lost", "120")
    with db.transaction() as session:
        choosing.credit(session, "du_1", why="It never arrived.", role=Role.MANAGER, actor=STAFF)

    with pytest.raises(Conflict), db.transaction() as session:
        choosing.credit(session, "du_1", why="It never arrived.", role=Role.MANAGER, actor=STAFF)


def test_what_was_chosen_stays_until_the_chargeback_is_decided_once_more(db: Database, clock: MovableClock) -> None:
    a_paid_debt(db, "120")
    lost = contest(db, "lost", "120")
    with db.transaction() as session:
        choosing.credit(session, "du_1", why="It never arrived.", role=Role.MANAGER, actor=STAFF)

    with pytest.raises(Conflict), db.transaction() as session:
        choosing.let_stand(session, "du_1", why="They got the goods.", actor=STAFF)

    assert chosen(db, lost) == (Choice.CREDITED, 12000)
    clock.advance(days=1)
    contest(db, "appeal_under_review", "120")
    contest(db, "lost", "120")
    with db.transaction() as session:
        choosing.let_stand(session, "du_1", why="They got the goods.", actor=STAFF)
    assert chosen(db, lost) == (Choice.STANDS, 0)
