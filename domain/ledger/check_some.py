"""Checking some: a few rows of a sealed table with the seals that cover them, at once, while somebody waits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from domain.ledger.check_rows import check_row, differing_leaves, leaf_finding, rows_of
from domain.ledger.findings import Finding
from domain.ledger.merkle import leaf_hash, merkle_root
from domain.ledger.model import GENESIS, LEAVES, SEALS
from domain.ledger.sealing import seal_hash
from domain.shared.db.rows import AnyRow
from domain.shared.db.sealed import SealedRows, sealed_tables
from domain.shared.errors import N_

MOST_ROWS = 2_000
"""So many rows are checked while somebody waits."""
MOST_LEAVES = 20_000
"""So many leaves of the seals that cover them; the roots of further seals are for the check of everything."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked: how many rows, how many of them a seal covers, how many seals; and what is wrong.

    `seals_left` are seals whose leaves were too many to be added up while somebody waits.
    """

    rows: int
    sealed: int
    seals: int
    seals_left: int
    findings: list[Finding]


def check_some(session: Session, name: str, ids: Sequence[int]) -> Checked:
    """These rows of the sealed table `name`, their payloads, their leaves and the seals over them.

    What cannot be read is itself a finding, as in the check of everything.
    """
    table, payloads, rows = _described(name)
    texts = [str(each) for each in ids]
    erased = rows.erasures()
    erasures = set(session.scalars(erased.where(erased.selected_columns[0].in_(texts))))
    findings: list[Finding] = []
    there = session.execute(rows_of(table, payloads).where(table.c.id.in_(ids)).order_by(table.c.id)).all()
    for row in there:
        findings += _unless_unreadable(f"{table.name} {row.id}", check_row(row, table, rows, erasures))
    gone = sorted(set(ids) - {row.id for row in there})
    findings += [
        Finding("row-lost", f"{table.name} {each}", N_("This row is gone."), "a row", "nothing") for each in gone
    ]
    differing = session.execute(differing_leaves(table).where(LEAVES.c.seq.in_(ids)))
    findings += [leaf_finding(leaf, table) for leaf in differing if leaf.row_hash is not None]
    covered = (LEAVES.c.stream == table.name) & LEAVES.c.seq.in_(ids)
    numbers = list(
        session.scalars(select(LEAVES.c.seal_number).where(covered).distinct().order_by(LEAVES.c.seal_number))
    )
    left, budget = 0, MOST_LEAVES
    for number in numbers:
        many, wrong = _check_seal(session, number, budget)
        left, budget = left + (many is None), budget - (many or 0)
        findings += wrong
    sealed = sum(row.leaf is not None for row in there)
    return Checked(len(there), sealed, len(numbers), left, findings)


def unsealed(session: Session, name: str, limit: int = MOST_ROWS) -> list[int]:
    """The oldest rows of a sealed table that no seal covers yet."""
    _, payloads, _ = _described(name)
    return list(session.scalars(select(payloads.c.id).where(~payloads.c.sealed).order_by(payloads.c.id).limit(limit)))


def seal_over(session: Session, name: str, row_id: int) -> AnyRow | None:
    """The seal that covers a row: its number, instant, count of leaves, root and hash; None while none does."""
    covering = select(LEAVES.c.seal_number).where(LEAVES.c.stream == name, LEAVES.c.seq == row_id)
    return session.execute(select(SEALS).where(SEALS.c.number == covering.scalar_subquery())).one_or_none()


def newest_seal(session: Session) -> AnyRow | None:
    """The last seal; None before the first."""
    return session.execute(select(SEALS).order_by(SEALS.c.number.desc()).limit(1)).one_or_none()


def _described(name: str) -> tuple[Table, Table, SealedRows]:
    return next(each for each in sealed_tables() if each[0].name == name)


def _check_seal(session: Session, number: int, budget: int) -> tuple[int | None, list[Finding]]:
    """How many leaves were added up (None: too many for `budget`), and what is wrong with a seal and its link."""
    place = f"seal {number}"
    found = {row.number: row for row in session.execute(select(SEALS).where(SEALS.c.number.in_((number - 1, number))))}
    seal, before = found.get(number), found.get(number - 1)
    if seal is None:
        return 0, [Finding("lost-seal", place, N_("The seal of these leaves is gone."), "a seal", "nothing")]
    wrong = []
    if seal.prev_hash != (before.hash if before is not None else GENESIS) or (before is None and number != 1):
        words = N_("A seal before this one is missing.")
        wrong.append(Finding("seal-link", place, words, f"seal {number - 1}", "another"))
    if seal_hash(**seal._mapping) != seal.hash:
        wrong.append(Finding("seal-hash", place, N_("This seal was edited."), seal.hash.hex()[:16], "another hash"))
    many = session.scalar(select(func.count()).where(LEAVES.c.seal_number == number)) or 0
    if many > budget:
        return None, wrong
    leaves = session.execute(select(LEAVES).where(LEAVES.c.seal_number == number))
    root = merkle_root(leaf_hash(*leaf) for leaf in sorted((leaf.stream, leaf.seq, leaf.hash) for leaf in leaves))
    if (many, root) != (seal.leaf_count, seal.root):
        words = N_("The leaves of this seal are not the ones that were sealed.")
        expected = f"{seal.leaf_count} leaves, {seal.root.hex()[:16]}"
        wrong.append(Finding("seal-root", place, words, expected, f"{many} leaves, {root.hex()[:16]}"))
    return many, wrong


def _unless_unreadable(place: str, findings: Iterator[Finding]) -> list[Finding]:
    try:
        return list(findings)
    except (ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as problem:
        words = N_("A row holds something that cannot be read.")
        return [Finding("unreadable", place, words, "readable rows", str(problem))]
