"""Granted discounts: they shrink with what is credited of their invoice, with their tax, and end with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.invoicing.credit_notes import effect, issue_credit_note
from domain.ledger.balances import receivable
from domain.policies.sections import EarlyDiscount, Sections
from domain.processing.money_left import would_uncover
from domain.processing.receipts.returning import return_receipt
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Invalid
from tests.domain.processing.test_discounts import TWO_TEN, a_discounted, ledger, paid
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import open_of
from tests.support.policies import a_policy


@pytest.mark.parametrize("corrects_tax", [True, False])
@pytest.mark.parametrize("parts", [["120"], ["60", "60"], ["0.01", "40", "79.99"]])
def test_a_discount_shrinks_with_what_is_credited_until_nothing_is_left_of_either(
    db: Database, parts: list[str], corrects_tax: bool
) -> None:
    with db.transaction() as session:
        terms = EarlyDiscount(percent=Decimal(2), days=10, corrects_tax=corrects_tax)
        account, invoice = a_discounted(session, terms)
        paid(session, account, invoice, "117.60")

        for part in parts:
            issue_credit_note(session, account, invoice, money(part), reason="Came broken", actor=OPERATOR)

        assert ledger(session) == [money("0"), money("0")]
        assert receivable(session, account.id) == money("-117.60")
        assert open_of(session, invoice) == [money("0")]
        with pytest.raises(Invalid):
            issue_credit_note(session, account, invoice, money("0.01"), reason="Once more", actor=OPERATOR)


def test_half_of_the_goods_given_back_leaves_half_of_the_discount(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        paid(session, account, invoice, "117.60")

        foreseen = effect(session, invoice, money("60"), reason="Half came broken")
        issue_credit_note(session, account, invoice, money("60"), reason="Half came broken", actor=OPERATOR)

        assert (foreseen.discount_back, foreseen.becomes_credit) == (money("1.20"), money("58.80"))
        assert (foreseen.tax, foreseen.stays_open) == (money("10"), money("0"))
        assert receivable(session, account.id) == money("-58.80")
        assert ledger(session) == [money("1.00"), money("-9.80")]


def test_what_is_open_is_credited_first_and_keeps_the_discount_on_the_part_that_was_paid(db: Database) -> None:
    with db.transaction() as session:
        terms = EarlyDiscount(percent=Decimal(2), days=10, shares=True)
        account, invoice = a_discounted(session, terms)
        paid(session, account, invoice, "58.80")

        backs = []
        for part in ("60", "30"):
            backs.append(effect(session, invoice, money(part), reason="Came broken").discount_back)
            issue_credit_note(session, account, invoice, money(part), reason="Came broken", actor=OPERATOR)

        assert backs == [money("0"), money("0.60")]
        assert receivable(session, account.id) == money("-29.40")


def test_a_returned_cheque_takes_along_what_is_left_of_its_discount(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        cheque = paid(session, account, invoice, "117.60")
        issue_credit_note(session, account, invoice, money("60"), reason="Half came broken", actor=OPERATOR)

        foreseen = would_uncover(session, cheque, cheque.amount)
        return_receipt(session, cheque, today(session), reason="No funds", actor=OPERATOR)

        assert [each.amount for each in foreseen] == [money("118.80")]
        assert receivable(session, account.id) == money("60")
        assert ledger(session) == [money("0"), money("-10.00")]


def test_credit_notes_end_at_the_issued_tax_where_a_discount_fell_in_between(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(early_discount=TWO_TEN))
        account = an_account(session)
        invoice = an_invoice(session, account, "100.03", tax="16.67")
        cheque = paid(session, account, invoice, "98.03")

        issue_credit_note(session, account, invoice, money("0.05"), reason="Rounded", actor=OPERATOR)
        return_receipt(session, cheque, today(session), reason="No funds", actor=OPERATOR)
        issue_credit_note(session, account, invoice, money("99.98"), reason="Came broken", actor=OPERATOR)

        assert ledger(session) == [money("0"), money("0")]
