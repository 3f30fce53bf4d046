"""Recording: who did what to which thing, and a payload that proves itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain.audit.model import AUDIT_ENTRIES, AUDIT_PAYLOADS
from domain.audit.recording import plain, record
from domain.ledger.chart import LedgerAccount
from domain.ledger.checks import check_books
from domain.shared.actor import WORKER, Actor, ActorKind
from domain.shared.db.session import Database
from domain.shared.hashing import salted_digest
from domain.shared.money import Money
from tests.conftest import NOON


def test_an_act_says_who_what_which_and_when(db: Database) -> None:
    with db.transaction() as session:
        audit_id = record(
            session,
            "account.renamed",
            actor=Actor.staff(7, "192.0.2.1"),
            subject=("account", 12),
            account_id=12,
            entry_id=3,
            before={"name": "Old"},
            after={"name": "New"},
            reason="asked by phone",
        )

        row = session.execute(select(AUDIT_ENTRIES).where(AUDIT_ENTRIES.c.id == audit_id)).one()
        side = session.execute(select(AUDIT_PAYLOADS).where(AUDIT_PAYLOADS.c.id == audit_id)).one()
        assert (row.at, row.act, row.actor_kind, row.actor_id) == (NOON, "account.renamed", ActorKind.STAFF, 7)
        assert (row.subject_kind, row.subject_id, row.account_id, row.entry_id) == ("account", "12", 12, 3)
        assert json.loads(side.payload) == {
            "address": "192.0.2.1",
            "before": {"name": "Old"},
            "after": {"name": "New"},
            "words": {"reason": "asked by phone"},
        }
        assert row.digest == salted_digest(side.salt, side.payload)
        assert check_books(session) == []


def test_nothing_personal_stands_in_the_row_that_stays(db: Database) -> None:
    actor = Actor.login(3, "192.0.2.1")
    with db.transaction() as session:
        record(session, "login.added", actor=actor, subject=("login", 3), after={"email": "ana@example.com"})

        row = repr(session.execute(select(AUDIT_ENTRIES)).one())

    assert "192.0.2.1" not in row
    assert "ana@example.com" not in row


def test_two_acts_alike_have_different_digests(db: Database) -> None:
    with db.transaction() as session:
        for _ in range(2):
            record(session, "worker.ran", actor=WORKER, subject=("job", "nightly"), found=0)

        digests = session.scalars(select(AUDIT_ENTRIES.c.digest)).all()

    assert len(set(digests)) == 2


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET act = 'x'", "DELETE FROM audit_entry"])
def test_acts_are_never_changed(db: Database, act: str) -> None:
    with db.transaction() as session:
        record(session, "worker.ran", actor=WORKER, subject=("job", "nightly"))

        with pytest.raises(IntegrityError, match="never changed or deleted"), session.begin_nested():
            session.connection().exec_driver_sql(act)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Money(1_250, "GBP"), {"amount": "12.50", "currency": "GBP"}),
        (Money(-5, "JPY"), {"amount": "-5", "currency": "JPY"}),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T12:00:00.000000Z"),
        (Decimal("0.10"), "0.10"),
        (LedgerAccount.SALES, "sales"),
        (("a", 1, None, True), ["a", 1, None, True]),
        ({"due": [date(2026, 3, 1)]}, {"due": ["2026-03-01"]}),
        ({7: Money(1, "USD")}, {"7": {"amount": "0.01", "currency": "USD"}}),
    ],
)
def test_values_of_the_domain_become_plain(value: object, expected: Any) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize("value", [1.5, b"bytes", object(), {"a": {1.5}}])
def test_what_has_no_one_text_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="an audit payload holds no"):
        plain(value)


def test_a_refused_payload_records_nothing(db: Database) -> None:
    before: Mapping[str, object] = {"rate": 0.1}
    with db.transaction() as session:
        with pytest.raises(TypeError):
            record(session, "rate.changed", actor=WORKER, subject=("rate", 1), before=before)

        assert session.execute(select(AUDIT_ENTRIES)).all() == []
