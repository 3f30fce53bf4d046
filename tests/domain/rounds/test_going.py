"""Going through a round: each account paid once by a payment of its own, tried again, skipped, told of claims."""

from __future__ import annotations

import pytest

from domain.accounts.logins import revoke
from domain.accounts.queries import lock
from domain.payments import queries as payments
from domain.payments.ending import fail
from domain.payments.starting import AlreadyClaimed
from domain.rounds.model import PaymentRound
from domain.rounds.queries import ItemState, open_round, round_of
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, NotFound
from domain.shared.money import Money
from tests.support.builders import money
from tests.support.paying import Debt, open_page, succeed
from tests.support.rounds import Office, an_office


@pytest.fixture
def office(db: Database) -> Office:
    return an_office(db)


def test_each_account_is_paid_once_by_a_payment_of_its_own(office: Office) -> None:
    listed = office.begin()
    alder, birch = office.items(listed)

    first, again = office.press(alder), office.press(alder)
    succeed(office.db, first.public_id if first else "", money("150"))
    afterwards = office.press(alder)
    office.press(birch)

    assert (first is not None, again, afterwards) == (True, None, None)
    assert office.states(listed) == [ItemState.DONE, ItemState.UNFINISHED]
    assert office.processor.calls["open_checkout"] == 2


def test_a_payment_that_failed_can_be_tried_again(office: Office) -> None:
    listed = office.begin()
    alder, _ = office.items(listed)
    first = office.press(alder)
    assert first is not None
    with office.db.transaction() as session:
        fail(session, payments.by_public_id(session, first.public_id), "No.", actor=WORKER)

    failed, _ = office.items(listed)
    second = office.press(failed)

    assert failed.state is ItemState.FAILED
    assert second is not None
    assert second.public_id != first.public_id
    assert office.states(listed)[0] is ItemState.UNFINISHED


def test_what_comes_to_something_else_meanwhile_is_asked_again(office: Office) -> None:
    listed = office.begin()
    alder, _ = office.items(listed)
    started = open_page(office.db, office.processor, office.first, {office.first.invoices[1]: money("30")})
    succeed(office.db, started.public_id, money("30"))

    with pytest.raises(Conflict):
        office.press(alder, expected=alder.amount.minor)

    assert office.items(listed)[0].amount == money("120")


def test_what_is_settled_otherwise_is_nothing_to_do(office: Office) -> None:
    listed = office.begin()
    started = open_page(office.db, office.processor, office.second, {office.second.invoices[0]: Money.of("75", "EUR")})
    succeed(office.db, started.public_id, Money.of("75", "EUR"))

    settled = office.items(listed)[1]

    assert settled.state is ItemState.SETTLED
    with pytest.raises(Conflict):
        office.press(settled)


def test_somebody_elses_claim_is_told(office: Office) -> None:
    listed = office.begin()
    paying = Debt(office.first.account_id, office.first.invoices, office.first.ben, office.first.ben)
    open_page(office.db, office.processor, paying, {office.first.invoices[0]: money("120")})

    claimed = office.items(listed)[0]

    assert claimed.claim is not None
    assert claimed.claim.login_id == office.first.ben
    with pytest.raises(AlreadyClaimed):
        office.press(claimed)


def test_a_skipped_item_can_be_taken_up_again_but_not_one_under_way(office: Office) -> None:
    listed = office.begin()
    alder, birch = office.items(listed)
    office.press(birch)

    office.skip(alder)
    office.skip(birch)
    skipped = office.states(listed)
    office.press(alder)

    assert skipped == [ItemState.SKIPPED, ItemState.UNFINISHED]
    assert office.states(listed) == [ItemState.UNFINISHED, ItemState.UNFINISHED]


def test_another_list_closes_the_one_before(office: Office) -> None:
    first, second = office.begin(), office.begin()

    with office.db.reading() as session:
        latest = open_round(session, office.ana)
        assert latest is not None
        assert latest.id == second
        assert session.get_one(PaymentRound, first).closed_at is not None


def test_nobody_else_sees_it_and_a_lost_right_hides_the_account(office: Office) -> None:
    listed = office.begin()
    alder, _ = office.items(listed)
    with pytest.raises(NotFound), office.db.reading() as session:
        round_of(session, office.first.ben, listed)
    with pytest.raises(NotFound):
        office.press(alder, login_id=office.first.ben)

    with office.db.transaction() as session:
        revoke(session, lock(session, office.first.account_id), office.ana, actor=OPERATOR)

    assert [each.account.name for each in office.items(listed)] == ["Birch GmbH"]
    with pytest.raises(NotFound):
        office.press(alder)
