"""Deciding: a debt is proposed to be written off, approved or not, given up for good, and taken back."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.processing.agreements import agreements_follow
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.errors import N_, Invalid
from domain.staff.model import Role
from domain.write_offs import changing, following, proposing, queries, relief, undoing, written
from domain.write_offs.model import TaxRelief, WriteOff, WriteOffKind, WriteOffStatus
from domain.write_offs.proposing import Wish


def propose(session: Session, account_id: int, wish: Wish, *, role: Role, actor: Actor) -> list[WriteOff]:
    """Write off invoices of an account: at once where one's authority covers all of them, else somebody approves.

    Raises as `proposing.consider`, NotFound for no such account.
    """
    account = accounts.lock(session, account_id)
    considered = proposing.consider(session, account, wish, role=role, actor=actor)
    made = proposing.write_down(session, account, wish, considered, actor=actor)
    if not considered.needs_approval:
        _carry_out(session, account, made, actor=actor)
    return made


def approve(session: Session, account_id: int, write_off_id: int, *, role: Role, actor: Actor) -> WriteOff:
    """Write off what was proposed; BeyondAuthority, Conflict where it moved on or something holds it by now."""
    account, found = _followed(session, account_id, write_off_id, actor)
    changing.check_arrow(found, _after(found))
    proposing.check_authority(session, account, found, role=role, actor=actor)
    invoice = session.get_one(Invoice, found.invoice_id, populate_existing=True)
    proposing.refuse_held(session, account_id, [invoice], found.kind)
    _carry_out(session, account, [found], actor=actor)
    return found


def decline(session: Session, account_id: int, write_off_id: int, *, why: str, actor: Actor) -> WriteOff:
    """Keep a debt that was proposed; Invalid without a reason, Conflict where it moved on."""
    _check_why(why)
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, write_off_id)
    changing.change(session, found, WriteOffStatus.DECLINED, actor=actor, why=why.strip())
    return found


def release(session: Session, account_id: int, write_off_id: int, *, why: str, role: Role, actor: Actor) -> WriteOff:
    """Give up for good what stands written off in the books; Invalid without a reason, BeyondAuthority, Conflict."""
    _check_why(why)
    account, found = _followed(session, account_id, write_off_id, actor)
    changing.check_arrow(found, WriteOffStatus.RELEASED)
    proposing.check_authority(session, account, found, role=role, actor=actor)
    invoice = session.get_one(Invoice, found.invoice_id, populate_existing=True)
    proposing.refuse_held(session, account_id, [invoice], WriteOffKind.RELEASE)
    written.release(session, account, found, why=why.strip(), actor=actor)
    agreements_follow(session, account, [found.invoice_id], actor=actor)
    return found


def take_back(session: Session, account_id: int, write_off_id: int, *, why: str, actor: Actor) -> WriteOff:
    """Undo a write-off: no bad debt any more, and owed again where it was given up. Invalid, Conflict."""
    _check_why(why)
    account, found = _followed(session, account_id, write_off_id, actor)
    undoing.take_back(session, found, why=why.strip(), actor=actor)
    agreements_follow(session, account, [found.invoice_id], actor=actor)
    return found


def claim_tax(session: Session, account_id: int, write_off_id: int, *, actor: Actor) -> TaxRelief:
    """Write down that the tax within what stands of a write-off was claimed back; Conflict where it cannot be."""
    _, found = _followed(session, account_id, write_off_id, actor)
    return relief.claim(session, found, actor=actor)


def _carry_out(session: Session, account: Account, made: Iterable[WriteOff], *, actor: Actor) -> None:
    settled = []
    for each in made:
        if each.kind is WriteOffKind.RELEASE:
            written.release(session, account, each, actor=actor)
            settled.append(each.invoice_id)
        else:
            written.stand(session, each, actor=actor)
    if settled:
        agreements_follow(session, account, settled, actor=actor)


def _followed(session: Session, account_id: int, write_off_id: int, actor: Actor) -> tuple[Account, WriteOff]:
    """A write-off of an account that is locked now, after it has followed its invoice."""
    account = accounts.lock(session, account_id)
    found = queries.entity(session, account_id, write_off_id)
    following.follow_account(session, account_id, [found.invoice_id], actor=actor)
    return account, found


def _after(found: WriteOff) -> WriteOffStatus:
    return WriteOffStatus.RELEASED if found.kind is WriteOffKind.RELEASE else WriteOffStatus.STANDING


def _check_why(why: str) -> None:
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
