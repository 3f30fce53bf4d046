"""Contested: the bank takes a card payment of a settlement, and gives it back; what was given up goes and comes."""

from __future__ import annotations

from datetime import timedelta

from domain.accounts.model import Account
from domain.ledger.chart import LedgerAccount
from domain.policies.sections import Sections
from domain.receivables.model import Invoice
from domain.settlements import queries
from domain.settlements.accepting import accept
from domain.settlements.model import OfferStatus
from domain.settlements.offering import offer
from domain.shared.actor import OPERATOR, ActorKind
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.staff.model import Role
from tests.support.audited import doers
from tests.support.builders import money
from tests.support.contesting import a_chargeback, balance, owes, reconcile, reinstated, withdrawn
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt
from tests.support.planning import somebody_who_binds
from tests.support.policies import a_policy
from tests.support.refunding import pay
from tests.support.settling import SETTLEMENTS, wanted

PRICE = money("90")


def test_a_chargeback_opens_a_settlement_again_and_winning_it_closes_it(db: Database, clock: MovableClock) -> None:
    debt = a_debt(db, "120")
    clock.advance(days=120)
    with db.transaction() as session:
        a_policy(session, Sections(settlements=SETTLEMENTS), account_id=debt.account_id)
        account, invoice = session.get_one(Account, debt.account_id), session.get_one(Invoice, debt.invoices[0])
        made = offer(session, account.id, wanted(session, "90", invoice), role=Role.MANAGER, actor=OPERATOR).id
        accept(session, account.id, made, parts=1, actor=somebody_who_binds(session, account))
    pay(db, FakeProcessor(), debt, {debt.invoices[0]: PRICE})
    settled = stands(db, debt.account_id, made)
    with db.reading() as session:
        at = now(session)

    reconcile(db, a_chargeback("needs_response", PRICE, at, withdrawn(PRICE, at, name="txn_out")))
    contested = stands(db, debt.account_id, made)
    clock.advance(minutes=1)
    back = at + timedelta(minutes=1)
    moved = withdrawn(PRICE, at, name="txn_out"), reinstated(PRICE, back, name="txn_back")
    reconcile(db, a_chargeback("won", PRICE, at, *moved))

    assert settled == (OfferStatus.FULFILLED, money("0"), money("30"))
    assert contested == (OfferStatus.REOPENED, money("120"), money("0"))
    assert stands(db, debt.account_id, made) == settled
    with db.reading() as session:
        assert doers(session, "settlement.reopened") == doers(session, "concession.revoked") == [ActorKind.PROCESSOR]
        assert doers(session, "concession.granted")[1:] == [ActorKind.PROCESSOR]


def stands(db: Database, account_id: int, offer_id: int) -> tuple[OfferStatus, object, object]:
    """The state of the offer, what the account owes, and what is forgiven."""
    with db.reading() as session:
        status = OfferStatus(queries.offer(session, offer_id).status)
    return status, owes(db, account_id), balance(db, LedgerAccount.DEBTS_FORGIVEN)
