"""Remittances: held against the card, booked once at the bank, and what is missing is put right or accepted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.placements.model import Partner, Remits
from domain.processing.checks import check_books
from domain.processing.placing.collecting import report_bounce
from domain.remittances.costs import accept_cost
from domain.remittances.invoicing import Invoiced, accept_invoice_difference, invoice_corrected, record_invoice
from domain.remittances.model import Difference, PaidFrom, Remittance, RemittanceStatus
from domain.remittances.paying import pay_partner
from domain.remittances.remitting import (
    Line,
    Told,
    accept_difference,
    bank_remittance,
    tell_remittance,
    withdraw_remittance,
)
from domain.remittances.statement import standing, statement
from domain.shared.actor import OPERATOR
from domain.shared.db.session import now, today
from domain.shared.errors import Conflict, Invalid
from tests.support.builders import money
from tests.support.remitting import a_cost, a_placement, collected, invoiced, remitted

BOOKS = (
    LedgerAccount.BANK,
    LedgerAccount.AGENCY_COMMISSION,
    LedgerAccount.INPUT_TAX,
    LedgerAccount.DUE_FROM_AGENCY,
    LedgerAccount.AGENCY_PAYABLE,
)


def books(session: Session) -> list[Decimal]:
    """What stands at the bank, as commission, as its tax, due from agencies, payable to them."""
    return [balance_of(session, account, "GBP").decimal for account in BOOKS]


def banked(session: Session, remittance: Remittance) -> Remittance:
    return bank_remittance(session, remittance.id, today(session), actor=OPERATOR)


def test_a_net_remittance_by_the_card_is_booked_when_its_money_is_there(session: Session) -> None:
    placement = a_placement(session)
    told = remitted(session, collected(session, placement, "120"))
    assert books(session) == [0, 0, 0, 120, 0]

    banked(session, told)

    assert books(session) == [84, 30, 6, 0, 0]
    assert told.difference is Difference.NONE
    assert check_books(session) == []


def test_what_a_partner_kept_too_much_stays_due_until_it_puts_it_right(session: Session) -> None:
    placement = a_placement(session)
    first = banked(session, remitted(session, collected(session, placement, "120"), kept="35"))
    assert (first.difference, first.missing) == (Difference.OPEN, money("5"))
    assert books(session) == [79, 30, 6, 5, 0]

    later = collected(session, placement, "120", "P-2")
    lines = [
        Line(later.amount, later.commission, later.tax, collection_id=later.id),
        Line(money("5"), money("0"), money("0"), corrects_id=first.id),
    ]
    told = Told("R-2", "GBP", today(session), money("89"), lines)
    banked(session, tell_remittance(session, placement.partner_id, told, actor=OPERATOR))

    assert first.difference is Difference.MADE_GOOD
    assert books(session) == [168, 60, 12, 0, 0]
    assert check_books(session) == []


def test_a_difference_that_is_accepted_becomes_commission(session: Session) -> None:
    placement = a_placement(session)
    first = banked(session, remitted(session, collected(session, placement, "120"), kept="35"))

    accept_difference(session, first.id, why="A visit that we had asked for.", actor=OPERATOR)

    assert books(session) == [79, 35, 6, 0, 0]
    with pytest.raises(Conflict):
        accept_difference(session, first.id, why="Again.", actor=OPERATOR)
    assert check_books(session) == []


def test_too_much_paid_over_is_a_difference_the_other_way(session: Session) -> None:
    placement = a_placement(session)

    first = banked(session, remitted(session, collected(session, placement, "120"), kept="20"))

    assert first.missing == money("-10")
    accept_difference(session, first.id, why="They are generous.", actor=OPERATOR)
    assert books(session) == [94, 20, 6, 0, 0]
    assert check_books(session) == []


def test_a_collection_that_bounced_after_it_was_remitted_is_set_off_in_the_next(session: Session) -> None:
    placement = a_placement(session)
    banked(session, remitted(session, collected(session, placement, "120")))
    back = report_bounce(
        session, placement.account_id, placement.id, reference="P-1", on=today(session), actor=OPERATOR
    )
    assert books(session) == [84, 30, 6, -120, 0]
    other = collected(session, placement, "400", "P-2")

    banked(session, remitted(session, back, other, reference="R-2"))

    assert books(session) == [280, 100, 20, 0, 0]
    assert check_books(session) == []


def test_what_comes_to_less_than_nothing_waits(session: Session) -> None:
    placement = a_placement(session)
    banked(session, remitted(session, collected(session, placement, "120")))
    back = report_bounce(
        session, placement.account_id, placement.id, reference="P-1", on=today(session), actor=OPERATOR
    )

    with pytest.raises(Invalid):
        remitted(session, back, reference="R-2")


def test_a_collection_is_remitted_once_and_again_after_it_was_withdrawn(session: Session) -> None:
    placement = a_placement(session)
    row = collected(session, placement, "120")
    first = remitted(session, row)
    assert remitted(session, row).id == first.id
    with pytest.raises(Conflict):
        remitted(session, row, reference="R-2")

    withdraw_remittance(session, first.id, why="It was for another month.", actor=OPERATOR)
    second = remitted(session, row, reference="R-1")

    assert (first.status, second.status) == (RemittanceStatus.WITHDRAWN, RemittanceStatus.TOLD)
    assert books(session) == [0, 0, 0, 120, 0]


def test_lines_have_to_come_to_what_is_paid_and_to_what_was_told(session: Session) -> None:
    placement = a_placement(session)
    row = collected(session, placement, "120")
    whole = Line(row.amount, row.commission, row.tax, collection_id=row.id)
    other = Line(money("119"), row.commission, row.tax, collection_id=row.id)

    for lines, paid, field in (([whole], "85", "paid"), ([other], "83", "line-0"), ([], "0", "lines")):
        told = Told("R-1", "GBP", today(session), money(paid), lines)
        with pytest.raises(Invalid) as refused:
            tell_remittance(session, placement.partner_id, told, actor=OPERATOR)
        assert refused.value.field == field


def test_no_partner_remits_what_another_collected(session: Session) -> None:
    ours, theirs = a_placement(session), a_placement(session)
    row = collected(session, theirs, "120")
    told = Told("R", "GBP", today(session), money("84"), [Line(row.amount, row.commission, row.tax, row.id)])

    with pytest.raises(Invalid):
        tell_remittance(session, ours.partner_id, told, actor=OPERATOR)


def test_a_gross_remittance_brings_all_and_its_commission_is_invoiced_and_paid(session: Session) -> None:
    placement = a_placement(session)
    session.get_one(Partner, placement.partner_id).remits = Remits.GROSS
    row = collected(session, placement, "120")
    told = Told("R", "GBP", today(session), money("120"), [Line(row.amount, row.commission, row.tax, row.id)])
    banked(session, tell_remittance(session, placement.partner_id, told, actor=OPERATOR))
    assert books(session) == [120, 0, 0, 0, 0]

    asked = invoiced(session, placement, row)
    assert books(session) == [120, 30, 6, 0, -36]
    assert (asked.difference, asked.difference_minor) == (Difference.OPEN, 1_00)

    accept_invoice_difference(session, asked.id, why="Postage.", actor=OPERATOR)
    pay_partner(session, placement.partner_id, money("37"), today(session), PaidFrom.BANK, actor=OPERATOR)
    assert books(session) == [83, 31, 6, 0, 0]
    assert check_books(session) == []


def test_an_invoice_that_the_partner_corrects_is_owed_by_the_card_alone(session: Session) -> None:
    placement = a_placement(session)
    asked = invoiced(session, placement, collected(session, placement, "120"))

    invoice_corrected(session, asked.id, why="They sent a credit note.", actor=OPERATOR)

    assert standing(session, placement.partner_id)["GBP"].payable == money("36")
    assert check_books(session) == []


def test_commission_that_a_partner_keeps_is_never_invoiced_too(session: Session) -> None:
    placement = a_placement(session)
    row = collected(session, placement, "120")
    asked = Invoiced("I", "GBP", today(session), [row.id], row.commission, row.tax)

    with pytest.raises(Conflict):
        record_invoice(session, placement.partner_id, asked, actor=OPERATOR)


def test_commission_that_was_invoiced_is_not_kept_too_where_another_way_is_agreed_meanwhile(session: Session) -> None:
    placement = a_placement(session)
    partner = session.get_one(Partner, placement.partner_id)
    row = collected(session, placement, "120")
    invoiced(session, placement, row)
    partner.remits = Remits.NET
    with pytest.raises(Conflict):
        remitted(session, row)

    partner.remits = Remits.GROSS
    told = Told("R", "GBP", today(session), money("120"), [Line(row.amount, row.commission, row.tax, row.id)])
    banked(session, tell_remittance(session, placement.partner_id, told, actor=OPERATOR))

    assert books(session) == [120, 30, 6, 0, -36]
    assert check_books(session) == []


def test_commission_on_what_came_in_full_is_invoiced_where_the_partner_keeps_it_by_now(session: Session) -> None:
    placement = a_placement(session)
    partner = session.get_one(Partner, placement.partner_id)
    partner.remits = Remits.GROSS
    row = collected(session, placement, "120")
    told = Told("R", "GBP", today(session), money("120"), [Line(row.amount, row.commission, row.tax, row.id)])
    banked(session, tell_remittance(session, placement.partner_id, told, actor=OPERATOR))
    partner.remits = Remits.NET

    asked = Invoiced("I", "GBP", today(session), [row.id], row.commission, row.tax)
    record_invoice(session, placement.partner_id, asked, actor=OPERATOR)

    assert books(session) == [120, 30, 6, 0, -36]
    assert check_books(session) == []


def test_no_more_is_paid_than_is_payable_and_set_off_than_is_due(session: Session) -> None:
    placement = a_placement(session)
    accept_cost(session, a_cost(session, placement, "25").id, actor=OPERATOR)
    collected(session, placement, "10")

    with pytest.raises(Invalid):
        pay_partner(session, placement.partner_id, money("26"), today(session), PaidFrom.BANK, actor=OPERATOR)
    with pytest.raises(Invalid):
        pay_partner(session, placement.partner_id, money("11"), today(session), PaidFrom.DUE, actor=OPERATOR)
    pay_partner(session, placement.partner_id, money("10"), today(session), PaidFrom.DUE, actor=OPERATOR)

    stand = standing(session, placement.partner_id)["GBP"]
    assert (stand.due, stand.payable) == (money("0"), money("15"))
    assert check_books(session) == []


def test_a_statement_opens_where_the_last_one_closed(session: Session) -> None:
    placement = a_placement(session)
    day = today(session)
    placement.sent_at = now(session) - timedelta(days=9)
    collected(session, placement, "120", on=day - timedelta(days=2))
    banked(session, remitted(session, collected(session, placement, "60", "P-2")))

    before = statement(session, placement.partner_id, "GBP", day - timedelta(days=9), day - timedelta(days=1))
    after = statement(session, placement.partner_id, "GBP", day, day)

    assert before.closing == after.opening
    assert after.closing == standing(session, placement.partner_id)["GBP"]
    assert before.closing.due == money("120")
    assert [line.moved.due.decimal for line in after.lines] == [Decimal(60), Decimal(-60)]
