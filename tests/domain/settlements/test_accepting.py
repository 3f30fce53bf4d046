"""Accepting: in one go or in monthly parts, by whoever may bind, while it says what it said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.accounts.logins import grant
from domain.accounts.model import Right
from domain.settlements import queries
from domain.settlements.accepting import accept, decline, expire
from domain.settlements.model import OfferStatus
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotAllowed
from domain.shared.months import months_later
from tests.support.builders import money
from tests.support.credit import a_cheque
from tests.support.planning import somebody_who_binds
from tests.support.settling import an_accepted_offer, an_offer


def test_an_offer_in_three_parts_is_due_monthly_from_its_last_day_on(db: Database) -> None:
    with db.transaction() as session:
        _, _, _, made = an_accepted_offer(session, "100", pays="80", parts=3)

        standing = queries.standing(session, made.id)
        first = today(session) + timedelta(days=14)

    assert standing is not None
    assert [(part.due_on, part.amount) for part in standing.parts] == [
        (first, money("26.67")),
        (months_later(first, 1), money("26.67")),
        (months_later(first, 2), money("26.66")),
    ]
    assert standing.left == money("80")


def test_more_parts_than_were_offered_are_refused(db: Database) -> None:
    with pytest.raises(Invalid), db.transaction() as session:
        an_accepted_offer(session, "100", pays="80", parts=4)


def test_whoever_may_only_pay_is_told_who_may_accept(db: Database) -> None:
    with db.transaction() as session:
        account, _, made = an_offer(session, "100", pays="80")
        somebody_who_binds(session, account)
        rights = frozenset({Right.VIEW, Right.PAY})
        login = grant(session, account, email="p@example.com", name="Pat Payer", rights=rights, actor=OPERATOR)
        session.flush()
        actor = Actor.login(login.id)

    with pytest.raises(NotAllowed) as refused, db.transaction() as session:
        accept(session, account.id, made.id, parts=1, actor=actor)

    assert refused.value.who_can == ("Olive Owner",)


def test_an_offer_can_be_accepted_on_its_last_day_and_not_after(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _, made = an_offer(session, "100", pays="80")
        actor = somebody_who_binds(session, account)
    clock.advance(days=14)
    with db.transaction() as session:
        lapsed_early = expire(session, account.id, made.id, actor=WORKER)
    clock.advance(days=1)

    with pytest.raises(Conflict), db.transaction() as session:
        accept(session, account.id, made.id, parts=1, actor=actor)
    with db.transaction() as session:
        lapsed = expire(session, account.id, made.id, actor=WORKER)
        status = queries.offer(session, made.id).status

    assert (lapsed_early, lapsed, status) == (False, True, OfferStatus.EXPIRED)


def test_a_part_payment_before_lets_the_offer_fall_because_it_was_for_all(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,), made = an_offer(session, "100", pays="80")
        actor = somebody_who_binds(session, account)
    with db.transaction() as session:
        a_cheque(session, account, "10", wanted={invoice.id: money("10")})

    with pytest.raises(Conflict), db.transaction() as session:
        accept(session, account.id, made.id, parts=1, actor=actor)
    with db.reading() as session:
        assert queries.offer(session, made.id).status is OfferStatus.WITHDRAWN


def test_who_declines_cannot_accept_after_all(db: Database) -> None:
    with db.transaction() as session:
        account, _, made = an_offer(session, "100", pays="80")
        actor = somebody_who_binds(session, account)
    with db.transaction() as session:
        decline(session, account.id, made.id, actor=actor)

    with pytest.raises(Conflict), db.transaction() as session:
        accept(session, account.id, made.id, parts=1, actor=actor)
