"""Litigating: a legal case in each of its states, in one line."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.legal_cases import judging, opening
from domain.legal_cases.judging import Judgment
from domain.legal_cases.model import LegalCase
from domain.legal_cases.opening import Claim
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.support.builders import an_account, an_invoice, money


def a_case(session: Session, amount: str = "1000") -> tuple[Account, Invoice, LegalCase]:
    """A case that is being prepared about one invoice."""
    account = an_account(session, country="GB")
    due_on = today(session) - timedelta(days=400)
    invoice = an_invoice(session, account, amount, issued_on=due_on, due_on=due_on)
    return account, invoice, opening.open_case(session, account.id, Claim([invoice.id], "County Court"), actor=OPERATOR)


def filed(session: Session, case: LegalCase, days_ago: int = 100) -> LegalCase:
    """The same before the court."""
    on = today(session) - timedelta(days=days_ago)
    return opening.file(session, case.account_id, case.id, filed_on=on, number="K00AB123", actor=OPERATOR)


def judged(session: Session, case: LegalCase, *, costs: str = "0", rate_bp: int = 800, days_ago: int = 73) -> LegalCase:
    """The same decided for us."""
    decided = Judgment(today(session) - timedelta(days=days_ago), case.claimed, money(costs), rate_bp)
    return judging.record_judgment(session, case.account_id, case.id, decided, actor=OPERATOR)
