"""Settling: an offer to settle that was made, accepted or paid, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.policies.sections import Bracket, Sections, Settlements
from domain.receivables.model import Invoice
from domain.settlements.accepting import accept
from domain.settlements.model import SettlementOffer
from domain.settlements.offering import Wanted, offer
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice, money
from tests.support.planning import somebody_who_binds
from tests.support.policies import a_policy

SETTLEMENTS = Settlements(brackets=(Bracket(late_days=60, most_percent=30, most_parts=3),))
"""Terms by which a debt that is two months late may be settled for 70 per cent, in three parts."""
LATE_DAYS = 90


def a_late_debtor(
    session: Session, *amounts: str, tax: str = "0", settlements: Settlements | None = SETTLEMENTS
) -> tuple[Account, list[Invoice]]:
    """A customer with invoices over these amounts, each of them 90 days late."""
    account = an_account(session)
    a_policy(session, Sections(settlements=settlements), account_id=account.id)
    due_on = today(session) - timedelta(days=LATE_DAYS)
    return account, [an_invoice(session, account, each, tax=tax, issued_on=due_on, due_on=due_on) for each in amounts]


def wanted(session: Session, amount: str, *invoices: Invoice, parts: int = 1) -> Wanted:
    """So much for these invoices, within two weeks."""
    expires_on = today(session) + timedelta(days=14)
    return Wanted(tuple(each.id for each in invoices), money(amount), parts, expires_on, "They asked for it")


def an_offer(
    session: Session,
    *amounts: str,
    pays: str,
    parts: int = 3,
    tax: str = "0",
    settlements: Settlements | None = SETTLEMENTS,
    role: Role = Role.MANAGER,
) -> tuple[Account, list[Invoice], SettlementOffer]:
    """An offer to settle invoices over these amounts for `pays`."""
    account, invoices = a_late_debtor(session, *amounts, tax=tax, settlements=settlements)
    asked = wanted(session, pays, *invoices, parts=parts)
    return account, invoices, offer(session, account.id, asked, role=role, actor=OPERATOR)


def an_accepted_offer(
    session: Session,
    *amounts: str,
    pays: str,
    parts: int = 1,
    tax: str = "0",
    settlements: Settlements | None = SETTLEMENTS,
) -> tuple[Account, Actor, list[Invoice], SettlementOffer]:
    """The same, which somebody who may bind the account has accepted in so many parts."""
    account, invoices, made = an_offer(session, *amounts, pays=pays, tax=tax, settlements=settlements)
    actor = somebody_who_binds(session, account)
    return account, actor, invoices, accept(session, account.id, made.id, parts=parts, actor=actor)
