"""Money left: a payment is taken back and comes back, in parts too, and what had left before is owed a second time."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.ledger.balances import receivable
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit, post
from domain.payments.model import Payment
from domain.processing.money_left import give_payment_back, take_payment_back, would_uncover
from domain.receivables.model import Invoice, InvoiceKind, WithdrawalKind
from domain.receivables.withdrawing import Uncovered, withdraw
from domain.shared.actor import PROCESSOR
from domain.shared.db.session import Database, today
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.credit import item_of, open_of, stands

CHARGEBACK = WithdrawalKind.CHARGEBACK


def taken(session: Session, account: Account, payment: Payment, amount: str, source: str = "cb:1") -> list[Uncovered]:
    """The network takes so much back."""
    booked(session, account, amount, EntryKind.CHARGEBACK, source)
    return take_payment_back(session, account, payment, money(amount), kind=CHARGEBACK, source=source, actor=PROCESSOR)


def given_back(session: Session, account: Account, amount: str, returning: str, source: str = "cb:1") -> None:
    """The network gives so much back."""
    booked(session, account, f"-{amount}", EntryKind.CHARGEBACK_REINSTATED, returning)
    give_payment_back(
        session,
        account,
        money(amount),
        kind=CHARGEBACK,
        source=source,
        returning=returning,
        effective_on=today(session),
        actor=PROCESSOR,
    )


def booked(session: Session, account: Account, amount: str, kind: EntryKind, source: str) -> None:
    """The ledger's side: the receivable is debited (credited, below zero) against the processor's balance."""
    what = money(amount)
    owed, clearing = LedgerAccount.RECEIVABLE, LedgerAccount.PROCESSOR_SUSPENSE
    legs = (
        [debit(owed, what, account_id=account.id), credit(clearing, what)]
        if what.minor > 0
        else [debit(clearing, -what), credit(owed, -what, account_id=account.id)]
    )
    post(session, kind=kind, source=source, effective_on=today(session), legs=legs)


def test_a_part_is_taken_from_what_it_was_contested_for(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        first, second = an_invoice(session, account, "60"), an_invoice(session, account, "40")
        payment = a_receipt(session, account, "100", today(session), first, second)

        previewed = would_uncover(session, payment, money("50"), first_from=[first.id])
        booked(session, account, "50", EntryKind.CHARGEBACK, "cb:1")
        uncovered = take_payment_back(
            session,
            account,
            payment,
            money("50"),
            kind=CHARGEBACK,
            source="cb:1",
            first_from=[first.id],
            actor=PROCESSOR,
        )

        assert previewed == uncovered == [Uncovered(first.id, first.number, money("50"))]
        assert open_of(session, first, second) == [money("50"), money("0")]


def test_what_comes_back_in_two_parts_covers_all_again(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoices = [an_invoice(session, account, "60"), an_invoice(session, account, "30")]
        payment = a_receipt(session, account, "100", today(session), *invoices)
        taken(session, account, payment, "100")

        given_back(session, account, "45", "back:1")
        between = open_of(session, *invoices)
        given_back(session, account, "55", "back:2")

        assert between == [money("15"), money("30")]
        assert stands(session, account) == (money("0"), money("10"))


def test_what_had_left_is_owed_again_and_settled_when_all_comes_back(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "60")
        payment = a_receipt(session, account, "100", today(session), invoice)
        withdraw(session, item_of(session, payment), money("40"), kind=WithdrawalKind.REFUND, source="refund:1")
        booked(session, account, "40", EntryKind.REFUND, "refund:1")

        uncovered = taken(session, account, payment, "100")
        debt = session.scalars(select(Invoice).where(Invoice.kind == InvoiceKind.OWED_AGAIN)).one()
        owed = receivable(session, account.id)
        given_back(session, account, "100", "back:1")

        assert [part.amount for part in uncovered] == [money("60"), money("40")]
        assert (debt.amount, owed) == (money("40"), money("100"))
        assert open_of(session, invoice, debt) == [money("0"), money("0")]
        assert stands(session, account) == (money("0"), money("0"))


def test_two_chargebacks_of_one_payment_are_told_apart(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100")
        payment = a_receipt(session, account, "100", today(session), invoice)
        taken(session, account, payment, "30", "cb:1")
        taken(session, account, payment, "70", "cb:2")

        given_back(session, account, "70", "back:2", "cb:2")

        assert open_of(session, invoice) == [money("30")]
