"""Insolvency: a customer whose debtor is insolvent, and what was claimed, admitted and declared, in one line each."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.documents.storage import Store
from domain.insolvencies import dividends, proving
from domain.insolvencies.details import Details
from domain.insolvencies.dividends import Declared
from domain.insolvencies.model import Dividend, Insolvency, InsolvencyOutcome, ProceedingKind, ProofOfClaim
from domain.insolvencies.proving import Claimed
from domain.processing.insolvency import closing, freezing
from domain.processing.insolvency.claiming import claim_of
from domain.processing.insolvency.paper import claim_paper
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.support.builders import money
from tests.support.outside import PlainRenderer


def insolvent(session: Session, account_id: int, on: date | None = None, **more: object) -> Insolvency:
    """A liquidation that began on a day, today unless said, run by somebody who can be reached."""
    known = {
        "kind": ProceedingKind.LIQUIDATION,
        "started_on": on or today(session),
        "number": "CR-2026-001234",
        "practitioner": "Mair & Co",
        "email": "claims@mair.example",
        "address": "4 Temple Row, Birmingham",
    }
    return freezing.freeze(session, account_id, Details(**{**known, **more}), actor=OPERATOR)  # type: ignore[arg-type]


def dismissed(session: Session, found: Insolvency) -> Insolvency:
    """It turned out that the customer is not insolvent."""
    outcome, on = InsolvencyOutcome.DISMISSED, today(session)
    return closing.close(session, found.account_id, found.id, outcome, on=on, actor=OPERATOR)


def claimed(session: Session, store: Store, found: Insolvency, **other: object) -> ProofOfClaim:
    """What the books say is claimed, unless another amount is."""
    books = claim_of(session, found)
    parts = {"principal": books.principal, "interest": books.interest, "costs": books.costs}
    wish = Claimed(**{**parts, "filed_on": today(session), **other})  # type: ignore[arg-type]
    paper = claim_paper(session, PlainRenderer(), found.account_id, found.id, wish, shown=books.total)
    return proving.file_proof(session, store, found.account_id, found.id, wish, paper, actor=OPERATOR)


def admitted(session: Session, found: Insolvency, amount: str, note: str = "The rest is not proved") -> None:
    """So much of our claim was admitted."""
    on = today(session)
    proving.decide(session, found.account_id, found.id, money(amount), decided_on=on, note=note, actor=OPERATOR)


def declared(session: Session, found: Insolvency, amount: str, on: date | None = None) -> Dividend:
    """A dividend of an amount."""
    wish = Declared(on or today(session), amount=money(amount))
    return dividends.declare(session, found.account_id, found.id, wish, actor=OPERATOR)


def an_insolvent_debtor(session: Session, account: Account, *, days_ago: int = 10, **more: object) -> Insolvency:
    """A proceeding that began so many days ago."""
    return insolvent(session, account.id, today(session) - timedelta(days=days_ago), **more)
