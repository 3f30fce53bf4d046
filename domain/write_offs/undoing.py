"""Undoing: a write-off is taken back: no bad debt in the books any more, or owed again where it was given up."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.receivables import withdrawing
from domain.receivables.model import CreditKind, WithdrawalKind
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.write_offs import booking, changing
from domain.write_offs.model import Recovery, TaxRelief, WriteOff, WriteOffStatus


def take_back(session: Session, written: WriteOff, *, why: str, actor: Actor) -> None:
    """Undo what stands of a write-off of a locked account, with the tax that was claimed back for it; Conflict.

    What came in before stays as it is: what was lost of it is what was not.
    """
    changing.check_arrow(written, WriteOffStatus.TAKEN_BACK)
    day, tax = today(session), Money(relief_standing(session, written), written.currency)
    if written.status is WriteOffStatus.RELEASED:
        item = withdrawing.item_of(session, CreditKind.WRITE_OFF, written.source)
        withdrawing.withdraw_covering(
            session, item, written.left, kind=WithdrawalKind.REVOKED, source=written.source, effective_on=day
        )
        entry = booking.undo_release(session, written, day)
    else:
        entry = booking.undo_write_off(session, written, day)
    if tax:
        booking.repay_all_tax(session, written, tax, day)
    changing.change(session, written, WriteOffStatus.TAKEN_BACK, actor=actor, why=why, entry_id=entry.id)
    written.left_minor = 0
    session.flush()


def relief_standing(session: Session, written: WriteOff) -> int:
    """What of the tax that was claimed back for it was not repaid, in minor units; nothing once it is taken back."""
    if written.status is WriteOffStatus.TAKEN_BACK:
        return 0
    claimed = session.scalar(select(TaxRelief.amount_minor).where(TaxRelief.write_off_id == written.id))
    repaid = session.scalar(select(func.sum(Recovery.relief_minor)).where(Recovery.write_off_id == written.id))
    return int(claimed or 0) - int(repaid or 0)
