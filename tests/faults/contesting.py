"""Contesting: a payment by card that a bank contests, and an answer with a file that waits to be handed in."""

from __future__ import annotations

from app.wired import Wired
from domain.chargebacks import answering
from domain.chargebacks.answering import Content
from domain.documents import filing
from domain.documents.model import Category
from domain.shared.actor import Actor
from tests.faults.scene import Scene
from tests.support.paying import Debt, a_debt
from tests.support.pdfs import a_pdf
from tests.support.simulated import open_page, payment

STAFF = Actor.staff(1)


def contested_payment(scene: Scene) -> tuple[Debt, str]:
    """A debt of 120 that was paid by card and is contested: the debt, and the processor's name of the case."""
    debt = a_debt(scene.wired.database, "120.00")
    opened = open_page(scene.wired, debt, "120.00")
    scene.simulator.pay_session(opened.checkout_id or "")
    scene.simulator.settle()
    scene.told()
    contested: str = scene.simulator.dispute(payment(scene.wired, opened.public_id).charge_id or "")["id"]
    scene.told()
    return debt, contested


def draft_an_answer(wired: Wired, account_id: int, ref: str, *, hand_in: bool = True) -> int:
    """An answer with words and a file, handed in unless it is to wait; its version."""
    with wired.database.transaction() as session:
        note = filing.file(
            session,
            wired.store,
            a_pdf(["Delivered"]),
            media_type="application/pdf",
            category=Category.PROOF_OF_DELIVERY,
            filename="note.pdf",
            account_id=account_id,
            subject=("account", account_id),
            actor=STAFF,
        )
        content = Content({"uncategorized_text": "winning_evidence"}, {"shipping_documentation": [note.id]})
        draft = answering.begin(session, ref, content, actor=STAFF)
        if hand_in:
            answering.submit(session, ref, version=draft.version, actor=STAFF)
        return draft.version
