"""Setting aside: a line is money that nobody knows, until it is known or sent back, or it is none of ours."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.banking.model import BookedAs, LineState
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.ledger.streams import bank_stream
from domain.processing.bank.lines import day_of, note, open_task, record, settle_task, take_line
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict, Invalid


def park(session: Session, line_id: int, *, actor: Actor) -> None:
    """Keep money that came in and that nobody knows as unidentified, with a task, until it is known or sent back."""
    line, _ = take_line(session, line_id, LineState.PARKED, LineState.OPEN)
    if line.amount_minor < 0:
        raise Conflict(N_("This line is money that went out."))
    ledger.post(
        session,
        kind=EntryKind.UNIDENTIFIED_RECEIPT,
        source=f"bank_line:{line.id}",
        effective_on=day_of(session, line),
        legs=[debit(LedgerAccount.BANK, line.amount), credit(LedgerAccount.UNIDENTIFIED_RECEIPTS, line.amount)],
        stream=bank_stream(line.currency),
    )
    note(session, line, BookedAs.UNIDENTIFIED, f"bank_line:{line.id}", line.amount, actor)
    open_task(session, line)


def book_sent_back(session: Session, line_id: int, parked_id: int, *, actor: Actor) -> None:
    """The line sends parked money back to where it came from; both lines are over the same amount."""
    first, second = sorted((line_id, parked_id))
    lines = {each: take_line(session, each, LineState.BOOKED) for each in (first, second)}
    (line, was), (parked, state) = lines[line_id], lines[parked_id]
    if was is not LineState.OPEN or state is not LineState.PARKED or line.amount != -parked.amount:
        raise Conflict(N_("Only money that was parked can be sent back, all of it."))
    ledger.post(
        session,
        kind=EntryKind.RECEIPT_SENT_BACK,
        source=f"bank_line:{parked.id}",
        effective_on=day_of(session, line),
        legs=[debit(LedgerAccount.UNIDENTIFIED_RECEIPTS, parked.amount), credit(LedgerAccount.BANK, parked.amount)],
        stream=bank_stream(line.currency),
    )
    note(session, line, BookedAs.SENT_BACK, f"bank_line:{parked.id}", line.amount, actor)
    settle_task(session, parked)


def ignore(session: Session, line_id: int, *, why: str, actor: Actor) -> None:
    """The line is none of ours (wages, rent, a transfer between our own accounts): nothing is posted."""
    if not why.strip():
        raise Invalid(N_("Say what it is."), field="why")
    line, _ = take_line(session, line_id, LineState.IGNORED)
    line.why = why.strip()
    record(session, line, "bank_line.ignored", actor, {"why": line.why})


def reopen(session: Session, line_id: int, *, actor: Actor) -> None:
    """A line that was ignored is looked at again."""
    line, _ = take_line(session, line_id, LineState.OPEN, LineState.IGNORED)
    line.why = None
    record(session, line, "bank_line.reopened", actor, {})
