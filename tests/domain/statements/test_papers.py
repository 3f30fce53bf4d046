"""Papers: what invoices, credit notes, receipts and statements say, and that nobody gets another's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from adapters.pdf.typst import TypstRenderer
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.issuing import NewLine, issue, void
from domain.processing.extending import extend
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import NotFound
from domain.shared.words import Words
from domain.staff.model import Role
from domain.statements import papers
from domain.statements.queries import statement
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.renderers import MemoryRenderer
from web.localisation import localisation


@pytest.fixture(scope="module")
def typst() -> TypstRenderer:
    """The real renderer."""
    return TypstRenderer(lambda language: localisation(language, "Europe/London"))


def test_an_invoice_says_its_lines_its_tax_and_when_to_pay(db: Database) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120.00", tax="20.00", issued_on=date(2026, 3, 2))

        printed = papers.print_invoice(session, renderer, account.id, invoice.id)

    assert printed.filename == f"{invoice.number}.pdf"
    assert (renderer.last["net"], renderer.last["tax"], renderer.last["amount"]) == (
        money("100.00"),
        money("20.00"),
        money("120.00"),
    )
    assert (renderer.last["due_on"], renderer.last["void"]) == (date(2026, 4, 1), False)


def test_an_invoice_reads_the_same_after_it_was_paid(db: Database, typst: TypstRenderer) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120.00", issued_on=date(2026, 3, 2))
        before = papers.print_invoice(session, typst, account.id, invoice.id)
        a_receipt(session, account, "120.00", date(2026, 3, 5), invoice)

        after = papers.print_invoice(session, typst, account.id, invoice.id)

    assert after == before


def test_an_invoice_reads_the_same_after_a_later_due_day_was_granted(db: Database) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120.00", issued_on=date(2026, 3, 2))
        later = date(2026, 4, 20)
        extend(session, account.id, invoice.id, later, reason="Flooded", role=Role.MANAGER, actor=OPERATOR)

        papers.print_invoice(session, renderer, account.id, invoice.id)

    assert renderer.last["due_on"] == date(2026, 4, 1)


def test_an_invoice_says_when_it_was_delivered_and_the_rate_of_its_tax(db: Database, typst: TypstRenderer) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account = an_account(session)
        lines = [NewLine("Cups", money("100"), money("20")), NewLine("Bread", money("50"), money("0"))]
        invoice = issue(session, account, lines, actor=OPERATOR, delivered_on=date(2026, 3, 1))

        papers.print_invoice(session, renderer, account.id, invoice.id)
        printed = papers.print_invoice(session, typst, account.id, invoice.id)

    assert renderer.last["delivered_on"] == date(2026, 3, 1)
    printed_lines = renderer.last["lines"]
    assert isinstance(printed_lines, list)
    assert [line["rate"] for line in printed_lines] == [Decimal(20), Decimal(0)]
    assert printed.content.startswith(b"%PDF-")


def test_an_invoice_that_was_withdrawn_says_so(db: Database, typst: TypstRenderer) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120.00", issued_on=date(2026, 3, 2))
        void(session, invoice, why="Sent to the wrong customer", actor=OPERATOR)

        papers.print_invoice(session, renderer, account.id, invoice.id)
        printed = papers.print_invoice(session, typst, account.id, invoice.id, language="es")

    assert renderer.last["void"] is True
    assert printed.content.startswith(b"%PDF-")


def test_a_credit_note_names_its_invoice_and_its_reason(db: Database, typst: TypstRenderer) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120.00", tax="20.00", issued_on=date(2026, 3, 2))
        note = issue_credit_note(session, account, invoice, money("60.00"), reason="Torn sacks", actor=OPERATOR)

        papers.print_credit_note(session, renderer, account.id, note.id)
        printed = papers.print_credit_note(session, typst, account.id, note.id)

    assert (renderer.last["invoice"], renderer.last["reason"]) == (invoice.number, "Torn sacks")
    assert (renderer.last["net"], renderer.last["tax"]) == (money("50.00"), money("10.00"))
    assert printed.content.startswith(b"%PDF-")


def test_a_receipt_says_what_was_settled_and_what_became_credit(db: Database, typst: TypstRenderer) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100.00", issued_on=date(2026, 3, 2))
        payment = a_receipt(session, account, "120.00", date(2026, 3, 5), invoice)

        papers.print_receipt(session, renderer, account.id, payment.public_id)
        printed = papers.print_receipt(session, typst, account.id, payment.public_id)

    assert renderer.last["settled"] == [{"number": invoice.number, "amount": money("100.00")}]
    assert renderer.last["credit"] == money("20.00")
    assert printed.filename == f"{payment.public_id}.pdf"


@pytest.mark.parametrize(
    ("owed", "paid", "label", "amount"),
    [
        ("100.00", "40.00", "you_owe", "60.00"),
        ("10.00", "40.00", "in_credit", "30.00"),
        ("9.00", "9.00", "nothing_owed", "0"),
    ],
)
def test_a_statement_begins_with_how_things_stand(
    db: Database, typst: TypstRenderer, owed: str, paid: str, label: str, amount: str
) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, owed, issued_on=date(2026, 3, 2))
        a_receipt(session, account, paid, date(2026, 3, 5))
        view = statement(session, account.id, date(2026, 3, 1), date(2026, 3, 31))

        papers.print_statement(session, renderer, account, view)
        printed = papers.print_statement(session, typst, account, view, language="es")

    assert renderer.last["headline"] == {
        "label": label,
        "amount": money(amount),
        "late": None,
        "agreed": None,
        "disputed": None,
    }
    assert printed.filename == f"Statement {account.number} 2026-03-01 2026-03-31.pdf"


def test_nobody_gets_the_papers_of_another_account(db: Database) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        invoice = an_invoice(session, account, "100.00", issued_on=date(2026, 3, 2))
        payment = a_receipt(session, account, "120.00", date(2026, 3, 5), invoice)
        note = issue_credit_note(session, account, invoice, money("1.00"), reason="Torn", actor=OPERATOR)

        with pytest.raises(NotFound):
            papers.print_invoice(session, renderer, other.id, invoice.id)
        with pytest.raises(NotFound):
            papers.print_receipt(session, renderer, other.id, payment.public_id)
        with pytest.raises(NotFound):
            papers.print_credit_note(session, renderer, other.id, note.id)

    assert renderer.printed == []


def test_a_statement_names_who_acts_for_us_and_on_what(db: Database) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        placed(session, account, a_partner(session, name="Fair Recovery and Sons Ltd", phone="+44 20 7946 0991"))
        day = today(session)

        papers.print_statement(session, renderer, account, statement(session, account.id, day, day))

    assert renderer.last["acting"] == [
        {
            "name": "Fair Recovery and Sons Ltd",
            "kind": Words.of("Collection agency"),
            "since": day,
            "numbers": invoice.number,
            "reach": ["in@fair.example", "+44 20 7946 0991"],
            "open": money("1200"),
        }
    ]
