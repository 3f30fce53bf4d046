"""What we hold about a contested payment becomes a draft: texts, papers that we make, and papers that are filed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from domain.accounts.model import Account
from domain.chargebacks import evidence
from domain.chargebacks.model import ChargebackAnswer
from domain.documents import filing
from domain.documents.model import FOR_STAFF, Category, Document, Succession
from domain.documents.storage import Stored, Unavailable
from domain.notices import changing
from domain.notices.model import NoticeContent, NoticeStatus
from domain.payments.model import Payment
from domain.processing.contested import gathering
from domain.processing.contested.gathering import Gathered
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict
from tests.support.builders import money
from tests.support.contesting import a_chargeback, a_paid_debt, contest, reconcile, withdrawn
from tests.support.fakes import FakeProcessor
from tests.support.filed import erased
from tests.support.incoming import a_message
from tests.support.noticing import a_notice
from tests.support.outside import MemoryStore
from tests.support.paying import Debt, a_debt, start, succeed
from tests.support.policies import a_policy
from tests.support.renderers import MemoryRenderer
from tests.support.terms import a_binder, asking, say_yes

STAFF = Actor.staff(1)


class ClosedStore(MemoryStore):
    """One that cannot be reached."""

    def put(self, content: bytes | Iterable[bytes]) -> Stored:
        """It takes nothing."""
        raise Unavailable("closed")


@pytest.fixture
def store() -> MemoryStore:
    """Where papers lie."""
    return MemoryStore()


def gathered(db: Database, renderer: MemoryRenderer | None = None) -> Gathered:
    """All that there is about the only chargeback."""
    with db.reading() as session:
        return gathering.gather(session, renderer or MemoryRenderer(), "du_1")


def contested_for(db: Database, reason: str) -> None:
    """The bank contests the first payment for a reason."""
    with db.reading() as session:
        at = now(session)
    whole = money("120")
    reconcile(db, replace(a_chargeback("needs_response", whole, at, withdrawn(whole, at)), reason=reason))


def file_for(db: Database, store: MemoryStore, debt: Debt, category: Category, subject: tuple[str, int]) -> int:
    """A paper of the customer about something."""
    with db.transaction() as session:
        return filing.file(
            session,
            store,
            f"%PDF-1.7 {category} {subject}".encode(),
            media_type="application/pdf",
            category=category,
            filename=f"{category}.pdf",
            account_id=debt.account_id,
            subject=subject,
            actor=WORKER,
        ).id


def test_the_texts_say_who_paid_what_from_where_and_what_was_delivered(db: Database) -> None:
    debt, public_id = a_paid_debt(db, "80", "40")
    with db.transaction() as session:
        invoice = session.get_one(Invoice, debt.invoices[0])
        invoice.delivered_on = date(2026, 3, 2)
        session.get_one(Account, debt.account_id).address = "2 Quayside\nWhitby"
    contest(db, "needs_response", "120")

    texts = gathered(db).texts

    with db.reading() as session:
        payment = session.scalars(select(Payment).where(Payment.public_id == public_id)).one()
        numbers = session.scalars(select(Invoice.number).where(Invoice.id.in_(debt.invoices))).all()
    summary = texts["uncategorized_text"]
    assert f"paid GBP 120.00 by Visa 4242 (our receipt {payment.receipt_number})" in summary
    assert all(f"invoice {number} of 16 March 2026" in summary for number in numbers)
    assert "delivered on 2 March 2026" in summary
    assert f"begun by Ana (ana.{debt.account_id}@example.com)" in summary
    assert texts["customer_email_address"] == f"ana.{debt.account_id}@example.com"
    assert texts["billing_address"] == "2 Quayside, Whitby"
    assert texts["shipping_date"] == texts["service_date"] == "2 March 2026"
    assert "Goods as ordered" in texts["product_description"]
    assert "payment started" in texts["access_activity_log"]
    assert set(texts) <= set(evidence.FIELDS)


def test_receipt_and_invoices_are_made_and_filed_where_the_customer_does_not_see_them(
    db: Database, store: MemoryStore
) -> None:
    debt, _ = a_paid_debt(db, "80", "40")
    contest(db, "needs_response", "120")
    found = gathered(db)

    with db.transaction() as session:
        gathering.draft(session, "du_1", gathering.keep(store, found), actor=STAFF)

    with db.reading() as session:
        answer = session.scalars(select(ChargebackAnswer)).one()
        documents = session.scalars(select(Document).where(Document.category == Category.EVIDENCE)).all()
        hidden = set(session.scalars(select(FOR_STAFF.c.document_id)))
    assert answer.texts == evidence.tidied(found.texts)
    assert answer.files == {"receipt": [document.id for document in documents]}
    assert len(documents) == 3
    assert hidden == {document.id for document in documents}
    assert {document.account_id for document in documents} == {debt.account_id}


def test_proof_of_delivery_is_proposed_for_these_invoices_and_for_all_but_not_for_others(
    db: Database, store: MemoryStore
) -> None:
    debt, _ = a_paid_debt(db, "120")
    other, _ = a_paid_debt(db, "50", intent_id="pi_2")
    contest(db, "needs_response", "120")
    wanted = [
        file_for(db, store, debt, Category.PROOF_OF_DELIVERY, ("invoice", debt.invoices[0])),
        file_for(db, store, debt, Category.PROOF_OF_DELIVERY, ("account", debt.account_id)),
    ]
    file_for(db, store, debt, Category.PROOF_OF_DELIVERY, ("invoice", 999))
    file_for(db, store, other, Category.PROOF_OF_DELIVERY, ("invoice", other.invoices[0]))
    contract = file_for(db, store, debt, Category.CONTRACT, ("account", debt.account_id))

    filed = gathered(db).filed

    assert filed == {"shipping_documentation": wanted, "service_documentation": [contract]}


def test_while_the_store_takes_nothing_people_are_asked_to_come_back(db: Database) -> None:
    a_paid_debt(db, "120")
    contest(db, "needs_response", "120")

    with pytest.raises(Conflict):
        gathering.keep(ClosedStore(), gathered(db))


def test_what_was_erased_or_has_a_newer_version_is_neither_proposed_nor_offered(
    db: Database, store: MemoryStore
) -> None:
    debt, _ = a_paid_debt(db, "120")
    about = ("invoice", debt.invoices[0])
    gone, older, newer = (file_for(db, store, debt, Category.PROOF_OF_DELIVERY, about) for _ in range(3))
    with db.transaction() as session:
        session.add(Succession(older_id=older, newer_id=newer, superseded_at=now(session)))
        erased(session, gone)
    chargeback = contest(db, "needs_response", "120")

    found = gathered(db)

    assert found.filed == {"shipping_documentation": [newer]}
    with db.transaction() as session:
        offered = gathering.candidates(session, chargeback.id, debt.account_id)
        assert [document.id for document in offered] == [newer]
        gathering.draft(session, "du_1", gathering.keep(store, found), actor=STAFF)


def test_accepted_terms_come_with_the_record_of_who_accepted_them(db: Database, store: MemoryStore) -> None:
    debt, _ = a_paid_debt(db, "120")
    with db.transaction() as session:
        account = session.get_one(Account, debt.account_id)
        version = a_policy(session, asking(), account_id=account.id)
        olivia = a_binder(session, account)
        say_yes(session, store, account.id, version.id, login_id=olivia, address="203.0.113.9")
        payment = session.scalars(select(Payment)).one()
        payment.occurred_at = now(session)
    contest(db, "needs_response", "120")
    renderer = MemoryRenderer()

    found = gathered(db, renderer)

    assert "Olivia Hart (Director) accepted our terms" in found.texts["uncategorized_text"]
    assert "203.0.113.9" in found.texts["uncategorized_text"]
    assert "acceptance" in {template for template, _, _ in renderer.printed}
    assert {made.field for made in found.made} == {"receipt", "customer_signature"}


def test_what_was_accepted_only_after_the_payment_proves_nothing(
    db: Database, store: MemoryStore, clock: MovableClock
) -> None:
    debt, _ = a_paid_debt(db, "120")
    clock.advance(days=1)
    with db.transaction() as session:
        account = session.get_one(Account, debt.account_id)
        version = a_policy(session, asking(), account_id=account.id)
        say_yes(session, store, account.id, version.id, login_id=a_binder(session, account))
    contest(db, "needs_response", "120")

    assert "accepted our terms" not in gathered(db).texts["uncategorized_text"]


def test_messages_both_ways_become_one_paper_in_their_order(db: Database, clock: MovableClock) -> None:
    debt, _ = a_paid_debt(db, "120")
    with db.transaction() as session:
        account = session.get_one(Account, debt.account_id)
        notice = a_notice(session, account, invoices=[session.get_one(Invoice, debt.invoices[0])])
        made_at = now(session)
        said = {
            "subject": "Your invoice",
            "body": "Please pay.",
            "text_id": None,
            "document_id": None,
            "sha256": "0" * 64,
        }
        session.add(NoticeContent(notice_id=notice.id, made_at=made_at, **said))
        changing.change(session, notice, NoticeStatus.SENT, actor=WORKER)
    clock.advance(hours=1)
    with db.transaction() as session:
        message = a_message(session, body="We got all of it, thank you.")
        message.account_id = debt.account_id
    contest(db, "needs_response", "120")
    renderer = MemoryRenderer()

    found = gathered(db, renderer)

    (paper,) = [data for template, data, _ in renderer.printed if template == "correspondence"]
    assert [entry["body"] for entry in paper["entries"]] == ["Please pay.", "We got all of it, thank you."]  # type: ignore[attr-defined]
    assert "customer_communication" in {made.field for made in found.made}


def test_a_payment_that_looks_the_same_is_told_apart(db: Database) -> None:
    debt = a_debt(db, "120", "120")
    for number, invoice in enumerate(debt.invoices, 1):
        started = start(db, FakeProcessor(), debt, {invoice: money("120")})
        succeed(db, started.public_id, money("120"), intent_id=f"pi_{number}")
    contested_for(db, "duplicate")

    found = gathered(db)

    assert found.texts["duplicate_charge_id"] == "ch_2"
    assert "RCT-000002" in found.texts["duplicate_charge_explanation"]
    assert [made.filename for made in found.made if made.field == "duplicate_charge_documentation"] == [
        "RCT-000002.pdf"
    ]


def test_of_a_payment_that_is_not_ours_we_hold_nothing(db: Database) -> None:
    contest(db, "needs_response", "120", intent_id="pi_elsewhere")

    assert gathered(db) == Gathered()


def test_pictures_and_papers_are_offered_but_no_other_files(db: Database, store: MemoryStore) -> None:
    debt, _ = a_paid_debt(db, "120")
    chargeback = contest(db, "needs_response", "120")
    paper = file_for(db, store, debt, Category.CONTRACT, ("account", debt.account_id))
    with db.transaction() as session:
        filing.file(
            session,
            store,
            b"text",
            media_type="text/plain",
            category=Category.CORRESPONDENCE,
            filename="a.txt",
            account_id=debt.account_id,
            subject=("account", debt.account_id),
            actor=WORKER,
        )

    with db.reading() as session:
        offered = gathering.candidates(session, chargeback.id, debt.account_id)

    assert [document.id for document in offered] == [paper]
