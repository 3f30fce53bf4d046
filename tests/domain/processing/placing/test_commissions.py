"""What customers pay to us while a partner has the debt: its commission accrues, and falls with the payment."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing.credit_notes import issue_credit_note
from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.outbox.model import OutboxMessage
from domain.payments.model import PaymentMethod
from domain.placements import ending
from domain.placements.model import Placement
from domain.processing.checks import check_books
from domain.processing.placing import commissions
from domain.processing.receipts.recording import Slip, record_receipt
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import Invoice
from domain.remittances import collections
from domain.remittances.messages import TellPartnerOfPayment
from domain.remittances.model import PlacedCollection, Way
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.support.builders import money
from tests.support.remitting import a_placement


def rows(session: Session) -> list[tuple[str, Decimal, Decimal]]:
    """What is counted: the way, the amount and the commission."""
    found = session.scalars(select(PlacedCollection).order_by(PlacedCollection.id))
    return [(row.way, row.amount.decimal, row.commission.decimal) for row in found]


def accrued(session: Session) -> Decimal:
    """What the books have accrued for partners."""
    return -balance_of(session, LedgerAccount.COMMISSION_ACCRUED, "GBP").decimal


def pay(session: Session, placement: Placement, amount: str) -> object:
    slip = Slip(PaymentMethod.TRANSFER, money(amount), today(session))
    return record_receipt(session, placement.account_id, slip, actor=OPERATOR)


def test_a_payment_to_us_accrues_the_commission_and_the_partner_is_told(session: Session) -> None:
    placement = a_placement(session, "1200")

    pay(session, placement, "400")

    assert rows(session) == [(Way.DIRECT, Decimal("400.00"), Decimal("100.00"))]
    assert accrued(session) == Decimal("100.00")
    told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == TellPartnerOfPayment.kind)).all()
    assert len(told) == 1
    assert check_books(session) == []


def test_a_payment_that_goes_back_takes_its_commission_with_it(session: Session) -> None:
    placement = a_placement(session, "1200")
    payment = pay(session, placement, "1200")

    return_receipt(session, payment, today(session), reason="bounced", actor=OPERATOR)  # type: ignore[arg-type]

    assert rows(session)[1:] == [(Way.DIRECT, Decimal("-1200.00"), Decimal("-300.00"))]
    assert accrued(session) == 0
    assert check_books(session) == []


def test_a_payment_that_goes_back_in_parts_leaves_no_penny_of_its_commission(session: Session) -> None:
    placement = a_placement(session, "1200")
    pay(session, placement, "0.10")
    [row] = session.scalars(select(PlacedCollection))

    for _ in range(2):
        collections.add(
            session,
            placement,
            row.payment_id,
            money("-0.05"),
            way=Way.DIRECT,
            rate_bp=2500,
            tax_percent=Decimal(20),
            received_on=today(session),
            reverses=row,
        )

    assert [each[2] for each in rows(session)] == [Decimal("0.03"), Decimal("-0.01"), Decimal("-0.02")]
    assert sum(each.tax_minor for each in session.scalars(select(PlacedCollection))) == 0
    assert accrued(session) == 0


def test_credit_notes_bear_no_commission(session: Session) -> None:
    placement = a_placement(session, "1200")

    account, invoice = session.get_one(Account, placement.account_id), session.scalars(select(Invoice)).one()
    issue_credit_note(session, account, invoice, money("200"), reason="Damaged", actor=OPERATOR)

    assert rows(session) == []
    assert commissions.follow_account(session, placement.account_id, None) == 0


def test_what_comes_after_a_recall_bears_none_and_what_came_before_keeps_its_own(session: Session) -> None:
    placement = a_placement(session, "1200")
    before = pay(session, placement, "400")
    ending.recall(session, placement.account_id, placement.id, why="We do it ourselves.", actor=OPERATOR)

    pay(session, placement, "100")
    return_receipt(session, before, today(session), reason="bounced", actor=OPERATOR)  # type: ignore[arg-type]

    assert [row[1] for row in rows(session)] == [Decimal("400.00"), Decimal("-400.00")]
    assert accrued(session) == 0
    assert check_books(session) == []


def test_following_twice_adds_nothing(session: Session) -> None:
    placement = a_placement(session, "1200")
    pay(session, placement, "400")

    assert commissions.follow_account(session, placement.account_id, None) == 0
