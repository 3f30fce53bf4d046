"""Letters: the quittance says what was owed, paid and forgiven, and on what it stands; there is one for each time."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from adapters.pdf.typst import TypstRenderer
from domain.documents.storage import Store
from domain.processing.settling import letters
from domain.processing.settling.letters import ToPrint, due, file_letter
from domain.receivables import queries as receivables
from domain.settlements.model import Concession
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.statements.papers import print_concession_note
from domain.statements.story import story_of
from tests.support.builders import money
from tests.support.credit import a_cheque
from tests.support.outside import MemoryStore
from tests.support.renderers import MemoryRenderer
from tests.support.settling import an_accepted_offer
from web.localisation import localisation


@pytest.fixture(scope="module")
def typst() -> TypstRenderer:
    """The real renderer."""
    return TypstRenderer(lambda language: localisation(language, "Europe/London"))


def paid_off(db: Database) -> tuple[int, int, int]:
    """The ids of an account, its invoice of 120 with 20 tax, and the offer by which it was settled for 90."""
    with db.transaction() as session:
        account, _, (invoice,), made = an_accepted_offer(session, "120", pays="90", tax="20")
        a_cheque(session, account, "90", wanted={invoice.id: money("90")})
        return account.id, invoice.id, made.id


def rows_of(found: ToPrint) -> list[dict[str, object]]:
    """Its lines."""
    rows = found.paper["rows"]
    assert isinstance(rows, list)
    return rows


def test_it_waits_as_the_terms_say_and_then_says_it_all(
    db: Database, clock: MovableClock, typst: TypstRenderer
) -> None:
    account_id, _, offer_id = paid_off(db)
    with db.reading() as session:
        early = due(session, account_id, offer_id)
    clock.advance(days=3)

    with db.reading() as session:
        found = due(session, account_id, offer_id)

    assert early is None
    assert found is not None
    [row] = rows_of(found)
    assert [row[name] for name in ("owed", "paid", "forgiven")] == [money("120"), money("90"), money("30")]
    assert "stands unless a payment" in str(found.paper["reservation"])
    assert typst.render(letters.TEMPLATE, found.paper, found.language).startswith(b"%PDF-")


def test_one_is_filed_each_time(db: Database, clock: MovableClock) -> None:
    account_id, _, offer_id = paid_off(db)
    clock.advance(days=3)
    store: Store = MemoryStore()

    with db.transaction() as session:
        first = file_letter(session, store, account_id, offer_id, b"%PDF", actor=WORKER)
        second = file_letter(session, store, account_id, offer_id, b"%PDF", actor=WORKER)

    assert (first, second) == (True, False)


def test_the_invoice_tells_what_was_given_up_and_has_its_credit_note(db: Database) -> None:
    account_id, invoice_id, _ = paid_off(db)
    renderer = MemoryRenderer()

    with db.reading() as session:
        steps = story_of(session, receivables.invoice(session, account_id, invoice_id))
        concession = session.scalars(select(Concession)).one()
        printed = print_concession_note(session, renderer, account_id, concession.id)

    assert str(steps[-1].words) == f"Given up to settle it, credit note {concession.number}"
    assert printed.filename == f"{concession.number}.pdf"
    assert [renderer.last[name] for name in ("net", "tax", "amount")] == [money("25"), money("5"), money("30")]
