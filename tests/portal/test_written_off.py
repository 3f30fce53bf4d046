"""A customer sees nothing of what is written off in our books, and reads kindly of what is given up for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from domain.accounts.queries import lock
from domain.processing.write_offs import deciding
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import an_invoice
from tests.support.client import Client
from tests.support.writing_off import written_off

PAGES = ("", "/invoices", "/invoices/{invoice}", "/statement", "/pay?invoice={invoice}", "/documents")


def seen(maya: Client, account_id: int, invoice_id: int) -> dict[str, str]:
    """What each page that could show it says."""
    paths = {page: f"/accounts/{account_id}{page.format(invoice=invoice_id)}" for page in PAGES}
    pages = {page: maya.get(path) for page, path in paths.items()}
    assert {page: one.status for page, one in pages.items()} == dict.fromkeys(PAGES, 200)
    return {page: one.words for page, one in pages.items()}


def test_what_is_written_off_in_the_books_changes_no_page_and_can_be_paid(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, _ = portal.account()
    with portal.db.transaction() as session:
        account, day = lock(session, account_id), today(session)
        due_on = day - timedelta(days=200)
        invoice_id = an_invoice(session, account, "120", tax="20", issued_on=due_on, due_on=due_on).id
    maya = sign_in(portal, open_browser())
    before = seen(maya, account_id, invoice_id)

    with portal.db.transaction() as session:
        account = lock(session, account_id)
        write_off_id = written_off(session, account, session.get_one(Invoice, invoice_id)).id

    assert seen(maya, account_id, invoice_id) == before
    assert "£120.00" in before["/pay?invoice={invoice}"]

    with portal.db.transaction() as session:
        deciding.release(session, account_id, write_off_id, why="Secret.", role=Role.MANAGER, actor=OPERATOR)

    invoice = maya.get(f"/accounts/{account_id}/invoices/{invoice_id}")
    statement = maya.get(f"/accounts/{account_id}/statement")
    assert "Given up by us: nothing more is owed" in invoice.words
    assert "Nothing more is owed on" in statement.words
    assert not any("Secret." in page.words or "ritten off" in page.words for page in (invoice, statement))
