"""Late charges on paper: a debit note bears its working, row by row."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from adapters.pdf.typst import TypstRenderer
from domain.policies.sections import Sections
from domain.receivables.model import Invoice
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.statements import papers
from tests.support.builders import money
from tests.support.lateness import DAILY, FORTY, Overdue
from tests.support.renderers import MemoryRenderer
from web.localisation import localisation


def test_a_debit_note_on_paper_says_how_it_is_worked_out(db: Database, clock: MovableClock) -> None:
    renderer = MemoryRenderer()
    typst = TypstRenderer(lambda language: localisation(language, "Europe/London"))
    debt = Overdue(db, clock, Sections(late_interest=DAILY, recovery_cost=FORTY))
    debt.charge(date(2026, 3, 1))
    cost, interest = (charge.debit_note_id for charge in debt.charges)

    with db.reading() as session:
        number = session.get_one(Invoice, debt.invoice_id).number
        papers.print_invoice(session, renderer, debt.account_id, cost)
        papers.print_invoice(session, renderer, debt.account_id, interest)
        papers.print_invoice(session, renderer, debt.account_id, debt.invoice_id)
        printed = [papers.print_invoice(session, typst, debt.account_id, note).content for note in (cost, interest)]

    (_, of_cost, _), (_, of_interest, _), (_, of_invoice, _) = renderer.printed
    assert of_cost["working"] == {
        "invoice": number,
        "principal": money("1000"),
        "due_on": date(2026, 1, 31),
        "rows": [],
        "accrued": money("40"),
        "charged_before": None,
    }
    assert of_interest["working"] == {
        "invoice": number,
        "principal": money("1000"),
        "due_on": date(2026, 1, 31),
        "rows": [
            {
                "first": date(2026, 2, 1),
                "last": date(2026, 3, 1),
                "days": 29,
                "principal": money("1000"),
                "rate": Decimal("36.5"),
                "interest": money("29"),
            }
        ],
        "accrued": money("29"),
        "charged_before": None,
    }
    assert of_invoice["working"] is None
    assert all(content.startswith(b"%PDF-") for content in printed)
