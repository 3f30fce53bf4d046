"""Deciding: who may write off what, what stands in the way, and what follows from giving up or taking back."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.ledger.chart import LedgerAccount
from domain.placements import ending
from domain.policies.acts import Act
from domain.policies.sections import Authority, Sections
from domain.processing.withdrawing_invoices import withdraw_invoice
from domain.processing.write_offs import deciding
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority, Conflict, Invalid
from domain.staff.model import Role
from domain.stops.queries import live
from domain.tasks.model import Task, TaskKind
from domain.write_offs.following import follow_account
from domain.write_offs.model import WriteOff, WriteOffKind, WriteOffStatus
from domain.write_offs.proposing import Wish
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.credit import open_of
from tests.support.disputing import contest
from tests.support.ledgers import owed_on
from tests.support.placing import handed_over
from tests.support.policies import a_policy
from tests.support.writing_off import balance, gone, proposed, released, written_off


def open_tasks(session: Session) -> list[tuple[TaskKind, str]]:
    """What waits for somebody."""
    rows = session.execute(select(Task.kind, Task.subject_id).where(Task.done_at.is_(None)))
    return [(row.kind, row.subject_id) for row in rows]


def test_who_may_not_do_it_alone_proposes_it_and_nothing_is_posted(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        made = proposed(session, account, an_invoice(session, account, "120", tax="20"))

        assert (made.status, made.amount, made.tax) == (WriteOffStatus.PROPOSED, money("120"), money("20"))
        assert balance(session, LedgerAccount.BAD_DEBT) == 0
        assert open_tasks(session) == [(TaskKind.WRITE_OFF_APPROVAL, str(made.id))]


def test_a_manager_writes_off_in_the_books_and_the_customer_owes_it_still(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", tax="20")
        made = written_off(session, account, invoice)

        assert made.status is WriteOffStatus.STANDING
        assert balance(session, LedgerAccount.BAD_DEBT) == 120_00
        assert balance(session, LedgerAccount.BAD_DEBT_ALLOWANCE) == -120_00
        assert open_of(session, invoice) == [money("120")]
        assert [stop.source for stop in live(session, account.id)] == [made.source]
        assert open_tasks(session) == []


def test_what_is_approved_stands_and_its_task_is_done(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        made = proposed(session, account, an_invoice(session, account, "120"))
        with pytest.raises(BeyondAuthority):
            deciding.approve(session, account.id, made.id, role=Role.COLLECTOR, actor=OPERATOR)
        deciding.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)

        assert made.status is WriteOffStatus.STANDING
        assert open_tasks(session) == []


def test_what_is_declined_can_be_proposed_again(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        made = proposed(session, account, invoice)
        with pytest.raises(Invalid):
            proposed(session, account, invoice)
        with pytest.raises(Invalid):
            deciding.decline(session, account.id, made.id, why=" ", actor=OPERATOR)
        deciding.decline(session, account.id, made.id, why="They trade.", actor=OPERATOR)
        again = proposed(session, account, invoice)

        assert (made.status, again.status) == (WriteOffStatus.DECLINED, WriteOffStatus.PROPOSED)
        assert (made.left, again.left) == (money("0"), money("120"))
        assert open_tasks(session) == [(TaskKind.WRITE_OFF_APPROVAL, str(again.id))]


def test_a_release_settles_the_invoice_and_taken_back_it_is_owed_again(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", tax="20")
        made = released(session, account, invoice)
        assert (made.status, open_of(session, invoice)) == (WriteOffStatus.RELEASED, [money("0")])
        assert owed_on(session, account.id, today(session)) == money("0")
        assert balance(session, LedgerAccount.BAD_DEBT) == 120_00
        with pytest.raises(Conflict):
            deciding.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)

        deciding.take_back(session, account.id, made.id, why="They inherited.", actor=OPERATOR)

        assert (made.status, made.left) == (WriteOffStatus.TAKEN_BACK, money("0"))
        assert open_of(session, invoice) == [money("120")]
        assert owed_on(session, account.id, today(session)) == money("120")
        assert balance(session, LedgerAccount.BAD_DEBT) == 0


def test_what_stands_is_released_out_of_the_allowance(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        made = written_off(session, account, invoice)
        with pytest.raises(BeyondAuthority):
            deciding.release(session, account.id, made.id, why="Dead.", role=Role.COLLECTOR, actor=OPERATOR)
        with pytest.raises(Invalid):
            deciding.release(session, account.id, made.id, why="", role=Role.MANAGER, actor=OPERATOR)
        deciding.release(session, account.id, made.id, why="Dead.", role=Role.MANAGER, actor=OPERATOR)

        assert (made.status, open_of(session, invoice)) == (WriteOffStatus.RELEASED, [money("0")])
        assert balance(session, LedgerAccount.BAD_DEBT) == 120_00
        assert balance(session, LedgerAccount.BAD_DEBT_ALLOWANCE) == 0
        assert list(live(session, account.id)) == []

        deciding.take_back(session, account.id, made.id, why="A slip.", actor=OPERATOR)
        assert balance(session, LedgerAccount.BAD_DEBT) == 0
        assert written_off(session, account, invoice).status is WriteOffStatus.STANDING


def test_what_was_never_bad_debt_is_taken_back(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        made = written_off(session, account, an_invoice(session, account, "120"))
        deciding.take_back(session, account.id, made.id, why="A slip.", actor=OPERATOR)

        assert made.status is WriteOffStatus.TAKEN_BACK
        assert balance(session, LedgerAccount.BAD_DEBT) == balance(session, LedgerAccount.BAD_DEBT_ALLOWANCE) == 0
        assert list(live(session, account.id)) == []
        with pytest.raises(Conflict):
            deciding.take_back(session, account.id, made.id, why="Again.", actor=OPERATOR)


def test_several_invoices_are_written_off_by_their_sum(db: Database) -> None:
    limits = Authority(limits={Act.WRITE_OFF: {Role.COLLECTOR: 100_00}})
    with db.transaction() as session:
        account = an_account(session)
        a_policy(session, Sections(authority=limits), account_id=account.id)
        invoices = [an_invoice(session, account, "60") for _ in range(2)]
        both = proposed(session, account, *invoices)
        rows = session.scalars(select(WriteOff)).all()

        assert both.status is WriteOffStatus.PROPOSED
        assert [row.amount for row in rows] == [money("60"), money("60")]


def test_authority_is_for_a_sum_however_it_is_cut(db: Database) -> None:
    limits = Authority(limits={Act.WRITE_OFF: {Role.COLLECTOR: 100_00}})
    cara = Actor.staff(1)
    with db.transaction() as session:
        account = an_account(session)
        a_policy(session, Sections(authority=limits), account_id=account.id)
        first, second = (an_invoice(session, account, "60") for _ in range(2))
        alone = proposed(session, account, first, actor=cara)
        beyond = proposed(session, account, second, actor=cara)
        with pytest.raises(BeyondAuthority):
            deciding.approve(session, account.id, beyond.id, role=Role.COLLECTOR, actor=cara)
        deciding.release(session, account.id, alone.id, why="Gone.", role=Role.COLLECTOR, actor=cara)
        deciding.approve(session, account.id, beyond.id, role=Role.COLLECTOR, actor=Actor.staff(2))

        assert (alone.status, beyond.status) == (WriteOffStatus.RELEASED, WriteOffStatus.STANDING)


@pytest.mark.parametrize("kind", WriteOffKind)
def test_what_is_disputed_is_not_written_off(db: Database, kind: WriteOffKind) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        contest(session, account, invoice)

        with pytest.raises(Conflict):
            proposed(session, account, invoice, kind=kind)


def test_a_dispute_that_came_meanwhile_stops_the_approval(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        made = proposed(session, account, invoice)
        contest(session, account, invoice)

        with pytest.raises(Conflict):
            deciding.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)


def test_with_a_partner_it_is_written_off_in_the_books_but_released_only_after_the_recall(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        placement = handed_over(session, account, invoice)
        made = written_off(session, account, invoice)
        with pytest.raises(Conflict):
            deciding.release(session, account.id, made.id, why="Gone.", role=Role.MANAGER, actor=OPERATOR)
        ending.recall(session, account.id, placement.id, why="Given up.", actor=OPERATOR)
        deciding.release(session, account.id, made.id, why="Gone.", role=Role.MANAGER, actor=OPERATOR)

        assert made.status is WriteOffStatus.RELEASED


def test_what_opened_on_top_keeps_it_from_being_released(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        receipt = a_receipt(session, account, "50", today(session), invoice)
        made = written_off(session, account, invoice)
        gone(session, account, receipt, "50")

        with pytest.raises(Conflict):
            deciding.release(session, account.id, made.id, why="Gone.", role=Role.MANAGER, actor=OPERATOR)
        assert made.left == money("70")


def test_nothing_is_no_write_off(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        a_receipt(session, account, "120", today(session), invoice)

        with pytest.raises(Invalid):
            proposed(session, account, invoice)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(WriteOffKind.ACCOUNTING, (), "Gone."), "invoice"),
        (Wish(WriteOffKind.ACCOUNTING, tuple(range(201)), "Gone."), "invoice"),
        (Wish(WriteOffKind.ACCOUNTING, (1,), " "), "reason"),
        (Wish(WriteOffKind.ACCOUNTING, (1,), "x" * 1001), "reason"),
        (Wish(WriteOffKind.ACCOUNTING, (987654,), "Gone."), "invoice"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_beside_its_field(db: Database, wish: Wish, field: str) -> None:
    with db.transaction() as session:
        account = an_account(session)

        with pytest.raises(Invalid) as refused:
            deciding.propose(session, account.id, wish, role=Role.MANAGER, actor=OPERATOR)

        assert refused.value.field == field


def test_an_invoice_that_is_withdrawn_was_no_bad_debt(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        made = written_off(session, account, invoice)
        withdraw_invoice(session, account.id, invoice.id, why="Never sold.", role=Role.MANAGER, actor=OPERATOR)
        follow_account(session, account.id, None, actor=OPERATOR)

        assert session.get_one(Invoice, invoice.id).status is InvoiceStatus.VOID
        assert made.status is WriteOffStatus.TAKEN_BACK
        assert balance(session, LedgerAccount.BAD_DEBT) == 0
