"""What partners tell of what they collected: booked once, on their day, with the commission of the placement."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from domain.ledger.balances import balance_of, receivable
from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment
from domain.placements.model import Closing, PlacementStatus
from domain.processing.checks import check_books
from domain.processing.placing.collecting import Collected, report_bounce, report_collection
from domain.receivables.model import CreditItem, Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import now, today
from domain.shared.errors import Conflict, Invalid
from tests.support.builders import an_account, an_invoice, money
from tests.support.placing import handed_over
from tests.support.remitting import a_placement, collected


def test_a_payment_to_the_partner_settles_the_debt_on_the_day_on_which_the_partner_had_it(session: Session) -> None:
    placement = a_placement(session, "1200")
    placement.sent_at = now(session) - timedelta(days=9)
    on = today(session) - timedelta(days=3)

    row = collected(session, placement, "500", on=on)

    payment = session.get_one(Payment, row.payment_id)
    assert payment.effective_on == on
    assert receivable(session, placement.account_id) == money("700")
    assert balance_of(session, LedgerAccount.DUE_FROM_AGENCY, "GBP") == money("500")
    assert balance_of(session, LedgerAccount.AGENCY_COMMISSION, "GBP") == money("0")
    assert (row.commission, row.tax) == (money("125"), money("25"))
    assert check_books(session) == []


def test_the_same_payment_is_booked_once_and_another_under_its_reference_is_refused(
    session: Session,
) -> None:
    placement = a_placement(session)
    first = collected(session, placement, "500")

    assert collected(session, placement, "500").id == first.id
    with pytest.raises(Conflict):
        collected(session, placement, "501")
    assert receivable(session, placement.account_id) == money("700")


def test_what_is_paid_in_full_to_the_partner_closes_the_placement(session: Session) -> None:
    placement = a_placement(session)

    collected(session, placement, "1200")

    assert (placement.status, placement.closing) == (PlacementStatus.CLOSED, Closing.PAID)


def test_more_than_is_open_becomes_credit_and_settles_nothing_that_was_not_placed(session: Session) -> None:
    account = an_account(session)
    placed, ours = an_invoice(session, account, "100"), an_invoice(session, account, "80")
    placement = handed_over(session, account, placed)

    collected(session, placement, "60", "P-1")
    second = collected(session, placement, "60", "P-2")

    session.refresh(ours)
    assert ours.open == money("80")
    assert sum(item.unapplied_minor for item in session.query(CreditItem)) == 20_00
    assert second.commission == money("10")
    assert check_books(session) == []


def test_what_goes_back_at_the_partner_opens_the_debt_and_takes_exactly_its_commission_back(session: Session) -> None:
    placement = a_placement(session, "1200")
    row = collected(session, placement, "1200")

    back = report_bounce(
        session, placement.account_id, placement.id, reference="P-1", on=today(session), actor=OPERATOR
    )

    assert (back.amount, back.commission, back.tax) == (-row.amount, -row.commission, -row.tax)
    assert placement.status is PlacementStatus.ACTIVE
    assert receivable(session, placement.account_id) == money("1200")
    assert balance_of(session, LedgerAccount.DUE_FROM_AGENCY, "GBP") == money("0")
    with pytest.raises(Conflict):
        report_bounce(session, placement.account_id, placement.id, reference="P-1", on=today(session), actor=OPERATOR)
    assert check_books(session) == []


@pytest.mark.parametrize(
    ("reference", "amount", "days_ago", "field"),
    [
        ("", "10", 0, "reference"),
        ("P", "0", 0, "amount"),
        ("P", "1200.01", 0, "amount"),
        ("P", "10", -1, "received_on"),
        ("P", "10", 1, "received_on"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    session: Session, reference: str, amount: str, days_ago: int, field: str
) -> None:
    placement = a_placement(session)
    told = Collected(reference, money(amount), today(session) - timedelta(days=days_ago))

    with pytest.raises(Invalid) as refused:
        report_collection(session, placement.account_id, placement.id, told, actor=OPERATOR)

    assert refused.value.field == field
    assert session.query(Payment).count() == 0


def test_a_bounce_of_what_was_never_told_is_refused(session: Session) -> None:
    placement = a_placement(session)

    with pytest.raises(Invalid):
        report_bounce(session, placement.account_id, placement.id, reference="X", on=today(session), actor=OPERATOR)
    assert all(invoice.open == invoice.amount for invoice in session.query(Invoice))
