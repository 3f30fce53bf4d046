"""Asking: somebody wants a pack; pressed twice, it is the same one as long as it is not ready."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.disputes import queries as disputes
from domain.evidence.model import UNDER_WAY, About, Audience, EvidencePack, PackStatus
from domain.placements import queries as placements
from domain.placements.naming import reference_of
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import NotFound
from domain.shared.ids import new_public_id
from domain.shared.languages import spoken


def ask_for(
    session: Session,
    account_id: int,
    about: About,
    subject_id: int,
    *,
    audience: Audience,
    language: str,
    actor: Actor,
) -> EvidencePack:
    """Have a pack made in the background; `subject_id` is the account's own id, or that of something of it.

    NotFound for no such thing on this account. While one for the same purpose is being made, that one comes back.
    """
    account = accounts.lock(session, account_id)
    subject_number(session, account_id, about, subject_id)
    under_way = session.scalars(
        select(EvidencePack).where(
            EvidencePack.account_id == account_id,
            EvidencePack.about == about,
            EvidencePack.subject_id == subject_id,
            EvidencePack.audience == audience,
            EvidencePack.status.in_(UNDER_WAY),
        )
    ).one_or_none()
    if under_way is not None:
        return under_way
    pack = EvidencePack(
        public_id=new_public_id(now(session)),
        account_id=account_id,
        about=about,
        subject_id=subject_id,
        audience=audience,
        language=spoken(language),
        status=PackStatus.QUEUED,
        asked_at=now(session),
        asked_on=today(session),
        actor_kind=actor.kind,
        actor_id=actor.id,
        attempts=0,
        files_done=0,
        currency=account.currency,
    )
    session.add(pack)
    session.flush()
    record(
        session,
        "evidence.asked_for",
        actor=actor,
        subject=("evidence_pack", pack.id),
        account_id=account_id,
        after={"number": pack.public_id, "about": about, "audience": audience},
    )
    return pack


def subject_number(session: Session, account_id: int, about: About, subject_id: int) -> str:
    """By what people know what a pack would be about; NotFound where it is nothing of this account."""
    match about:
        case About.ACCOUNT:
            if subject_id != account_id:
                raise NotFound
            return str(accounts.account(session, account_id).number)
        case About.INVOICE:
            return str(receivables.invoice(session, account_id, subject_id).number)
        case About.DISPUTE:
            return str(disputes.dispute(session, subject_id, account_id=account_id).number)
        case About.PLACEMENT:
            return reference_of(placements.placement(session, subject_id, account_id=account_id).id)
