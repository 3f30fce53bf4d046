"""Whose turn it is: a payer is told in good time, and nobody waits behind those who cannot be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.accounts import queries as accounts
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.collecting import planning, queries, turning
from domain.collecting.due_parts import part_of_invoice
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from tests.support.builders import an_account, an_invoice, money
from tests.support.saving import AGREED, VISA, a_method


def a_debtor(db: Database) -> tuple[int, int]:
    """An account that is paid automatically from a card, and its invoice of 120.00, due in ten days."""
    with db.transaction() as session:
        account = an_account(session)
        email = f"cleo.{account.id}@example.com"
        login_id = grant(session, account, email=email, name="Cleo", rights=ALL_RIGHTS, actor=OPERATOR).id
        invoice_id = an_invoice(session, account, "120.00", due_on=today(session) + timedelta(days=10)).id
    card = replace(VISA, method_ref=f"pm_{account.id}")
    method_id = a_method(db, account.id, login_id, card)
    with db.transaction() as session:
        turning.turn_on(session, account.id, method_id, AGREED, login_id=login_id, actor=Actor.login(login_id))
        planning.plan(session, account.id)
    return account.id, invoice_id


def to_announce(db: Database) -> list[int]:
    """The accounts that have a turn."""
    with db.reading() as session:
        return queries.to_announce(session)


def test_a_payer_has_their_turn_as_long_before_as_they_are_to_be_told(db: Database, clock: MovableClock) -> None:
    account_id, _ = a_debtor(db)

    clock.advance(days=6)
    before = to_announce(db)
    clock.advance(days=1)
    then = to_announce(db)

    assert (before, then) == ([], [account_id])


def test_who_can_be_told_does_not_wait_behind_those_who_cannot(
    db: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BATCH", 1)
    (held, contested), (free, _) = a_debtor(db), a_debtor(db)
    with db.transaction() as session:
        accounts.lock(session, held)
        complaint = Complaint(Reason.DAMAGED, "Broken", money("120.00"))
        raise_dispute(session, held, contested, complaint, login_id=None, actor=OPERATOR)

    clock.advance(days=8)
    with db.transaction() as session:
        not_told = planning.announce(session, held, part_of_invoice)

    assert not_told == []
    assert to_announce(db) == [held, free]
