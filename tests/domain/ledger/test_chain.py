"""The chain: the bytes that an entry's hash commits to, written out once by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest

from domain.ledger.chain import entry_hash

CONTENT: dict[str, Any] = {
    "stream": "account:12",
    "seq": 3,
    "kind": "invoice_issued",
    "source": "I-ü",
    "effective_on": date(2026, 3, 1),
    "occurred_on": None,
    "recorded_at": datetime(2026, 3, 16, 12, 0, tzinfo=UTC),
    "account_id": 12,
    "reverses_id": None,
    "legs": [(1, "receivable", 12, "GBP", 12_000), (2, "sales", None, "GBP", -12_000)],
}


def test_the_hash_is_the_one_that_the_documentation_describes() -> None:
    text = (
        '["account:12",3,"invoice_issued","I-ü","2026-03-01",null,"2026-03-16T12:00:00.000000Z",12,null,'
        '[[1,"receivable",12,"GBP",12000],[2,"sales",null,"GBP",-12000]]]'
    )

    assert entry_hash(bytes(32), **CONTENT) == sha256(bytes(32) + text.encode()).digest()


@pytest.mark.parametrize(
    "change",
    [
        {"stream": "account:1"},
        {"seq": 4},
        {"kind": "credit_note"},
        {"source": "I-u"},
        {"effective_on": date(2026, 3, 2)},
        {"occurred_on": date(2026, 3, 1)},
        {"recorded_at": datetime(2026, 3, 16, 12, 0, 0, 1, tzinfo=UTC)},
        {"account_id": None},
        {"reverses_id": 1},
        {"legs": CONTENT["legs"][::-1]},
    ],
)
def test_nothing_of_an_entry_can_change_without_its_hash(change: dict[str, Any]) -> None:
    assert entry_hash(bytes(32), **{**CONTENT, **change}) != entry_hash(bytes(32), **CONTENT)


def test_the_hash_depends_on_the_entry_before() -> None:
    assert entry_hash(b"\1" * 32, **CONTENT) != entry_hash(bytes(32), **CONTENT)


def test_the_zone_in_which_an_instant_is_written_does_not_matter() -> None:
    elsewhere = {**CONTENT, "recorded_at": datetime(2026, 3, 16, 14, 0, tzinfo=timezone(timedelta(hours=2)))}

    assert entry_hash(bytes(32), **elsewhere) == entry_hash(bytes(32), **CONTENT)
