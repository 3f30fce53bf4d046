"""Taking in: what a bank file would add to what is known, and adding it: each line once, however often it is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.audit import recording as audit
from domain.banking.columns import BankColumns
from domain.banking.files import BankFile, BankStatementPage, FileLine
from domain.banking.identity import identities
from domain.banking.model import BANK_ACCOUNTS, BANK_LINES, BankAccount, BankImport, LineState
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.money import Money

AT_ONCE = 900
"""How many keys are asked for in one query: databases limit the values that a statement may bring."""
LONGEST_NAME = 120

OurAccount: TypeAlias = tuple[str, str]
"""Identifier and currency, by which a bank account of ours is known."""


@dataclass(frozen=True, slots=True)
class StatementSeen:
    """One statement of a file beside what is known; `name` is None for a bank account that is new to us.

    `before` is the closing balance of the statement before it where that is not what this one opens with: days between
    the two are missing.
    """

    page: BankStatementPage
    name: str | None
    new: tuple[tuple[str, FileLine], ...]
    before: Money | None

    @property
    def known_count(self) -> int:
        """How many of its lines an earlier file told."""
        return len(self.page.lines) - len(self.new)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What one statement added."""

    import_id: int
    bank_account_id: int
    line_count: int
    new_count: int


def preview(session: Session, bank_file: BankFile) -> list[StatementSeen]:
    """Every statement of the file with its lines that are new; one that stands in the file twice is seen once."""
    found = {
        (row.identifier, row.currency): row
        for row in session.execute(select(BANK_ACCOUNTS).order_by(BANK_ACCOUNTS.c.id))
    }
    keyed = _keyed(dict.fromkeys(bank_file.statements))
    known = {
        ours: _known(session, found[ours].id, [key for _, lines in pages for key, _ in lines])
        for ours, pages in keyed.items()
        if ours in found
    }
    seen = []
    for ours, pages in keyed.items():
        row = found.get(ours)
        told = _closings(session, row.id) if row is not None else {}
        for page, lines in pages:
            seen.append(
                StatementSeen(
                    page=page,
                    name=row.name if row is not None else None,
                    new=tuple(each for each in lines if each[0] not in known.get(ours, ())),
                    before=_gap(page, told),
                )
            )
            if page.to_on is not None and page.closing is not None:
                told[page.to_on] = page.closing
    return seen


def take_in(
    session: Session,
    document_id: int,
    bank_file: BankFile,
    *,
    actor: Actor,
    names: Mapping[str, str] | None = None,
    columns: BankColumns | None = None,
) -> list[TakenIn]:
    """Keep the file's statements and those of their lines that are new, waiting for a decision.

    Makes bank accounts that are not known yet, called by their identifier or what `names` says of it, and remembers
    the columns of a table. Files of one bank account are taken in one after the other, whoever brings them.
    """
    wanted = sorted({(page.account, page.currency) for page in bank_file.statements})
    ours = {key: _locked(session, key, (names or {}).get(key[0], "")) for key in wanted}
    if columns is not None:
        for account in ours.values():
            account.columns = columns.as_values()
    taken = []
    for seen in preview(session, bank_file):
        page = seen.page
        taken.append(_take(session, document_id, bank_file, seen, ours[page.account, page.currency], actor))
    return taken


def _take(
    session: Session, document_id: int, bank_file: BankFile, seen: StatementSeen, account: BankAccount, actor: Actor
) -> TakenIn:
    page = seen.page
    kept = BankImport(
        bank_account_id=account.id,
        document_id=document_id,
        format=bank_file.format.value,
        external_id=page.external_id[:120],
        from_on=page.from_on,
        to_on=page.to_on,
        opening_minor=page.opening.minor if page.opening is not None else None,
        closing_minor=page.closing.minor if page.closing is not None else None,
        line_count=len(page.lines),
        new_count=len(seen.new),
        imported_at=now(session),
        staff_id=actor.id if actor.kind is ActorKind.STAFF else None,
    )
    session.add(kept)
    session.flush()
    rows = [_row(key, line, account.id, kept.id) for key, line in seen.new]
    if rows:
        session.execute(insert(BANK_LINES), rows)
    audit.record(
        session,
        "bank_statement.imported",
        actor=actor,
        subject=("bank_import", kept.id),
        after={"bank_account": account.identifier, "lines": kept.line_count, "new": kept.new_count},
    )
    return TakenIn(kept.id, account.id, kept.line_count, kept.new_count)


def _row(key: str, line: FileLine, bank_account_id: int, import_id: int) -> dict[str, Any]:
    return {
        "bank_account_id": bank_account_id,
        "import_id": import_id,
        "identity": key,
        "booked_on": line.booked_on,
        "value_on": line.value_on,
        "currency": line.amount.currency,
        "amount_minor": line.amount.minor,
        "references": list(line.references),
        "text": line.text,
        "counterparty_name": line.counterparty_name,
        "counterparty_account": line.counterparty_account,
        "bank_ref": line.bank_ref,
        "code": line.code,
        "returned": line.returned,
        "reason": line.reason,
        "state": LineState.OPEN,
    }


def _keyed(
    pages: Iterable[BankStatementPage],
) -> dict[OurAccount, list[tuple[BankStatementPage, list[tuple[str, FileLine]]]]]:
    """The pages of each bank account, their lines with their identities: equal lines are numbered over all pages."""
    grouped: dict[OurAccount, list[BankStatementPage]] = defaultdict(list)
    for page in pages:
        grouped[page.account, page.currency].append(page)
    keyed = {}
    for ours, of_account in grouped.items():
        keys = iter(identities(line for page in of_account for line in page.lines))
        keyed[ours] = [(page, list(zip(islice(keys, len(page.lines)), page.lines, strict=True))) for page in of_account]
    return keyed


def _known(session: Session, bank_account_id: int, keys: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(keys), AT_ONCE):
        some = BANK_LINES.c.identity.in_(keys[start : start + AT_ONCE])
        known.update(
            session.scalars(select(BANK_LINES.c.identity).where(BANK_LINES.c.bank_account_id == bank_account_id, some))
        )
    return known


def _closings(session: Session, bank_account_id: int) -> dict[Any, Money]:
    """The closing balances that earlier files told, by their days."""
    rows = session.execute(
        select(BankImport.to_on, BankImport.closing_minor, BankAccount.currency)
        .join(BankAccount, BankAccount.id == BankImport.bank_account_id)
        .where(
            BankImport.bank_account_id == bank_account_id,
            BankImport.to_on.is_not(None),
            BankImport.closing_minor.is_not(None),
        )
        .order_by(BankImport.id)
    )
    return {row.to_on: Money(row.closing_minor, row.currency) for row in rows}


def _gap(page: BankStatementPage, told: Mapping[Any, Money]) -> Money | None:
    """The closing balance told last before this page begins, where the page opens with another one."""
    if page.opening is None or page.from_on is None:
        return None
    earlier = [day for day in told if day < page.from_on]
    if not earlier:
        return None
    before = told[max(earlier)]
    return before if before != page.opening else None


def _locked(session: Session, ours: OurAccount, name: str) -> BankAccount:
    """The bank account, made where it is new, and locked: its files come one after the other."""
    identifier, currency = ours
    row = {
        "name": (name.strip() or identifier)[:LONGEST_NAME],
        "identifier": identifier,
        "currency": currency,
        "created_at": now(session),
    }
    insert_if_new(session, BANK_ACCOUNTS, ("identifier", "currency"), row)
    wanted = select(BankAccount).where(BankAccount.identifier == identifier, BankAccount.currency == currency)
    return session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()
