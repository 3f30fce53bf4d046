"""Shortening: a later due day is taken back or cut, the days that were given stay given, past ageings too."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.late_charges.facts import debts, overdue, rules
from domain.outbox.model import OutboxMessage
from domain.policies.sections import LateInterest, Reference, Sections
from domain.processing.extending import extend
from domain.processing.shortening import is_shortenable, shorten
from domain.receivables.ageing import ageing_of
from domain.receivables.model import ExtensionCut, Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority, Conflict, Invalid
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice
from tests.support.policies import a_policy


def granted(session: Session, *, late: int, more: int) -> tuple[Account, Invoice]:
    """An invoice of 120 that was due `late` days ago, and now is in `more` days."""
    account, day = an_account(session), today(session)
    invoice = an_invoice(
        session, account, "120", issued_on=day - timedelta(days=late + 30), due_on=day - timedelta(days=late)
    )
    until = day + timedelta(days=more)
    extend(session, account.id, invoice.id, until, reason="Flooded", role=Role.MANAGER, actor=OPERATOR)
    return account, invoice


def cut(session: Session, account: Account, invoice: Invoice, due_on: date, role: Role = Role.MANAGER) -> ExtensionCut:
    """Staff set it earlier again."""
    return shorten(session, account.id, invoice.id, due_on, reason="Wrong year", role=role, actor=OPERATOR)


def test_a_slip_of_the_same_day_is_as_if_it_had_never_been(db: Database) -> None:
    with db.transaction() as session:
        interest = LateInterest(reference=Reference.FIXED, margin=Decimal(8))
        a_policy(session, Sections(late_interest=interest))
        account, invoice = granted(session, late=10, more=400)
        was_due_on = today(session) - timedelta(days=10)

        cut(session, account, invoice, was_due_on)

        found = debts(session, overdue(rules(session), today(session)), [account.id])
        assert invoice.due_on == was_due_on
        assert [(debt.due_on, debt.held) for debt in found] == [(was_due_on, [])]
        assert not is_shortenable(session, account.id, invoice.id)


def test_days_that_were_given_stay_given_and_past_ageings_what_they_were(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, invoice = granted(session, late=10, more=40)
    clock.advance(days=5)
    with db.transaction() as session:
        session.add(invoice)
        day = today(session)
        cut(session, account, invoice, day)
    clock.advance(days=2)

    with db.reading() as session:
        late = [bool(ageing_of(session, account.id, day + timedelta(days=each)).late) for each in (-6, -1, 0, 1)]

    assert late == [True, False, False, True]


def test_no_day_that_is_past_is_chosen_for_what_was_given_before_today(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, invoice = granted(session, late=10, more=40)
    clock.advance(days=5)

    with pytest.raises(Invalid), db.transaction() as session:
        cut(session, account, invoice, today(session) - timedelta(days=1))


@pytest.mark.parametrize("days", [-11, 20])
def test_only_days_between_can_be_chosen(db: Database, days: int) -> None:
    with db.transaction() as session:
        account, invoice = granted(session, late=10, more=20)

    with pytest.raises(Invalid), db.transaction() as session:
        cut(session, account, invoice, today(session) + timedelta(days=days))


def test_who_could_not_have_granted_it_cannot_take_it_back(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = granted(session, late=0, more=60)

    with pytest.raises(BeyondAuthority), db.transaction() as session:
        cut(session, account, invoice, today(session), role=Role.COLLECTOR)


def test_where_nothing_was_granted_there_is_nothing_to_take_back(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

    with pytest.raises(Conflict), db.transaction() as session:
        cut(session, account, invoice, invoice.due_on - timedelta(days=1))


def test_the_customer_is_told(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = granted(session, late=0, more=60)

        made = cut(session, account, invoice, today(session) + timedelta(days=3))

        sent = session.scalars(select(OutboxMessage.payload).order_by(OutboxMessage.id)).all()
        assert [each["cut_id"] for each in sent] == [None, made.id]
