"""Queries: our bank accounts, the statements that were read, and their lines with what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from domain.banking.files import FileLine
from domain.banking.model import (
    BANK_ACCOUNTS,
    BANK_LINES,
    BankAccount,
    BankImport,
    LineBooking,
    LineState,
    UndoneBooking,
)
from domain.documents.model import DOCUMENTS
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money

NO_SUCH_LINE = N_("We could not find that line.")
NO_SUCH_BANK_ACCOUNT = N_("We could not find that bank account.")
_LINES = select(BANK_LINES, BANK_ACCOUNTS.c.name.label("bank_account")).join(
    BANK_ACCOUNTS, BANK_ACCOUNTS.c.id == BANK_LINES.c.bank_account_id
)
_BOOKINGS = select(
    LineBooking.id,
    LineBooking.line_id,
    LineBooking.booked_as,
    LineBooking.subject,
    LineBooking.account_id,
    LineBooking.amount_minor,
    LineBooking.confidence,
    LineBooking.booked_at,
    LineBooking.actor_kind,
    LineBooking.actor_id,
    UndoneBooking.undone_at,
    UndoneBooking.reason.label("why_undone"),
).outerjoin(UndoneBooking, UndoneBooking.booking_id == LineBooking.id)


def bank_accounts(session: Session) -> AnyRows:
    """Our bank accounts, by name."""
    return session.execute(select(BANK_ACCOUNTS).order_by(BANK_ACCOUNTS.c.name, BANK_ACCOUNTS.c.id)).all()


def bank_account_named(session: Session, words: str) -> AnyRow:
    """The bank account of this name or number (spaces do not matter); NotFound for none, or several."""
    plain = "".join(words.split()).upper()
    found = [row for row in bank_accounts(session) if plain in {"".join(row.name.split()).upper(), row.identifier}]
    if len(found) != 1:
        raise NotFound(NO_SUCH_BANK_ACCOUNT)
    return found[0]


def imports(session: Session, *, before: int | None = None, limit: int = 50) -> AnyRows:
    """A page of the statements that were read, newest first; `before` is the id of the last one shown."""
    query = (
        select(
            *BankImport.__table__.c,
            BankAccount.name.label("bank_account"),
            BankAccount.currency,
            DOCUMENTS.c.filename,
        )
        .join(BankAccount, BankAccount.id == BankImport.bank_account_id)
        .join(DOCUMENTS, DOCUMENTS.c.id == BankImport.document_id)
    )
    if before is not None:
        query = query.where(BankImport.id < before)
    return session.execute(query.order_by(BankImport.id.desc()).limit(limit)).all()


def lines(
    session: Session,
    state: LineState | None,
    *,
    bank_account_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> AnyRows:
    """A page of lines, newest first, of one state or all; `before` is the id of the last one shown."""
    query = _LINES
    if state is not None:
        query = query.where(BANK_LINES.c.state == state)
    if bank_account_id is not None:
        query = query.where(BANK_LINES.c.bank_account_id == bank_account_id)
    if before is not None:
        query = query.where(BANK_LINES.c.id < before)
    return session.execute(query.order_by(BANK_LINES.c.id.desc()).limit(limit)).all()


def line(session: Session, line_id: int) -> AnyRow:
    """One line; NotFound where there is none."""
    row = session.execute(_LINES.where(BANK_LINES.c.id == line_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_LINE)
    return row


def open_lines(session: Session, *, import_ids: Sequence[int] = (), after: int = 0, limit: int = 200) -> AnyRows:
    """Lines that nobody has decided on, the first told first, of all or some imports; `after` is the last one seen."""
    query = select(BANK_LINES).where(BANK_LINES.c.state == LineState.OPEN, BANK_LINES.c.id > after)
    if import_ids:
        query = query.where(BANK_LINES.c.import_id.in_(import_ids))
    return session.execute(query.order_by(BANK_LINES.c.id).limit(limit)).all()


def parked_of(session: Session, amount: Money, *, limit: int = 20) -> AnyRows:
    """Parked lines over this amount, which an outgoing line may send back."""
    wanted = (
        BANK_LINES.c.state == LineState.PARKED,
        BANK_LINES.c.amount_minor == amount.minor,
        BANK_LINES.c.currency == amount.currency,
    )
    return session.execute(_LINES.where(*wanted).order_by(BANK_LINES.c.id).limit(limit)).all()


def counts(session: Session) -> dict[LineState, int]:
    """How many lines are in each state."""
    rows = session.execute(select(BANK_LINES.c.state, func.count()).group_by(BANK_LINES.c.state))
    return dict.fromkeys(LineState, 0) | {row.state: row[1] for row in rows}


def bookings(session: Session, line_ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    """What each of these lines was booked as, in order; `undone_at` and why where that was a mistake."""
    found: dict[int, list[AnyRow]] = {line_id: [] for line_id in line_ids}
    if line_ids:
        for row in session.execute(_BOOKINGS.where(LineBooking.line_id.in_(line_ids)).order_by(LineBooking.id)):
            found[row.line_id].append(row)
    return found


def standing_booking() -> ColumnElement[bool]:
    """For a query of bookings: that it was not undone."""
    return ~exists().where(UndoneBooking.booking_id == LineBooking.id)


def file_line(row: AnyRow) -> FileLine:
    """A line as the file told it, for the matching."""
    return FileLine(
        booked_on=row.booked_on,
        value_on=row.value_on,
        amount=Money(row.amount_minor, row.currency),
        references=tuple(row.references),
        text=row.text,
        counterparty_name=row.counterparty_name,
        counterparty_account=row.counterparty_account,
        bank_ref=row.bank_ref,
        code=row.code,
        returned=row.returned,
        reason=row.reason,
    )
