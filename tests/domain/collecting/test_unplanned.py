"""What automatic payment leaves alone: what a bank took back, and what is owed a second time."""

from __future__ import annotations

from domain.accounts import queries as accounts
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.collecting import planning, turning
from domain.processing.reconciling.chargebacks import reconcile_chargeback
from domain.receivables.queries import open_invoices
from domain.refunds.model import RefundSource
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database, now
from tests.support.builders import an_invoice, money
from tests.support.contesting import a_chargeback, a_paid_debt, withdrawn
from tests.support.fakes import FakeProcessor
from tests.support.refunding import ask, paid
from tests.support.saving import AGREED, a_method


def turn_on(db: Database, account_id: int) -> None:
    """The account is paid automatically from now on."""
    with db.transaction() as session:
        account = accounts.lock(session, account_id)
        email = f"cleo.{account_id}@example.com"
        login_id = grant(session, account, email=email, name="Cleo", rights=ALL_RIGHTS, actor=OPERATOR).id
    method_id = a_method(db, account_id, login_id)
    with db.transaction() as session:
        turning.turn_on(session, account_id, method_id, AGREED, login_id=login_id, actor=Actor.login(login_id))


def planned(db: Database, account_id: int) -> list[int]:
    """The invoices for which a collection is planned now."""
    with db.transaction() as session:
        return [collection.subject_id for collection in planning.plan(session, account_id)]


def contest(db: Database, amount: str, intent_id: str = "pi_1") -> None:
    """The payer's bank takes so much back, and the case is lost."""
    with db.transaction() as session:
        out = withdrawn(money(amount), now(session))
        reconcile_chargeback(session, a_chargeback("lost", money(amount), now(session), out, intent_id=intent_id))


def test_what_a_bank_took_back_is_not_taken_again_by_itself(db: Database) -> None:
    debt, _ = a_paid_debt(db, "120.00")
    turn_on(db, debt.account_id)
    contest(db, "120.00")
    with db.transaction() as session:
        another = an_invoice(session, accounts.lock(session, debt.account_id), "50.00").id

    chosen = planned(db, debt.account_id)

    assert chosen == [another]


def test_what_is_owed_a_second_time_is_not_taken_by_itself(db: Database) -> None:
    given = paid(db, "120.00", processor=FakeProcessor())
    turn_on(db, given.account_id)
    ask(db, given, "120.00", RefundSource.REVERSAL)
    contest(db, "120.00")

    chosen = planned(db, given.account_id)

    with db.reading() as session:
        open_ones = [row.id for row in open_invoices(session, given.account_id)]
    assert len(open_ones) == 2
    assert chosen == [given.debt.invoices[0]]
