"""Moving credit between accounts: it leaves the one, arrives at the other, and nothing stays in between."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from domain.ledger.balances import balance_of, receivable
from domain.ledger.chart import LedgerAccount
from domain.processing.applying import use_credit
from domain.processing.checks import check_books
from domain.processing.moving import move_credit
from domain.processing.receipts.returning import ReturnReason, return_receipt
from domain.receivables.model import CreditMove, Invoice, InvoiceKind
from domain.reporting.act_words import Topic
from domain.reporting.timeline import timeline
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid
from domain.statements.queries import statement
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.credit import a_cheque, open_of, stands


def test_credit_goes_from_one_account_to_another_and_can_be_used_there(db: Database) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        for amount in ("30", "40"):
            a_receipt(session, ours, amount, today(session))
        invoice = an_invoice(session, theirs, "50")

        move_credit(session, ours.id, theirs.id, money("50"), reason="Same customer", actor=OPERATOR)
        moved = (stands(session, ours), stands(session, theirs))
        use_credit(session, theirs.id, {invoice.id: money("50")}, actor=OPERATOR)

        assert moved == ((money("0"), money("20")), (money("50"), money("50")))
        assert [receivable(session, one.id) for one in (ours, theirs)] == [money("-20"), money("0")]
        assert balance_of(session, LedgerAccount.TRANSFERS_IN_TRANSIT, "GBP") == money("0")
        assert open_of(session, invoice) == [money("0")]


def test_both_sides_are_told_of_it_and_neither_of_the_others_name(db: Database) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session, name="One Ltd"), an_account(session, name="Two Ltd")
        a_receipt(session, ours, "30", today(session))

        move_credit(session, ours.id, theirs.id, money("30"), reason="Same customer", actor=OPERATOR)

        told = [
            [str(move.words) for move in statement(session, one.id, today(session), today(session)).movements]
            for one in (ours, theirs)
        ]
        assert told == [["Payment", "Credit moved to another account"], ["Credit moved from another account"]]
        assert "Credit moved" in str(timeline(session, theirs.id, Topic.MONEY).happenings[0].words)


@pytest.mark.parametrize(
    ("amount", "reason", "field"), [("0", "x", "amount"), ("30.01", "x", "amount"), ("5", " ", "reason")]
)
def test_more_than_there_is_and_no_reason_are_refused(db: Database, amount: str, reason: str, field: str) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        a_receipt(session, ours, "30", today(session))

        with pytest.raises(Invalid) as refused:
            move_credit(session, ours.id, theirs.id, money(amount), reason=reason, actor=OPERATOR)

        assert refused.value.field == field


def test_it_stays_in_its_currency_and_goes_nowhere_where_it_is(db: Database) -> None:
    with db.transaction() as session:
        ours, dollars = an_account(session), an_account(session, currency="USD")
        a_receipt(session, ours, "30", today(session))

        for target in (ours, dollars):
            with pytest.raises(Invalid):
                move_credit(session, ours.id, target.id, money("5"), reason="x", actor=OPERATOR)


def test_a_cheque_that_bounces_after_its_credit_was_moved_is_owed_again(db: Database) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        payment = a_cheque(session, ours, "30")
        move_credit(session, ours.id, theirs.id, money("20"), reason="Same customer", actor=OPERATOR)

        return_receipt(session, payment, today(session), reason=ReturnReason.BOUNCED, actor=OPERATOR)

        debt = session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.OWED_AGAIN)).one()
        assert (debt.account_id, debt.open) == (ours.id, money("20"))
        assert stands(session, theirs) == (money("0"), money("20"))


@pytest.mark.tampers
def test_a_move_that_only_one_side_has_is_found(db: Database) -> None:
    with db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        a_receipt(session, ours, "30", today(session))
        move = move_credit(session, ours.id, theirs.id, money("20"), reason="x", actor=OPERATOR)
        session.add(
            CreditMove(
                from_account_id=ours.id,
                to_account_id=theirs.id,
                currency="GBP",
                amount_minor=500,
                reason="x",
                moved_at=move.moved_at,
                actor_kind="operator",
            )
        )
        session.flush()

        assert [finding.code for finding in check_books(session)] == ["credit_move"]


def test_two_who_move_the_same_credit_both_ways_at_once_move_it_once_each(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        ours, theirs = an_account(session), an_account(session)
        for one in (ours, theirs):
            a_receipt(session, one, "30", today(session))
    barrier, ended = Barrier(4), []

    def move(source: int, target: int) -> None:
        barrier.wait()
        try:
            with committed_db.transaction() as session:
                move_credit(session, source, target, money("30"), reason="x", actor=OPERATOR)
            ended.append("moved")
        except (Conflict, Invalid):
            ended.append("refused")

    threads = [Thread(target=move, args=pair) for pair in [(ours.id, theirs.id), (theirs.id, ours.id)] * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with committed_db.reading() as session:
        total = [stands(session, one)[1] for one in (ours, theirs)]
    assert sum(amount.minor for amount in total) == 6000
    assert len(ended) == 4
