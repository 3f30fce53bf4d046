"""Offering: inside the terms at once, beyond them by authority or approval, and never for what is settled otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.receivables.model import Invoice
from domain.settlements.model import OfferStatus
from domain.settlements.offering import approve, consider, offer, room_of, withdraw
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotAllowed
from domain.staff.model import Role
from domain.stops import holding
from domain.stops.model import StopKind
from domain.stops.writing import write
from domain.tasks.model import Task, TaskKind
from tests.support.builders import an_invoice, money
from tests.support.credit import a_cheque
from tests.support.settling import a_late_debtor, an_offer, wanted


def stopped(db: Database, invoice_id: int) -> int:
    """How much of 100.00 an open offer holds back from being chased."""
    with db.reading() as session:
        account_id = session.get_one(Invoice, invoice_id).account_id
        holds = holding.holds_on(session, {invoice_id: account_id}, {StopKind.OFFER})
        return holding.held(holds.get(invoice_id, ()), today(session), 100_00)


def test_what_the_terms_allow_stands_at_once_and_holds_chasing(db: Database) -> None:
    with db.transaction() as session:
        _, (invoice,), made = an_offer(session, "100", pays="70", role=Role.COLLECTOR)

    assert made.status is OfferStatus.OFFERED
    assert stopped(db, invoice.id) == 100_00


def test_more_than_the_terms_allow_waits_for_somebody_who_may(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,), made = an_offer(session, "100", pays="60", role=Role.COLLECTOR)
        waiting = session.scalars(select(Task.kind).where(Task.done_at.is_(None))).all()
    with pytest.raises(NotAllowed), db.transaction() as session:
        approve(session, account.id, made.id, role=Role.COLLECTOR, actor=OPERATOR)
    before = stopped(db, invoice.id)
    with db.transaction() as session:
        found = approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR).status
        left = session.scalars(select(Task.kind).where(Task.done_at.is_(None))).all()

    assert made.status is OfferStatus.AWAITING_APPROVAL
    assert waiting == [TaskKind.SETTLEMENT_APPROVAL]
    assert (before, found, left) == (0, OfferStatus.OFFERED, [])
    assert stopped(db, invoice.id) == 100_00


def test_what_an_offer_is_about_that_waits_is_offered_to_nobody_again(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,), made = an_offer(session, "100", pays="60", role=Role.COLLECTOR)
        left = room_of(session, account.id).invoices
    with pytest.raises(Invalid) as refused, db.transaction() as session:
        offer(session, account.id, wanted(session, "80", invoice), role=Role.MANAGER, actor=OPERATOR)
    with db.transaction() as session:
        approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)

    assert left == []
    assert refused.value.field == "invoice"


def test_whose_authority_covers_it_offers_more_than_the_terms_alone(db: Database) -> None:
    with db.transaction() as session:
        _, _, made = an_offer(session, "100", pays="60", role=Role.MANAGER)

    assert made.status is OfferStatus.OFFERED


def test_without_a_bracket_everything_needs_authority(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,) = a_late_debtor(session, "100", settlements=None)

        found = consider(session, account.id, wanted(session, "99", invoice), role=Role.COLLECTOR)

    assert found.needs_approval
    assert found.percent == 1


def test_an_invoice_that_is_contested_on_a_plan_or_not_late_cannot_be_settled(db: Database) -> None:
    with db.transaction() as session:
        account, (disputed, planned, free) = a_late_debtor(session, "10", "20", "30")
        an_invoice(session, account, "40")
        write(session, account.id, StopKind.DISPUTE, "dispute:1", actor=OPERATOR, invoice_id=disputed.id)
        write(session, account.id, StopKind.PLAN, "plan:1", actor=OPERATOR, invoice_id=planned.id)

        found = room_of(session, account.id)

    assert [row.id for row in found.invoices] == [free.id]
    assert (found.total, found.least, found.most_parts) == (money("30"), money("21"), 3)


@pytest.mark.parametrize(
    ("amount", "parts", "days", "field"),
    [("100", 1, 14, "amount"), ("0", 1, 14, "amount"), ("70", 0, 14, "parts"), ("70", 1, 0, "expires_on")],
)
def test_what_no_offer_can_be_is_refused_beside_its_field(
    db: Database, amount: str, parts: int, days: int, field: str
) -> None:
    with db.transaction() as session:
        account, (invoice,) = a_late_debtor(session, "100")
        asked = wanted(session, amount, invoice, parts=parts)
        asked = replace(asked, expires_on=today(session) + timedelta(days=days))

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        offer(session, account.id, asked, role=Role.MANAGER, actor=OPERATOR)

    assert refused.value.field == field


def test_a_second_offer_for_the_same_invoice_is_refused(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,), _ = an_offer(session, "100", pays="70")

    with pytest.raises(Invalid), db.transaction() as session:
        offer(session, account.id, wanted(session, "80", invoice), role=Role.MANAGER, actor=OPERATOR)


def test_an_offer_that_is_taken_back_holds_nothing_any_more(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,), made = an_offer(session, "100", pays="70")

    with db.transaction() as session:
        withdraw(session, account.id, made.id, why="A slip", actor=OPERATOR)

    assert stopped(db, invoice.id) == 0


def test_what_was_paid_before_anybody_approved_lets_the_offer_fall(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,), made = an_offer(session, "100", pays="60", role=Role.COLLECTOR)
    with db.transaction() as session:
        a_cheque(session, account, "50", wanted={invoice.id: money("50")})

    with pytest.raises(Conflict), db.transaction() as session:
        approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
