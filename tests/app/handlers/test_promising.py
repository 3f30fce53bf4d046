"""Promises in the background: the mail that confirms one, and judging what waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.handlers import outbox, promising
from app.wired import Wired
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.dunning.turns import Did
from domain.policies.sections import Promises, Sections
from domain.promises import judging
from domain.promises.making import Word, promise_alone
from domain.promises.model import PromiseStatus, PromiseToPay
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from tests.support.builders import an_account, an_invoice
from tests.support.outside import MemoryMail
from tests.support.policies import a_policy
from tests.support.promising import a_promise, promised

MAYA = "maya@harbour.example"


@pytest.mark.parametrize(("by_maya", "to"), [(True, MAYA), (False, "office@harbour.example")])
def test_whoever_promised_is_told_what_and_by_when(wired: Wired, by_maya: bool, to: str) -> None:
    with wired.database.transaction() as session:
        a_policy(session, Sections(promises=Promises(most_days=14)))
        account = an_account(session, email="office@harbour.example")
        login = grant(session, account, email=MAYA, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)
        invoice = an_invoice(session, account, "120", number="R-7")
        session.flush()
        if by_maya:
            word = Word(today(session) + timedelta(days=7), (invoice.id,))
            promise_alone(session, account.id, word, login_id=login.id, actor=Actor.login(login.id))
        else:
            promised(session, account, invoice)

    while outbox.handle_due(wired):
        pass

    assert isinstance(wired.mailer, MemoryMail)
    [mail] = wired.mailer.sent
    said = " ".join(mail.text.replace("\xa0", " ").split())
    assert mail.to == to
    assert "Your promise to pay by 23 Mar 2026" in said
    assert "You pay: £120.00" in said
    assert "For: R-7" in said
    assert "/promises/" in said


def test_promises_are_judged_when_their_day_is_over_and_one_that_fails_holds_up_no_other(
    wired: Wired, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wired.database.transaction() as session:
        _, first = a_promise(session, days=1)
        _, second = a_promise(session, days=1)
    judge = judging.judge
    clock.advance(days=2)

    def fail_once(session, account_id, promise_id, *, actor):  # type: ignore[no-untyped-def]
        if promise_id == first.id:
            raise RuntimeError("the disk is full")
        return judge(session, account_id, promise_id, actor=actor)

    monkeypatch.setattr(judging, "judge", fail_once)
    did = promising.judge_due(wired.database)
    monkeypatch.undo()
    before = status_of(wired, first), status_of(wired, second)
    promising.judge_due(wired.database)

    assert did == Did(1, 1, f"promise {first.id}: the disk is full")
    assert before == (PromiseStatus.OPEN, PromiseStatus.BROKEN)
    assert status_of(wired, first) is PromiseStatus.BROKEN


def status_of(wired: Wired, promise: PromiseToPay) -> PromiseStatus:
    """How it stands."""
    with wired.database.reading() as session:
        return session.get_one(PromiseToPay, promise.id).status
