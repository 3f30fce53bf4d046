"""Told transfers at the bank: the line is booked as its payer said, once, and nobody waits for it any more."""

from __future__ import annotations

from domain.advices.queries import open_advices
from domain.advices.telling import tell
from domain.banking import queries
from domain.banking.suggestions import Confidence
from domain.processing.bank.suggesting import accept_all, key_of, suggestions, sure_ones
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from tests.support.bank_files import a_line
from tests.support.banking import CLERK, lines_of
from tests.support.builders import an_account, an_invoice, money


def told(db: Database, name: str, amounts: tuple[str, ...], wanted: tuple[str, ...]) -> list[int]:
    """A customer who owes these amounts and has told us what their transfer is for; the invoices' ids."""
    with db.transaction() as session:
        account = an_account(session, name=name)
        invoices = [an_invoice(session, account, amount).id for amount in amounts]
        lines = {one: money(part) for one, part in zip(invoices, wanted, strict=True)}
        tell(session, account.id, lines, expected_on=today(session), actor=OPERATOR)
        return invoices


def test_it_is_sure_booked_as_told_and_closes_what_was_told(committed_db: Database) -> None:
    db = committed_db
    first, second = told(db, "Nordwind GmbH", ("80", "50"), ("80", "20"))
    told(db, "Acme Trading Ltd", ("100",), ("100",))
    line = lines_of(db, a_line("100.00", "thank you", currency="GBP", name="Nordwind", account=""))[0]

    with db.reading() as session:
        sure = sure_ones(session)
    done = accept_all(db, {row.id: key_of(each) for row, each in sure}, actor=CLERK)

    assert (done.booked, done.refused) == ((line,), ())
    with db.reading() as session:
        left = [session.get_one(Invoice, each).open for each in (first, second)]
        waiting = [each.numbers for each in open_advices(session)]
    assert left == [money("0"), money("30")]
    assert len(waiting) == 1


def test_a_line_that_comes_again_settles_nothing_as_told(db: Database) -> None:
    told(db, "Nordwind GmbH", ("80", "50"), ("80", "20"))
    lines = lines_of(
        db, *(a_line("100.00", text, currency="GBP", name="Nordwind", account="") for text in ("first", "second"))
    )
    with db.reading() as session:
        found = suggestions(session, [queries.line(session, each) for each in lines])
    sure = {each: key_of(found[each][0]) for each in lines if found[each][0].confidence is Confidence.SURE}

    accept_all(db, sure, actor=CLERK)

    with db.reading() as session:
        later = suggestions(session, [queries.line(session, lines[1])])[lines[1]]
    assert list(sure) == lines[:1]
    assert all(each.confidence is not Confidence.SURE for each in later)
