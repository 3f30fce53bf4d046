"""Evidence in the back office: a pack is asked for, followed while it is made, taken, and its taking written down."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from sqlalchemy import select

from domain.evidence import making
from domain.evidence.model import EvidencePack
from domain.outbox.model import OUTBOX
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.disputing import a_dispute
from tests.support.outside import PlainRenderer


def contested(office: Office) -> tuple[int, int, int]:
    """The ids of an account, its invoice, and a dispute of it."""
    with office.db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "30")
        return account.id, invoice.id, dispute.id


def make_all(office: Office) -> None:
    """What the worker does."""
    with office.db.reading() as session:
        waiting = making.due(session)
    for pack_id in waiting:
        making.make(office.db, office.store.near, PlainRenderer(), pack_id)


def test_a_pack_is_asked_for_followed_and_taken(office: Office) -> None:
    account_id, _, _ = contested(office)
    manager = office.browser(Role.MANAGER)

    there = manager.get(f"/accounts/{account_id}").follow("Make an evidence pack").submit("Make it").location
    waits = manager.get(there)
    make_all(office)
    ready = manager.fragment(there)
    taken = ready.follow("Download the pack")

    assert "Waits for its turn." in waits.words
    assert "SHA-256 of manifest.json" in ready.words
    assert taken.is_download
    assert "manifest.json" in ZipFile(BytesIO(taken.response.content)).namelist()
    assert "Harbour" in manager.get("/evidence").words
    with office.db.reading() as session:
        assert "document_opened" in session.scalars(select(OUTBOX.c.kind)).all()


def test_a_press_more_makes_no_second_one(office: Office) -> None:
    account_id, _, _ = contested(office)
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/evidence")

    answers = [form.submit("Make it").status for _ in range(2)]

    with office.db.reading() as session:
        packs = session.scalars(select(EvidencePack.id)).all()
    assert answers == [303, 303]
    assert len(packs) == 1


def test_invoices_and_disputes_have_packs_of_their_own(office: Office) -> None:
    account_id, invoice_id, dispute_id = contested(office)
    handler = office.browser(Role.DISPUTE_HANDLER)

    of_invoice = handler.get(f"/accounts/{account_id}/invoices/{invoice_id}").follow("Make an evidence pack")
    handler.follow(of_invoice.submit("Make it"))
    of_dispute = handler.get(f"/disputes/{dispute_id}").follow("Make an evidence pack")
    handler.follow(of_dispute.submit("Make it"))

    with office.db.reading() as session:
        asked = session.execute(select(EvidencePack.about, EvidencePack.subject_id).order_by(EvidencePack.id)).all()
    assert [(about.value, subject) for about, subject in asked] == [("invoice", invoice_id), ("dispute", dispute_id)]


def test_who_may_not_make_one_sees_no_form_and_another_accounts_invoice_is_not_there(office: Office) -> None:
    account_id, invoice_id, _ = contested(office)
    other, _, _ = contested(office)

    page = office.browser(Role.ADMINISTRATOR).get(f"/accounts/{account_id}/evidence")
    strange = office.browser(Role.MANAGER).get(f"/accounts/{other}/evidence?about=invoice&subject={invoice_id}")

    assert "Make it" not in page.words
    assert strange.status == 404
