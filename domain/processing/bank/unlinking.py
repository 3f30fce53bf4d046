"""Unlinking: a line taken for a recorded receipt, payout or remittance was not it, and that waits for its own line."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.banking.model import BookedAs, LineBooking
from domain.clearing.model import Payout
from domain.ledger import posting as ledger
from domain.ledger.model import ENTRIES
from domain.ledger.posting import EntryKind
from domain.payments import slips
from domain.payments.model import Payment, ReceiptSlip
from domain.payments.snapshots import PayoutState
from domain.processing.bank.lines import source_of
from domain.remittances import banking
from domain.remittances.model import Remittance
from domain.remittances.remitting import locked
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_, Conflict

LINKS = frozenset({BookedAs.RECORDED_RECEIPT, BookedAs.PAYOUT, BookedAs.REMITTANCE})
"""What was in the books before its line came, so that the line was linked to it."""


@dataclass(frozen=True, slots=True)
class Unlinked:
    """What a line was not; `awaited` where the bank is waited for again, as nothing else says that it was there."""

    subject: Payment | Payout | Remittance
    awaited: bool


def would_unlink(session: Session, booking: LineBooking) -> Unlinked:
    """What taking a link back does; Conflict for a receipt that has come back since."""
    posted = _posted(session, booking) is not None
    if booking.booked_as is BookedAs.PAYOUT:
        wanted = select(Payout).where(Payout.external_id == booking.subject)
        payout = session.scalars(wanted.execution_options(populate_existing=True)).one()
        return Unlinked(payout, posted and payout.state is not PayoutState.PAID and payout.undone_at is None)
    if booking.booked_as is BookedAs.REMITTANCE:
        remittance = banking.may_be_taken_back(session, _remittance_id(booking))
        return Unlinked(remittance, posted)
    payment = session.scalars(select(Payment).where(Payment.public_id == booking.subject)).one()
    if slips.return_of(session, payment.id) is not None:
        raise Conflict(N_("Receipt {number} came back from the bank since."), number=payment.receipt_number)
    return Unlinked(payment, posted)


def unlink(session: Session, booking: LineBooking) -> Unlinked:
    """Take back that a line was this, and what that posted, effective on the same day. The account's lock is held.

    What staff had banked on their word, and a payout that the processor says has arrived, stay at the bank.
    """
    if booking.booked_as is BookedAs.REMITTANCE:
        locked(session, _remittance_id(booking))
    found = would_unlink(session, booking)
    entry = _posted(session, booking)
    if isinstance(found.subject, Remittance):
        banking.take_back(session, found.subject, awaited=found.awaited)
    if entry is None or not found.awaited:
        return found
    ledger.reverse(
        session,
        entry.id,
        kind=EntryKind.BOOKING_UNDONE,
        source=source_of(booking),
        effective_on=entry.effective_on,
    )
    if isinstance(found.subject, Payout):
        found.subject.arrived_on = None
    elif isinstance(found.subject, Payment):
        session.get_one(ReceiptSlip, found.subject.id, populate_existing=True).banked_on = None
    return found


def _remittance_id(booking: LineBooking) -> int:
    return int(booking.subject.partition(":")[2])


def _posted(session: Session, booking: LineBooking) -> AnyRow | None:
    """The entry that the link has made, if any: what was at the bank before its line came needs none."""
    kinds = (EntryKind.RECEIPT_BANKED, EntryKind.PAYOUT_ARRIVED, EntryKind.REMITTANCE)
    made = select(ENTRIES.c.id, ENTRIES.c.effective_on).where(
        ENTRIES.c.source == source_of(booking), ENTRIES.c.kind.in_(kinds)
    )
    return session.execute(made).one_or_none()
