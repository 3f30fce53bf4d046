"""Early discounts on papers: invoices offer them, credit notes correct their tax, receipts and statements name them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.pdf.typst import TypstRenderer
from domain.accounts.model import Account
from domain.invoicing.model import EarlyDiscount as Granted
from domain.payments.model import Payment
from domain.policies.sections import EarlyDiscount, Sections
from domain.processing.receipts.returning import return_receipt
from domain.receivables import queries
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import NotFound
from domain.statements import papers
from domain.statements.queries import statement
from domain.statements.receipts import receipt
from domain.statements.story import story_of
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.policies import a_policy
from tests.support.renderers import MemoryRenderer
from web.localisation import localisation


def paid_early(session: Session, *, corrects_tax: bool = True) -> tuple[Account, Invoice, Payment]:
    """An invoice of 120 that 117.60 has settled within ten days."""
    a_policy(session, Sections(early_discount=EarlyDiscount(percent=Decimal(2), days=10, corrects_tax=corrects_tax)))
    account = an_account(session)
    invoice = an_invoice(session, account, "120", tax="20", number="INV-1")
    return account, invoice, a_cheque(session, account, "117.60", wanted={invoice.id: money("117.60")})


@pytest.fixture(scope="module")
def typst() -> TypstRenderer:
    """The real renderer."""
    return TypstRenderer(lambda language: localisation(language, "Europe/London"))


def test_the_invoice_says_what_is_enough_and_until_when_before_and_after_it_was_paid(
    db: Database, typst: TypstRenderer
) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account, invoice, _ = paid_early(session)

        papers.print_invoice(session, renderer, account.id, invoice.id)
        printed = papers.print_invoice(session, typst, account.id, invoice.id)

    assert renderer.last["early"] == {"enough": money("117.60"), "until": date(2026, 3, 26), "saves": money("2.40")}
    assert printed.content.startswith(b"%PDF-")


def test_the_tax_within_a_discount_has_a_credit_note_to_keep(db: Database, typst: TypstRenderer) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account, invoice, _ = paid_early(session)
        granted = session.scalars(select(Granted)).one()

        printed = papers.print_discount_note(session, typst, account.id, granted.id)
        papers.print_discount_note(session, renderer, account.id, granted.id)

    assert printed.filename == f"{granted.number}.pdf"
    assert renderer.last["invoice"] == invoice.number
    assert [renderer.last[name] for name in ("net", "tax", "amount")] == [money("2.00"), money("0.40"), money("2.40")]


@pytest.mark.parametrize("corrects_tax", [True, False])
def test_a_credit_note_of_a_discount_is_for_its_own_account_and_where_tax_is_corrected(
    db: Database, *, corrects_tax: bool
) -> None:
    with db.transaction() as session:
        account, _, _ = paid_early(session, corrects_tax=corrects_tax)
        granted = session.scalars(select(Granted)).one()
        reader = an_account(session) if corrects_tax else account

        with pytest.raises(NotFound):
            papers.print_discount_note(session, MemoryRenderer(), reader.id, granted.id)


def test_statement_story_and_receipt_name_the_invoice_and_the_credit_note(db: Database, typst: TypstRenderer) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account, invoice, payment = paid_early(session)
        number = session.scalars(select(Granted)).one().number

        moved = statement(session, account.id, today(session), today(session)).movements[-1]
        story = story_of(session, queries.invoice(session, account.id, invoice.id))
        [earned] = receipt(session, account.id, payment.public_id).earned
        papers.print_receipt(session, renderer, account.id, payment.public_id)
        printed = papers.print_receipt(session, typst, account.id, payment.public_id)

    assert str(moved.words) == f"Early-payment discount on INV-1, credit note {number}"
    assert moved.subject is not None
    assert moved.subject.number == number
    assert str(story[-1].words) == f"Early-payment discount, credit note {number}"
    assert (earned.number, earned.note, earned.amount) == ("INV-1", number, money("2.40"))
    assert renderer.last["earned"] == [{"number": "INV-1", "note": number, "amount": money("2.40")}]
    assert printed.content.startswith(b"%PDF-")


def test_a_discount_that_fell_is_named_by_its_invoice_and_is_on_no_receipt(db: Database) -> None:
    with db.transaction() as session:
        account, _, payment = paid_early(session, corrects_tax=False)
        return_receipt(session, payment, today(session), reason="No funds", actor=OPERATOR)

        words = [str(row.words) for row in statement(session, account.id, today(session), today(session)).movements]

        assert "Early-payment discount on INV-1" in words
        assert "Early-payment discount on INV-1 taken back" in words
        assert receipt(session, account.id, payment.public_id).earned == ()
