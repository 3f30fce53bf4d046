"""Checks: whole books are found whole, and whatever is changed behind our back is found and placed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text, update
from sqlalchemy.orm import Session

from domain.audit.erasing import erase_payload
from domain.audit.recording import record
from domain.ledger.check_seals import against
from domain.ledger.checks import check_books
from domain.ledger.closing import close_books
from domain.ledger.findings import Finding
from domain.ledger.model import ENTRIES, POSTINGS
from domain.ledger.sealing import export_heads, seal
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.entries import open_accounts, post_payment, post_sale, post_settlement
from tests.support.proving import Prove
from tests.support.schemes import rewrite_and_seal_again, schemes
from tests.support.tampering import drop_guards, edits

ACCOUNTS = (1, 2, 3, 4)
UNIQUE_KEYS = """
SELECT conname FROM pg_constraint
WHERE contype = 'u' AND conrelid = 'journal_entry'::regclass AND conname LIKE '%source%'
"""


def keep_books(db: Database, clock: MovableClock) -> None:
    """Three days of business, each sealed, the first two closed; and half a day more that nobody has sealed."""
    with db.transaction() as session:
        open_accounts(session, *ACCOUNTS)
    for day in (16, 17, 18, 19):
        with db.transaction() as session:
            for account in ACCOUNTS:
                entry = post_sale(
                    session, account, 12_000 + day, f"I-{day}-{account}", tax=2_000, on=date(2026, 3, day)
                )
                record(session, "invoice.issued", actor=OPERATOR, subject=("invoice", account), entry_id=entry.id)
                post_payment(session, account, 5_000, f"P-{day}-{account}", on=date(2026, 3, day))
            post_settlement(session, 20_000, 400, f"txn_{day}", on=date(2026, 3, day))
            if day != 19:
                seal(session)
        clock.advance(days=1)
        if day in (17, 18):
            with db.transaction() as session:
                close_books(session, date(2026, 3, day - 1))
    with db.transaction() as session:
        erase_payload(session, 2, ground="GDPR 17(1)(a)", actor=Actor.staff(1))


def found_after(db: Database, *acts: Callable[[Connection], Any]) -> list[list[Finding]]:
    """What the check finds after each of `acts`, which is then taken back."""
    with db._session(writes=True) as session:
        drop_guards(session.connection())
        found = [_found_after(session, act) for act in acts]
        session.rollback()
    return found


def _found_after(session: Session, act: Callable[[Connection], Any]) -> list[Finding]:
    until_now = session.begin_nested()
    act(session.connection())
    found = check_books(session)
    until_now.rollback()
    return found


def test_whole_books_are_found_whole(committed_db: Database, clock: MovableClock) -> None:
    keep_books(committed_db, clock)

    with committed_db.reading() as session:
        assert check_books(session) == []


@pytest.mark.slow
@pytest.mark.figure
@pytest.mark.tampers
def test_every_edit_of_every_guarded_row_is_found_and_placed(
    committed_db: Database, clock: MovableClock, prove: Prove
) -> None:
    keep_books(committed_db, clock)
    with committed_db.reading() as session:
        tried = [*edits(session.connection()), *schemes(session.connection())]

    *findings, afterwards = found_after(committed_db, *(edit.act for edit in tried), lambda connection: None)
    found = {edit.name: after for edit, after in zip(tried, findings, strict=True)}

    missed = [edit.name for edit in tried if not found[edit.name]]
    astray = [
        (edit.name, found[edit.name])
        for edit in tried
        if found[edit.name] and not edit.places & {finding.place for finding in found[edit.name]}
    ]
    placed = len(tried) - len(missed) - len(astray)
    prove(
        13,
        "rows of the books changed, added, removed behind our back",
        f"{placed} of {len(tried)} found in their place",
    )
    assert len(tried) > 180
    assert afterwards == []
    assert missed == []
    assert astray == []


def test_what_is_rewritten_as_a_whole_is_found_by_heads_kept_elsewhere(
    committed_db: Database, clock: MovableClock
) -> None:
    keep_books(committed_db, clock)
    with committed_db.reading() as session:
        heads = export_heads(session)
        assert check_books(session, also=[against(heads)]) == []

    with committed_db._session(writes=True) as session:
        drop_guards(session.connection())
        rewrite_and_seal_again(session.connection(), "account:2", 3)
        alone, with_heads = check_books(session), check_books(session, also=[against(heads)])
        session.rollback()

    assert alone == []
    assert [finding.place for finding in with_heads] == ["seal 2", "seal 3"]


def test_checks_of_other_packages_are_asked_too(db: Database) -> None:
    finding = Finding("code", "place", "words", "expected", "found")
    with db.reading() as session:
        assert check_books(session, also=[lambda session: [finding]]) == [finding]


@pytest.mark.tampers
def test_a_line_that_the_chart_does_not_have_is_found(committed_db: Database, clock: MovableClock) -> None:
    keep_books(committed_db, clock)

    [found] = found_after(
        committed_db,
        lambda c: c.execute(update(POSTINGS).where(POSTINGS.c.entry_id == 5).values(ledger_account="gold")),
    )

    assert "unknown-ledger-account" in {finding.code for finding in found}


@pytest.mark.parametrize("engine_kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
@pytest.mark.tampers
def test_what_was_posted_twice_is_found_where_the_unique_key_was_taken_away(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1, 2)
        post_sale(session, 1, 100, "I-1")
        second = post_sale(session, 2, 100, "I-2")
        drop_guards(session.connection())
        for name in session.scalars(text(UNIQUE_KEYS)).all():
            session.execute(text(f"ALTER TABLE journal_entry DROP CONSTRAINT {name}"))
        session.execute(update(ENTRIES).where(ENTRIES.c.id == second.id).values(source="I-1"))

        twice = [finding for finding in check_books(session) if finding.code == "posted-twice"]

        assert [(finding.place, finding.found) for finding in twice] == [("invoice_issued I-1", "2")]


def test_a_check_that_cannot_read_a_row_says_how_far_it_came(db: Database) -> None:
    def stumbles(session: Session) -> Iterator[Finding]:
        yield Finding("code", "entry 4", "words", "expected", "found")
        raise ValueError("month must be in 1..12")

    with db.reading() as session:
        found = check_books(session, also=[stumbles])

    assert [(finding.code, finding.place, finding.found) for finding in found] == [
        ("code", "entry 4", "found"),
        ("unreadable", "stumbles, after entry 4", "month must be in 1..12"),
    ]
