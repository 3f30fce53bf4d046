"""Agreements: the papers that were agreed with a partner, filed with the days from and until which they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import DOCUMENTS, Category
from domain.documents.queries import IS_ERASED
from domain.placements import queries
from domain.placements.people.model import PartnerAgreement
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, Invalid

SUBJECT = "partner"
"""How documents about a partner name what they are about."""
LONGEST_TITLE = 200
SOON = timedelta(days=60)
"""What runs out within this time is worth a word."""


@dataclass(frozen=True, slots=True)
class Described:
    """What an agreement is called, from which day on it holds, and through which (None: until it is ended)."""

    title: str
    from_on: date
    until_on: date | None


def file_agreement(
    session: Session, partner_id: int, taken: TakenIn, said: Described, *, actor: Actor
) -> PartnerAgreement:
    """File a paper that was agreed with a partner. Raises NotFound, Invalid beside "title" or "until_on"."""
    partner = queries.partner(session, partner_id)
    title = " ".join(said.title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise Invalid(N_("Say what it is, in at most {most} characters."), field="title", most=LONGEST_TITLE)
    if said.until_on is not None and said.until_on < said.from_on:
        raise Invalid(N_("It cannot end before it begins."), field="until_on")
    paper = filing.enter(
        session,
        taken,
        category=Category.CONTRACT,
        account_id=None,
        subject=(SUBJECT, partner_id),
        actor=actor,
    )
    made = PartnerAgreement(
        partner_id=partner_id,
        document_id=paper.id,
        title=title,
        from_on=said.from_on,
        until_on=said.until_on,
        recorded_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "partner.agreement_filed",
        actor=actor,
        subject=("partner", partner_id),
        after={"name": partner.name, "title": title, "from": said.from_on, "until": said.until_on},
    )
    return made


def of_partner(session: Session, partner_id: int) -> AnyRows:
    """The agreements of a partner, the one that began last first: each with its paper, and whether that was erased."""
    return session.execute(
        select(
            PartnerAgreement.id,
            PartnerAgreement.title,
            PartnerAgreement.from_on,
            PartnerAgreement.until_on,
            PartnerAgreement.recorded_at,
            PartnerAgreement.document_id,
            DOCUMENTS.c.filename,
            IS_ERASED.label("is_erased"),
        )
        .join(DOCUMENTS, DOCUMENTS.c.id == PartnerAgreement.document_id)
        .where(PartnerAgreement.partner_id == partner_id)
        .order_by(PartnerAgreement.from_on.desc(), PartnerAgreement.id.desc())
    ).all()
