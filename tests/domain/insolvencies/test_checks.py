"""Checks: stops that are not those of a proceeding's state, and dividends that cannot be, are found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.insolvencies.checks import check_insolvencies
from domain.insolvencies.model import Dividend, Insolvency, InsolvencyOutcome
from domain.processing.insolvency import closing
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.stops import writing
from domain.stops.model import StopKind
from tests.support.builders import an_account, an_invoice
from tests.support.credit import a_cheque
from tests.support.insolvency import admitted, an_insolvent_debtor, claimed, declared, dismissed
from tests.support.outside import MemoryStore


def found(session: Session) -> list[tuple[str, str, str]]:
    """What is wrong: kind, expected, found."""
    session.flush()
    return [(one.code, one.expected, one.found) for one in check_insolvencies(session)]


def a_debt(session: Session, store: MemoryStore) -> Insolvency:
    """A proceeding in which 100 were claimed and admitted, and 40 declared."""
    account, day = an_account(session), today(session)
    issued_on = day - timedelta(days=60)
    an_invoice(session, account, "100", issued_on=issued_on, due_on=issued_on)
    made = an_insolvent_debtor(session, account)
    claimed(session, store, made)
    admitted(session, made, "100", "")
    declared(session, made, "40")
    return made


def test_what_is_whole_is_not_reported(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        a_debt(session, store)
        dismissed(session, a_debt(session, store))
        over = a_debt(session, store)
        outcome = InsolvencyOutcome.DISTRIBUTED
        closing.close(session, over.account_id, over.id, outcome, on=today(session), actor=OPERATOR)

        assert found(session) == []


@pytest.mark.tampers
def test_a_stop_that_is_missing_stray_or_outlives_its_proceeding_is_found(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        held = a_debt(session, store)
        writing.lift(session, StopKind.INSOLVENCY, held.source, actor=OPERATOR)
        over = dismissed(session, a_debt(session, store))
        writing.write(session, over.account_id, StopKind.INSOLVENCY, over.source, actor=OPERATOR)
        writing.write(session, over.account_id, StopKind.INSOLVENCY, "insolvency:999999", actor=OPERATOR)

        assert found(session) == [
            ("insolvency_stop", "1", "0"),
            ("insolvency_stop", "0", "1"),
            ("insolvency_stop", "0", "1"),
        ]


@pytest.mark.tampers
def test_dividends_beyond_the_claim_or_of_other_money_are_found(db: Database, store: MemoryStore) -> None:
    with db.transaction() as session:
        made = a_debt(session, store)
        other = a_cheque(session, an_account(session), "40")
        session.execute(update(Dividend).values(amount_minor=101_00, payment_id=other.id))

        assert found(session) == [
            ("insolvency_dividends", "10000", "10100"),
            ("insolvency_dividend", "10100", "4000"),
        ]
        assert made.closed_on is None
