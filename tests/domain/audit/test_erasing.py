"""Erasing: gone for good, on a ground, on record, and the digest still stands."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.audit.erasing import erase_payload
from domain.audit.model import AUDIT_PAYLOADS
from domain.audit.recording import record
from domain.ledger.checks import check_books
from domain.ledger.sealing import seal
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound

GROUND = "GDPR 17(1)(a)"


@pytest.mark.parametrize("sealed_before", [True, False])
def test_an_erased_payload_leaves_whole_books(db: Database, sealed_before: bool) -> None:
    with db.transaction() as session:
        audit_id = record(
            session, "login.added", actor=OPERATOR, subject=("login", 1), after={"email": "a@example.com"}
        )
        if sealed_before:
            seal(session)

        erase_payload(session, audit_id, ground=GROUND, actor=Actor.staff(1))

        row = session.execute(select(AUDIT_PAYLOADS).where(AUDIT_PAYLOADS.c.id == audit_id)).one()
        assert (row.payload, row.salt, row.ground) == (None, None, GROUND)
        seal(session)
        assert check_books(session) == []


def test_nothing_is_erased_without_a_ground(db: Database) -> None:
    with db.transaction() as session:
        audit_id = record(session, "login.added", actor=OPERATOR, subject=("login", 1))

        with pytest.raises(Invalid) as refusal:
            erase_payload(session, audit_id, ground=" ", actor=OPERATOR)

        assert refusal.value.field == "ground"


def test_nothing_is_erased_twice(db: Database) -> None:
    with db.transaction() as session:
        audit_id = record(session, "login.added", actor=OPERATOR, subject=("login", 1))
        erase_payload(session, audit_id, ground=GROUND, actor=OPERATOR)

        with pytest.raises(Conflict):
            erase_payload(session, audit_id, ground=GROUND, actor=OPERATOR)


def test_what_is_not_there_is_not_erased(db: Database) -> None:
    with pytest.raises(NotFound), db.transaction() as session:
        erase_payload(session, 999, ground=GROUND, actor=OPERATOR)
