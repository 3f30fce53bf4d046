"""Banking: bank files taken in, and what tests ask of lines, in one line each."""

from __future__ import annotations

from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from adapters.bank_files.reader import BankFiles
from domain.banking.columns import BankColumns
from domain.banking.files import FileLine
from domain.banking.model import BankLine, LineBooking, LineState
from domain.banking.taking_in import TakenIn, take_in
from domain.documents.filing import file
from domain.documents.model import Category
from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.receivables.model import Invoice
from domain.receivables.references import reference_of
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.money import Money
from tests.support.bank_files import a_camt053, a_line
from tests.support.builders import an_account, an_invoice
from tests.support.outside import MemoryStore

CLERK = Actor.staff(7)


def takes(session: Session, content: bytes, *, columns: BankColumns | None = None) -> list[TakenIn]:
    """The file is filed and taken in."""
    document = file(
        session,
        MemoryStore(),
        content,
        media_type="application/octet-stream",
        category=Category.BANK_FILE,
        filename="march.bank",
        account_id=None,
        subject=("staff", 7),
        actor=CLERK,
    )
    told = BankFiles().read(BytesIO(content), "march.bank", columns=columns)
    return take_in(session, document.id, told, actor=CLERK, columns=columns)


def lines_of(db: Database, *lines: FileLine, opening: str = "1000.00") -> list[int]:
    """These lines, taken in from a CAMT.053 and waiting: their ids in order."""
    with db.transaction() as session:
        taken = takes(session, a_camt053(*lines, opening=opening))
        wanted = select(BankLine.id).where(BankLine.import_id.in_([each.import_id for each in taken]))
        return list(session.scalars(wanted.order_by(BankLine.id)))


def owing(db: Database, *amounts: str) -> tuple[int, list[Invoice]]:
    """An account that owes an invoice of each amount."""
    with db.transaction() as session:
        account = an_account(session)
        return account.id, [an_invoice(session, account, amount) for amount in amounts]


def a_line_of(db: Database, amount: str, text: str = "thanks", **more: object) -> int:
    """A line of so many pounds."""
    (line_id,) = lines_of(db, a_line(amount, text, currency="GBP", **more))  # type: ignore[arg-type]
    return line_id


def paying(amount: str, *invoices: int, account: str = "DE89370400440532013000") -> FileLine:
    """A line in pounds that names invoices by their payment references."""
    return a_line(amount, " ".join(reference_of(each) for each in invoices), currency="GBP", account=account)


def state_of(db: Database, line_id: int) -> LineState:
    """Where a line stands."""
    with db.reading() as session:
        return session.get_one(BankLine, line_id).state


def booked_as(db: Database, line_id: int) -> list[tuple[str, str]]:
    """What a line was booked as, and how much of it."""
    with db.reading() as session:
        rows = session.scalars(select(LineBooking).where(LineBooking.line_id == line_id).order_by(LineBooking.id))
        return [(row.booked_as.value, str(Money(row.amount_minor, "GBP").decimal)) for row in rows]


def at_bank(db: Database) -> tuple[str, str, str]:
    """What stands on *bank*, *receipts to bank* and *unidentified receipts*, in pounds."""
    places = (LedgerAccount.BANK, LedgerAccount.RECEIPTS_TO_BANK, LedgerAccount.UNIDENTIFIED_RECEIPTS)
    with db.reading() as session:
        bank, waiting, unknown = (str(balance_of(session, place, "GBP").decimal) for place in places)
    return bank, waiting, unknown
