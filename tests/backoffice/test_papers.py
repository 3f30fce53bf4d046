"""Papers to take away, and statements that are issued."""

from __future__ import annotations

from sqlalchemy import func, select

from domain.documents.model import Document
from domain.outbox.model import OutboxMessage
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client


def a_debtor(office: Office) -> tuple[int, int]:
    """An account and its open invoice."""
    with office.db.transaction() as session:
        account = an_account(session)
        return account.id, an_invoice(session, account, "120").id


def test_an_invoice_is_downloaded_in_the_customers_language(office: Office, manager: Client) -> None:
    account_id, invoice_id = a_debtor(office)

    paper = manager.get(f"/accounts/{account_id}/invoices/{invoice_id}/pdf")

    assert paper.is_download
    assert paper.response.content.startswith(b"%PDF invoice")


def test_a_statement_is_issued_kept_and_downloaded(office: Office, manager: Client) -> None:
    account_id, _ = a_debtor(office)
    form = manager.get(f"/accounts/{account_id}/documents")

    after = manager.follow(form.submit("Issue", first="2026-03-01", last="2026-03-16"))
    paper = after.follow("ST-000001")

    assert "£120.00" in after.words
    assert paper.is_download
    assert "sandbox" in paper.headers["content-security-policy"]


def test_each_opening_of_a_document_is_written_down(office: Office, manager: Client) -> None:
    account_id, _ = a_debtor(office)
    page = manager.follow(manager.get(f"/accounts/{account_id}/documents").submit("Issue"))

    page.follow("ST-000001")

    with office.db.reading() as session:
        opened = select(func.count()).where(OutboxMessage.kind == "document_opened")
        assert (session.scalar(opened), session.scalar(select(func.count(Document.id)))) == (1, 1)


def test_a_period_that_cannot_be_is_refused_and_kept(office: Office, manager: Client) -> None:
    account_id, _ = a_debtor(office)

    refused = manager.get(f"/accounts/{account_id}/documents").submit("Issue", first="2026-03-16", last="2026-03-01")

    assert refused.status == 422
    assert refused.all("p", id="last-error")
    assert refused.all("input", name="first")[0].get("value") == "2026-03-16"


def test_a_document_that_is_not_there_is_not_found(manager: Client) -> None:
    assert manager.get("/documents/99").status == 404
