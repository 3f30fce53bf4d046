"""Guards: the database itself refuses to change or delete rows of every append-only table, and can be told so again."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from domain.ledger.sealing import seal
from domain.shared.db import guards
from domain.shared.db.session import Database
from tests.support.entries import open_accounts, post_sale

LEDGER = {"journal_entry", "period_close", "posting", "seal", "seal_leaf", "sealed_balance"}


def test_the_ledger_and_the_audit_trail_are_guarded() -> None:
    assert {*LEDGER, "audit_entry"} <= set(guards.append_only_tables())


def test_every_guarded_table_has_its_triggers(db: Database) -> None:
    sqlite = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard_%'"
    postgresql = "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname LIKE 'guard_%'"
    with db.reading() as session:
        catalogue = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
        guarded = session.scalars(text(catalogue)).all()

    assert sorted(guarded) == sorted(2 * guards.append_only_tables())


def test_guards_can_be_put_in_place_again(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 100, "I-1")
        seal(session)
        guards.install(session.connection())

        for table in ("posting", "journal_entry", "seal_leaf", "sealed_balance", "seal"):
            refusal = pytest.raises(IntegrityError, match=f"rows of {table} are never changed or deleted")
            with refusal, session.begin_nested():
                session.execute(text(f"DELETE FROM {table}"))
        session.rollback()


@pytest.mark.parametrize("engine_kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_emptying_a_table_at_a_stroke_is_refused_too(db: Database) -> None:
    refusal = pytest.raises(IntegrityError, match="never changed or deleted")
    with db.transaction() as session, refusal, session.begin_nested():
        session.execute(text("TRUNCATE posting"))
