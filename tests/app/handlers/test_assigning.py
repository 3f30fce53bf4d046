"""Assigning in the background: after a rule, for new accounts, once a day, and when somebody leaves."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.handlers import assigning, outbox
from app.wired import Wired
from app.worker import Worker
from domain.assignments import applying, handing_over
from domain.assignments.assigning import assign
from domain.assignments.fitting import Choice
from domain.assignments.model import RuleKind
from domain.assignments.ruling import add
from domain.dunning import turns
from domain.dunning.turns import Did
from domain.outbox.model import OUTBOX
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.staff.changing import disable
from tests.support.assigning import a_colleague, kept_by
from tests.support.builders import an_account, an_invoice, money

EVERYTHING = Choice(RuleKind.EVERYTHING)


def kept(wired: Wired) -> dict[int, int]:
    """Whose each account is."""
    with wired.database.reading() as session:
        return kept_by(session)


def handled(wired: Wired) -> int:
    """Handle whatever waits; how many messages that was."""
    total = 0
    while done := outbox.handle_due(wired):
        total += done
    return total


def test_a_rule_goes_through_all_accounts_a_part_at_a_time(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_after = applying.apply_after
    monkeypatch.setattr(
        applying, "apply_after", lambda session, after, actor: apply_after(session, after, actor=actor, at_once=2)
    )
    with wired.database.transaction() as session:
        eva = a_colleague(session).id
        accounts = [an_account(session).id for _ in range(5)]
        add(session, EVERYTHING, eva, actor=OPERATOR)

    assert handled(wired) == 4

    assert kept(wired) == dict.fromkeys(accounts, eva)


def test_a_new_account_is_somebodys_with_the_next_turn(wired: Wired) -> None:
    with wired.database.transaction() as session:
        eva = a_colleague(session).id
        add(session, EVERYTHING, eva, actor=OPERATOR)
    handled(wired)
    with wired.database.transaction() as session:
        account = an_account(session).id

    assert assigning.take_due(wired.database) == Did(1)

    assert kept(wired) == {account: eva}


def test_once_a_day_all_accounts_go_by_what_is_open_now(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        eva, tom = a_colleague(session).id, a_colleague(session, "Tom").id
        account = an_account(session)
        add(session, Choice(RuleKind.SIZE, least=money("100")), eva, actor=OPERATOR)
        add(session, EVERYTHING, tom, actor=OPERATOR)
    worker = Worker(wired)
    worker.drain()
    assert kept(wired) == {account.id: tom}
    with wired.database.transaction() as session:
        an_invoice(session, account, "100")

    worker.drain()
    assert kept(wired) == {account.id: tom}
    clock.advance(days=1)
    worker.drain()

    assert kept(wired) == {account.id: eva}
    with wired.database.reading() as session:
        assert "assignments" in {row.duty for row in turns.on(session, today(session))}


def test_without_rules_nothing_is_gone_through(wired: Wired) -> None:
    with wired.database.transaction() as session:
        an_account(session)

    assert assigning.take_due(wired.database) == Did()

    with wired.database.reading() as session:
        assert session.scalar(select(func.count()).where(OUTBOX.c.kind == applying.ApplyRules.kind)) == 0


def test_one_who_cannot_be_handed_over_keeps_no_other_from_it(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    with wired.database.transaction() as session:
        gone = [a_colleague(session, name).id for name in ("Eva", "Tom")]
        accounts = [an_account(session).id for _ in gone]
        for account_id, staff_id in zip(accounts, gone, strict=True):
            assign(session, [account_id], staff_id, actor=OPERATOR)
            disable(session, staff_id, actor=OPERATOR)
    hand_over = handing_over.hand_over

    def failing(session, staff_id, *, actor):  # type: ignore[no-untyped-def]
        if staff_id == gone[0]:
            raise RuntimeError("no")
        return hand_over(session, staff_id, actor=actor)

    monkeypatch.setattr(handing_over, "hand_over", failing)

    did = assigning.take_due(wired.database)

    assert (did.done, did.failures, did.error) == (1, 1, f"member of staff {gone[0]}: no")
    assert kept(wired) == {accounts[0]: gone[0]}
