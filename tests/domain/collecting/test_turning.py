"""Turning: who may turn automatic payment on and off, and what is written down of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from domain.accounts import queries as accounts
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Right
from domain.collecting import queries, turning
from domain.collecting.model import Autopay, AutopayConsent, StopReason
from domain.saved_methods.keeping import Kept, lose, share
from domain.saved_methods.model import MethodKind, SavedMethod
from domain.shared.actor import OPERATOR, PROCESSOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotAllowed, NotFound
from domain.tasks.model import TaskKind
from tests.support.builders import an_account
from tests.support.saving import AGREED, VISA, a_method
from tests.support.tasks import open_tasks

EXPIRING = Kept("pm_2", MethodKind.CARD, "Visa •••• 0005", (2026, 3))


@pytest.fixture
def account(db: Database) -> int:
    with db.transaction() as session:
        return an_account(session).id


def someone(db: Database, account_id: int, name: str, rights: frozenset[Right] = ALL_RIGHTS) -> int:
    """A login with these rights on the account."""
    with db.transaction() as session:
        login = grant(
            session,
            accounts.lock(session, account_id),
            email=f"{name}.{account_id}@example.com",
            name=name.title(),
            rights=rights,
            actor=OPERATOR,
        )
        session.flush()
        return login.id


def turn_on(db: Database, account_id: int, method_id: int, login_id: int) -> Autopay:
    with db.transaction() as session:
        return turning.turn_on(
            session, account_id, method_id, AGREED, login_id=login_id, actor=Actor.login(login_id, "203.0.113.7")
        )


def test_turning_it_on_keeps_who_agreed_to_which_words_when_and_from_where(db: Database, account: int) -> None:
    ana = someone(db, account, "ana")

    made = turn_on(db, account, a_method(db, account, ana), ana)

    with db.reading() as session:
        consent = session.get_one(AutopayConsent, made.consent_id)
        assert (consent.login_id, consent.text_version, consent.rules_version) == (ana, "2026-11", "2026-01")
        assert (consent.address, consent.user_agent, consent.language) == ("203.0.113.7", "a browser", "en")
        assert queries.running(session, account) is not None


def test_the_same_again_changes_nothing_and_another_method_takes_its_place(db: Database, account: int) -> None:
    ana = someone(db, account, "ana")
    first = a_method(db, account, ana)
    second = a_method(db, account, ana, Kept("pm_9", MethodKind.BANK_DEBIT, "Bacs •••• 2345", None))

    once, twice = turn_on(db, account, first, ana), turn_on(db, account, first, ana)
    other = turn_on(db, account, second, ana)

    assert once.id == twice.id != other.id
    with db.reading() as session:
        stopped = session.scalars(select(Autopay.stopped_why).order_by(Autopay.id)).all()
    assert stopped == [StopReason.REPLACED, None]


def test_only_the_owner_of_the_method_may_turn_it_on_even_where_it_is_shared(db: Database, account: int) -> None:
    ana, ben = someone(db, account, "ana"), someone(db, account, "ben")
    method = a_method(db, account, ana)
    with db.transaction() as session:
        share(session, account, method, shared=True, login_id=ana, actor=Actor.login(ana))

    with pytest.raises(NotAllowed) as refused:
        turn_on(db, account, method, ben)

    assert refused.value.who_can == ("Ana",)


@pytest.mark.parametrize("lacking", [Right.PAY, Right.BIND])
def test_who_may_not_pay_or_not_bind_the_account_may_not_turn_it_on(db: Database, account: int, lacking: Right) -> None:
    someone(db, account, "ana")
    ben = someone(db, account, "ben", ALL_RIGHTS - {lacking})
    method = a_method(db, account, ben)

    with pytest.raises(NotAllowed) as refused:
        turn_on(db, account, method, ben)

    assert refused.value.who_can == ("Ana",)


def test_what_is_lost_or_has_expired_cannot_be_chosen(db: Database, account: int, clock: MovableClock) -> None:
    ana = someone(db, account, "ana")
    gone, expired = a_method(db, account, ana, VISA), a_method(db, account, ana, EXPIRING)
    with db.transaction() as session:
        lose(session, session.get_one(SavedMethod, gone), actor=PROCESSOR)
    clock.advance(days=30)

    with pytest.raises(Conflict):
        turn_on(db, account, gone, ana)
    with pytest.raises(Conflict):
        turn_on(db, account, expired, ana)


def test_a_method_of_another_account_is_not_there(db: Database, account: int) -> None:
    ana = someone(db, account, "ana")
    with db.transaction() as session:
        other = an_account(session).id
    tom = someone(db, other, "tom")

    with pytest.raises(NotFound):
        turn_on(db, account, a_method(db, other, tom), ana)


def test_turning_off_what_is_off_changes_nothing(db: Database, account: int) -> None:
    with db.transaction() as session:
        assert not turning.turn_off(session, account, StopReason.PAYER, actor=OPERATOR)


def test_a_card_that_expires_turns_it_off_with_a_task(db: Database, account: int, clock: MovableClock) -> None:
    ana = someone(db, account, "ana")
    turn_on(db, account, a_method(db, account, ana, EXPIRING), ana)
    with db.reading() as session:
        before = queries.unfit(session)

    clock.advance(days=(date(2026, 4, 1) - date(2026, 3, 16)).days)
    with db.transaction() as session:
        found = queries.unfit(session)
        turned_off = turning.turn_off_unfit(session, account, actor=OPERATOR)

    assert (before, found, turned_off) == ([], [account], True)
    with db.reading() as session:
        assert [task.kind for task in open_tasks(session)] == [TaskKind.METHOD_LOST]
