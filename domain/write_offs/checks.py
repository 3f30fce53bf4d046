"""Checks: what is written off stands in the ledger, on the invoices and in the register of stops as its rows say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.ledger.chart import LedgerAccount
from domain.ledger.findings import Finding
from domain.ledger.model import ENTRIES, POSTINGS
from domain.receivables.model import CreditItem, CreditKind, Withdrawal
from domain.stops.model import Stop, StopKind, StopLift
from domain.write_offs.following import settled_since
from domain.write_offs.model import Recovery, WriteOff, WriteOffStatus
from domain.write_offs.tracing import trace
from domain.write_offs.undoing import relief_standing

LINES = (LedgerAccount.BAD_DEBT_ALLOWANCE, LedgerAccount.BAD_DEBT, LedgerAccount.BAD_DEBT_RECOVERED)
POSTED = (
    select(ENTRIES.c.source, POSTINGS.c.ledger_account, func.sum(POSTINGS.c.amount).label("minor"))
    .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
    .where(ENTRIES.c.source.like("write_off:%") | ENTRIES.c.source.like("recovery:%"))
    .group_by(ENTRIES.c.source, POSTINGS.c.ledger_account)
)
OTHERS = (
    select(ENTRIES.c.id, ENTRIES.c.source)
    .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
    .where(
        POSTINGS.c.ledger_account.in_([line.value for line in LINES]),
        ~ENTRIES.c.source.like("write_off:%"),
        ~ENTRIES.c.source.like("recovery:%"),
    )
    .distinct()
)
RECOVERIES = select(Recovery).order_by(Recovery.allocation_id)
GONE = (
    select(Withdrawal.credit_item_id, func.sum(Withdrawal.amount_minor).label("minor"))
    .group_by(Withdrawal.credit_item_id)
    .subquery()
)
ITEMS = (
    select(CreditItem.source, CreditItem.amount_minor, CreditItem.unapplied_minor, GONE.c.minor)
    .outerjoin(GONE, GONE.c.credit_item_id == CreditItem.id)
    .where(CreditItem.kind == CreditKind.WRITE_OFF)
)
STOPS = (
    select(Stop.source, func.count(Stop.id).label("many"))
    .outerjoin(StopLift, StopLift.stop_id == Stop.id)
    .where(Stop.kind == StopKind.WRITE_OFF, StopLift.id.is_(None))
    .group_by(Stop.source)
)
TRACED = (WriteOffStatus.STANDING, WriteOffStatus.RECOVERED)


def check_write_offs(session: Session) -> Iterator[Finding]:
    """Every write-off that is not as the ledger, its invoice or its stop has it, and what else moved its lines."""
    recoveries: dict[int, list[Recovery]] = defaultdict(list)
    for recovery in session.scalars(RECOVERIES):
        recoveries[recovery.write_off_id].append(recovery)
    posted = _posted(session)
    items = {row.source: row for row in session.execute(ITEMS)}
    stops = {row.source: row.many for row in session.execute(STOPS)}
    for written in session.scalars(select(WriteOff).order_by(WriteOff.id)):
        own = recoveries[written.id]
        yield from _in_the_ledger(session, written, own, posted)
        yield from _on_the_invoice(session, written, own)
        item = items.pop(written.source, None)
        given_up = 0 if item is None else item.amount_minor - item.unapplied_minor - int(item.minor or 0)
        yield from _same(
            "write_off_item",
            written.source,
            "another amount settles the invoice than was given up of it for good",
            written.left_minor if written.status is WriteOffStatus.RELEASED else 0,
            given_up,
        )
        yield from _same(
            "write_off_stop",
            written.source,
            "a write-off holds what it should not, or does not hold its invoice though it stands",
            int(written.status is WriteOffStatus.STANDING),
            stops.pop(written.source, 0),
        )
    for source in sorted(items.keys() | stops.keys()):
        yield Finding("write_off_lost", source, "something is left of a write-off that is not there", "none", source)
    for row in session.execute(OTHERS):
        words = "an entry moves bad debt and belongs to no write-off"
        yield Finding("write_off_entry", str(row.id), words, "a write-off or a recovery", row.source)


def _in_the_ledger(
    session: Session, written: WriteOff, recoveries: list[Recovery], posted: Mapping[str, Mapping[str, int]]
) -> Iterator[Finding]:
    """The sum of its entries and of those of what came in for it, line by line."""
    found: dict[str, int] = defaultdict(int)
    for source in (written.source, *(row.source for row in recoveries)):
        for line, minor in posted.get(source, {}).items():
            found[line] += minor
    stands = written.status is WriteOffStatus.STANDING
    allowance = -written.left_minor if stands else 0
    owed = -written.left_minor if written.status is WriteOffStatus.RELEASED else 0
    expected = {
        LedgerAccount.BAD_DEBT_ALLOWANCE: allowance,
        LedgerAccount.RECEIVABLE: owed,
        LedgerAccount.TAX_PAYABLE: relief_standing(session, written),
    }
    words = "the ledger has another sum for a write-off than stands of it"
    for line, minor in expected.items():
        yield from _same(f"write_off_{line.value}", written.source, words, minor, found[line.value])


def _on_the_invoice(session: Session, written: WriteOff, recoveries: list[Recovery]) -> Iterator[Finding]:
    """That what came in for it is what its invoice's allocations say, as far as it has followed them."""
    if written.made_after_id is None:
        return
    steps = trace(written.amount_minor, settled_since(session, written, written.seen_id))
    yield from _same(
        "write_off_recoveries",
        written.source,
        "what came in for a write-off is not what was settled on its invoice",
        ", ".join(f"{step.allocation_id}: {step.minor}" for step in steps),
        ", ".join(f"{row.allocation_id}: {row.amount_minor}" for row in recoveries),
    )
    if written.status in TRACED:
        left = steps[-1].left_minor if steps else written.amount_minor
        words = "something else is left of a write-off than is open of it"
        yield from _same("write_off_left", written.source, words, left, written.left_minor)


def _same(kind: str, source: str, words: str, expected: object, found: object) -> Iterator[Finding]:
    if expected != found:
        yield Finding(kind, source, words, str(expected), str(found))


def _posted(session: Session) -> dict[str, dict[str, int]]:
    """What the entries of each source come to by ledger account, in minor units."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in session.execute(POSTED):
        found[row.source][row.ledger_account] = int(row.minor)
    return found
