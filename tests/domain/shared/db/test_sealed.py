"""Sealed rows: which tables ask for a seal, and that each keeps to what it says of itself."""

from __future__ import annotations

from domain.shared.db.guards import APPEND_ONLY
from domain.shared.db.sealed import sealed_tables


def test_the_audit_trail_is_sealed() -> None:
    assert "audit_entry" in [table.name for table, _, _ in sealed_tables()]


def test_a_sealed_table_is_append_only_and_has_what_a_seal_needs() -> None:
    for table, payloads, rows in sealed_tables():
        assert table.info[APPEND_ONLY]
        assert {"id", "digest", "hash"} <= set(table.c.keys())
        assert {"id", "salt", "payload", "erased_at", "ground", "sealed"} <= set(payloads.c.keys())
        assert set(rows.columns) == set(table.c.keys()) - {"id", "hash"}
