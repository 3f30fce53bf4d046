"""Delivering: how a partner gets what we hand to it, and the message that has it laid into the partner's folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.outbox.sending import Message, add
from domain.placements.model import PLACED, Partner, Placement
from domain.placements.people.admitted import goes_on
from domain.placements.people.folders import FOLDER
from domain.placements.people.model import Delivery, PartnerDelivery
from domain.placements.queries import partner
from domain.shared.actor import Actor
from domain.shared.errors import N_, Invalid


class LayIntoFolder(Message, frozen=True):
    """Lay a placement, as it is now, into its partner's folder."""

    kind: ClassVar[str] = "lay_into_folder"
    placement_id: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """How a partner gets what we hand to it; `folder` is its folder's name."""

    delivery: Delivery = Delivery.WORKSPACE
    folder: str | None = None


@dataclass(frozen=True, slots=True)
class OfPartner:
    """A partner that has a folder, and the language that it reads."""

    partner_id: int
    folder: str
    language: str


def delivery(session: Session, partner_id: int) -> Chosen:
    """What was chosen for a partner; on its own pages alone where nothing was."""
    row = session.execute(
        select(PartnerDelivery.delivery, PartnerDelivery.folder).where(PartnerDelivery.partner_id == partner_id)
    ).one_or_none()
    return Chosen() if row is None else Chosen(row.delivery, row.folder)


def choose(session: Session, partner_id: int, wanted: Delivery, *, folder: str | None = None, actor: Actor) -> Chosen:
    """Choose how a partner gets what we hand to it; what lies with it is laid into a folder that is new.

    Raises NotFound, and Invalid beside `folder` where that is no name, or another partner's.
    """
    partner(session, partner_id)
    before = delivery(session, partner_id)
    chosen = Chosen(wanted, _folder(session, partner_id, folder) if wanted is Delivery.FOLDER else None)
    if chosen == before:
        return chosen
    row = session.get(PartnerDelivery, partner_id)
    if row is None:
        session.add(PartnerDelivery(partner_id=partner_id, delivery=chosen.delivery, folder=chosen.folder))
    else:
        row.delivery, row.folder = chosen.delivery, chosen.folder
    session.flush()
    record(
        session,
        "partner.delivery_chosen",
        actor=actor,
        subject=("partner", partner_id),
        before={"delivery": before.delivery, "folder": before.folder},
        after={"delivery": chosen.delivery, "folder": chosen.folder},
    )
    if chosen.folder is not None:
        _lay_all(session, partner_id)
    return chosen


def lay(session: Session, placement: Placement) -> None:
    """Have a placement laid into its partner's folder, where it has one."""
    if delivery(session, placement.partner_id).folder is not None:
        add(session, LayIntoFolder(placement.id), account_id=placement.account_id)


def with_folders(session: Session) -> list[OfPartner]:
    """The partners that have a folder and with which something goes on, by its name."""
    rows = session.execute(
        select(Partner.id, PartnerDelivery.folder, Partner.language)
        .join(PartnerDelivery, PartnerDelivery.partner_id == Partner.id)
        .where(PartnerDelivery.folder.is_not(None), goes_on(session))
        .order_by(PartnerDelivery.folder)
    )
    return [OfPartner(row.id, row.folder, row.language) for row in rows]


def _folder(session: Session, partner_id: int, given: str | None) -> str:
    name = (given or "").strip()
    if not FOLDER.fullmatch(name):
        raise Invalid(
            N_("Use small letters, digits and hyphens, at most 80, such as {example}."),
            field="folder",
            example="fair-recovery",
        )
    other = select(PartnerDelivery.partner_id).where(
        PartnerDelivery.folder == name, PartnerDelivery.partner_id != partner_id
    )
    if session.scalars(other).first() is not None:
        raise Invalid(N_("This is another partner's folder."), field="folder")
    return name


def _lay_all(session: Session, partner_id: int) -> None:
    lying = select(Placement).where(Placement.partner_id == partner_id, Placement.status.in_(PLACED))
    for placement in session.scalars(lying.order_by(Placement.id)).all():
        lay(session, placement)
