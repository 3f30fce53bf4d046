"""Enclosing: files that staff send for an answer are filed about the chargeback, for staff alone, and go with it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.chargebacks import answering
from domain.chargebacks.answering import Content
from domain.chargebacks.evidence import TAKEN
from domain.chargebacks.model import ChargebackAnswer
from domain.chargebacks.queries import by_ref
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category
from domain.shared.actor import Actor
from domain.shared.errors import N_, Invalid

CATEGORIES = {
    "shipping_documentation": Category.PROOF_OF_DELIVERY,
    "service_documentation": Category.CONTRACT,
    "customer_communication": Category.CORRESPONDENCE,
}
"""As what a file is filed that is sent for one of these fields; for any other it is evidence."""


def edit_with(
    session: Session,
    chargeback_ref: str,
    content: Content,
    taken: Sequence[TakenIn],
    *,
    goes: str,
    version: int,
    actor: Actor,
) -> ChargebackAnswer:
    """Change what a draft says, and file what was taken in for the field that it `goes` to.

    Raises as `answering.edit`, and Invalid, beside `files`, for a file that banks do not take.
    """
    for each in taken:
        if each.media_type not in TAKEN:
            raise Invalid(
                N_("{file}: banks take PDF and pictures (PNG or JPEG). Save it as a PDF, and choose the files again."),
                field="files",
                file=each.filename,
            )
    row = by_ref(session, chargeback_ref)
    documents = filing.enter_all(
        session,
        taken,
        category=CATEGORIES.get(goes, Category.EVIDENCE),
        account_id=row.account_id,
        subject=("chargeback", row.id),
        actor=actor,
        for_staff=True,
    )
    enclosed = {goes: [*content.files.get(goes, ()), *(document.id for document in documents)]}
    content = Content(content.texts, {**content.files, **enclosed})
    return answering.edit(session, chargeback_ref, content, version=version, actor=actor)
