"""Written: what is open of an invoice stands written off in the books, or is given up for good."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing import credit_notes
from domain.receivables import allocating
from domain.receivables.model import CreditKind, Invoice
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.write_offs import booking, changing
from domain.write_offs.model import WriteOff, WriteOffStatus

OPENED = N_(
    "More is open on {number} than was written off, because something was taken back. Take the write-off back first."
)


def tax_of(session: Session, invoice: Invoice) -> Money:
    """The tax within all that is open on an invoice: its share, after what was credited before."""
    return credit_notes.discount_tax(session, invoice, invoice.open)


def stand(session: Session, written: WriteOff, *, why: str | None = None, actor: Actor) -> None:
    """Write off in the books what a proposal of a locked account is about; Conflict where it moved on."""
    changing.check_arrow(written, WriteOffStatus.STANDING)
    written.written_on = today(session)
    written.made_after_id = written.seen_id = allocating.last_id(session, written.account_id)
    entry = booking.write_off(session, written, written.written_on)
    changing.change(session, written, WriteOffStatus.STANDING, actor=actor, why=why, entry_id=entry.id)


def release(session: Session, account: Account, written: WriteOff, *, why: str | None = None, actor: Actor) -> None:
    """Give up for good what is proposed, or stands in the books, of a locked account; Conflict where it moved on.

    It has followed its invoice before. All that is open is given up, never a part of it.
    """
    changing.check_arrow(written, WriteOffStatus.RELEASED)
    invoice = session.get_one(Invoice, written.invoice_id, populate_existing=True)
    if invoice.open != written.left:
        raise Conflict(OPENED, number=invoice.number)
    day, stood = today(session), written.status is WriteOffStatus.STANDING
    written.released_on = day
    entry = booking.release(session, written, day, stood=stood)
    item = allocating.add_credit(
        session,
        account,
        kind=CreditKind.WRITE_OFF,
        source=written.source,
        amount=written.left,
        effective_on=day,
    )
    allocating.apply(session, item, invoice, written.left)
    changing.change(session, written, WriteOffStatus.RELEASED, actor=actor, why=why, entry_id=entry.id)
