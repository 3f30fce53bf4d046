"""Wording: every movement has words that a customer understands, and what was undone says so."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from sqlalchemy import select

from domain.accounts.model import Account
from domain.importing.undoing import undo
from domain.ledger.posting import EntryKind
from domain.payments.snapshots import RefundState
from domain.processing.refunds import asking
from domain.receivables.model import InvoiceKind
from domain.receivables.queries import invoice
from domain.refunds.model import Refund
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.staff.model import Role
from domain.statements.queries import statement
from domain.statements.story import story_of
from domain.statements.wording import MOST_AT_ONCE, say
from tests.support.builders import an_account, an_invoice
from tests.support.importing import a_csv, a_row, booked
from tests.support.refunding import MANAGER, ask, paid, report


def test_an_import_that_was_undone_is_seen_as_withdrawn_on_the_same_days(db: Database) -> None:
    batch = booked(db, a_csv(a_row(paid="2026-02-01")))

    with db.transaction() as session:
        undo(session, batch.id, actor=OPERATOR)
        account_id = session.scalars(select(Account.id)).one()
        found = statement(session, account_id, date(2026, 1, 1), date(2026, 3, 16))

    assert [(movement.on, str(movement.words)) for movement in found.movements] == [
        (date(2026, 1, 5), "Invoice 1001, due 2026-02-04"),
        (date(2026, 1, 5), "Invoice 1001 withdrawn"),
        (date(2026, 2, 1), "Payment"),
        (date(2026, 2, 1), "Payment withdrawn"),
    ]
    assert not found.closing


def test_a_debit_note_is_called_a_late_charge(db: Database) -> None:
    with db.transaction() as session:
        invoice = an_invoice(session, an_account(session), "5.00", issued_on=date(2026, 3, 1), number="DN-1")
        invoice.kind = InvoiceKind.DEBIT_NOTE
        session.flush()

        [said] = say(session, [a_movement(EntryKind.DEBIT_NOTE, f"invoice:{invoice.id}")])

    assert str(said.words) == "Late charge DN-1, due 2026-03-31"


def test_what_has_no_paper_is_a_correction(db: Database) -> None:
    with db.reading() as session:
        sources = ("line:7", "payment:none", "invoice:404")
        said = say(session, [a_movement(EntryKind.SETTLEMENT, source) for source in sources])

    assert [(str(each.words), each.subject) for each in said] == [("Correction", None)] * 3


def test_more_movements_than_a_query_takes_values_are_all_said(db: Database) -> None:
    movements = [a_movement(EntryKind.INVOICE_ISSUED, f"invoice:{key}") for key in range(MOST_AT_ONCE * 2 + 1)]

    with db.reading() as session:
        assert len(say(session, movements)) == len(movements)


def a_movement(kind: EntryKind, source: str) -> SimpleNamespace:
    """A movement of the ledger as far as its words go."""
    return SimpleNamespace(kind=kind.value, source=source)


def test_a_refund_is_told_on_the_statement_and_on_the_invoices_story(db: Database) -> None:
    given = paid(db, "120")
    refund = ask(db, given, "50")
    report(db, refund, "50", RefundState.FAILED)

    with db.reading() as session:
        found = statement(session, given.account_id, date(2026, 3, 1), date(2026, 3, 31))
        steps = story_of(session, invoice(session, given.account_id, given.debt.invoices[0]))

    assert [str(movement.words) for movement in found.movements][-2:] == [
        "Refund of payment RCT-000001, which did not arrive",
        "Refund came back",
    ]
    assert {movement.subject.key for movement in found.movements[-2:] if movement.subject} == {given.public_id}
    assert {"Refund that did not arrive", "Refund came back"} <= {str(step.words) for step in steps}


def test_a_refund_is_called_by_how_far_it_is(db: Database) -> None:
    given = paid(db, "900")
    told: list[tuple[str, str]] = []

    def tell() -> None:
        with db.reading() as session:
            found = statement(session, given.account_id, date(2026, 3, 1), date(2026, 3, 31))
            steps = story_of(session, invoice(session, given.account_id, given.debt.invoices[0]))
        told.append((str(found.movements[-1].words), str(steps[-1].words)))

    refund = ask(db, given, "300", role=Role.COLLECTOR)
    tell()
    with db.transaction() as session:
        asking.approve(session, session.get_one(Refund, refund.id), role=Role.MANAGER, actor=MANAGER)
    tell()
    report(db, refund, "300", RefundState.PENDING)
    tell()
    report(db, refund, "300")
    tell()

    assert told == [
        ("Set aside for a refund of payment RCT-000001", "Set aside for a refund"),
        ("Refund of payment RCT-000001, being prepared", "Refund being prepared"),
        ("Refund of payment RCT-000001, on its way", "Refund on its way"),
        ("Refund of payment RCT-000001", "Refund"),
    ]


def test_a_refund_that_was_refused_was_not_made(db: Database) -> None:
    given = paid(db, "900")
    refund = ask(db, given, "300", role=Role.COLLECTOR)
    with db.transaction() as session:
        row = session.get_one(Refund, refund.id)
        asking.refuse(session, row, why="Theirs", role=Role.MANAGER, actor=MANAGER)

    with db.reading() as session:
        found = statement(session, given.account_id, date(2026, 3, 1), date(2026, 3, 31))

    assert [str(movement.words) for movement in found.movements][-2:] == [
        "Set aside for a refund of payment RCT-000001",
        "Refund not made: credited again",
    ]
