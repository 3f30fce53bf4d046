"""Rounds: what can be chosen over several accounts, and how a list of them is gone through, each paid once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from domain.accounts.logins import grant, revoke
from domain.accounts.model import Right
from domain.accounts.queries import lock
from domain.payments import queries as payments
from domain.payments import sending
from domain.payments.ending import fail
from domain.payments.starting import AlreadyClaimed, Started
from domain.rounds.choosing import open_invoices, owing, plan
from domain.rounds.going import Way, begin, skip, start_item
from domain.rounds.model import PaymentRound
from domain.rounds.queries import Item, ItemState, items, open_round, round_of
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.shared.money import Money
from tests.support.builders import an_account, an_invoice, money
from tests.support.fakes import FakeProcessor
from tests.support.paying import Debt, open_page, succeed

ON_THE_PAGE = Way("https://portal.example/back", "https://portal.example/list", "en")


@dataclass
class Office:
    """An accountant, Ana, with the accounts of two clients."""

    db: Database
    ana: int
    first: Debt
    second: Debt
    processor: FakeProcessor

    def begin(self) -> int:
        """A round over everything that is open; its id."""
        with self.db.transaction() as session:
            planned = plan(session, self.ana, invoice_ids=[*self.first.invoices, *self.second.invoices])
            return begin(session, self.ana, planned, actor=Actor.login(self.ana)).id

    def items(self, round_id: int) -> list[Item]:
        """How it stands."""
        with self.db.reading() as session:
            return items(session, self.ana, round_id)

    def states(self, round_id: int) -> list[ItemState]:
        """The states alone."""
        return [each.state for each in self.items(round_id)]

    def press(self, item: Item, *, expected: int | None = None, login_id: int | None = None) -> Started | None:
        """Start the payment of an item on the processor's page."""
        payer = login_id or self.ana
        sending.know_customer(self.db, self.processor, item.account.id)
        with self.db.transaction() as session:
            started = start_item(
                session,
                self.processor,
                item.account.id,
                item.id,
                ON_THE_PAGE,
                expected=item.amount.minor if expected is None else expected,
                login_id=payer,
                actor=Actor.login(payer),
            )
        if started is not None and started.url is None:
            sending.send(self.db, self.processor, started.attempt_id, actor=WORKER)
        return started

    def skip(self, item: Item) -> None:
        """Leave it out."""
        with self.db.transaction() as session:
            skip(session, item.account.id, item.id, login_id=self.ana, actor=Actor.login(self.ana))


def a_client(db: Database, name: str, amounts: Sequence[str], currency: str = "GBP") -> tuple[Debt, int]:
    """An account that Ana, and one other person, may pay; and Ana's login."""
    with db.transaction() as session:
        account = an_account(session, name=name, currency=currency)
        people = [
            grant(session, account, email=email, name=email, rights={Right.VIEW, Right.PAY}, actor=OPERATOR).id
            for email in ("ana@books.example", f"ben.{account.id}@client.example")
        ]
        invoices = [an_invoice(session, account, amount).id for amount in amounts]
        return Debt(account.id, invoices, *people), people[0]


@pytest.fixture
def office(db: Database) -> Office:
    first, ana = a_client(db, "Alder Ltd", ("120", "30"))
    second, _ = a_client(db, "Birch GmbH", ("75",), "EUR")
    return Office(db, ana, first, second, FakeProcessor())


def test_accounts_with_something_open_can_be_chosen_each_in_its_currency(office: Office) -> None:
    with office.db.transaction() as session:
        an_account(session, name="Another's")
    a_client(office.db, "Cedar (nothing open)", ())

    with office.db.reading() as session:
        found = [(each.account.name, each.open) for each in owing(session, office.ana)]
        shown = open_invoices(session, office.ana, [office.second.account_id])

    assert found == [("Alder Ltd", money("150")), ("Birch GmbH", Money.of("75", "EUR"))]
    assert [[row.id for row in rows] for rows in shown.values()] == [office.second.invoices]


def test_all_that_is_due_is_what_is_due_until_today(office: Office) -> None:
    with office.db.reading() as session, pytest.raises(Invalid):
        plan(session, office.ana, all_due_of=[office.first.account_id])
    with office.db.transaction() as session:
        account = lock(session, office.first.account_id)
        late = an_invoice(session, account, "9", issued_on=account.created_at.date().replace(year=2020)).id

    with office.db.reading() as session:
        [planned] = plan(session, office.ana, all_due_of=[office.first.account_id])

    assert ([row.id for row in planned.invoices], planned.total) == ([late], money("9"))


def test_what_is_not_theirs_is_not_there(office: Office) -> None:
    with office.db.transaction() as session:
        other = an_account(session)
        invoice = an_invoice(session, other, "5").id

    with office.db.reading() as session:
        with pytest.raises(NotFound):
            plan(session, office.ana, invoice_ids=[invoice])
        with pytest.raises(NotFound):
            plan(session, office.ana, all_due_of=[other.id])
        with pytest.raises(NotFound):
            open_invoices(session, office.ana, [other.id])


def test_what_somebody_is_paying_is_told_and_left_out(office: Office) -> None:
    paying = Debt(office.first.account_id, office.first.invoices, office.first.ben, office.first.ben)
    open_page(office.db, office.processor, paying, {office.first.invoices[0]: money("120")})

    with office.db.reading() as session:
        [planned] = plan(session, office.ana, invoice_ids=office.first.invoices)

    assert [row.id for row in planned.claimed] == [office.first.invoices[0]]
    assert planned.total == money("30")


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
    with office.db.reading() as session, pytest.raises(NotFound):
        round_of(session, office.first.ben, listed)
    with pytest.raises(NotFound):
        office.press(alder, login_id=office.first.ben)

    with office.db.transaction() as session:
        revoke(session, lock(session, office.first.account_id), office.ana, actor=OPERATOR)

    assert [each.account.name for each in office.items(listed)] == ["Birch GmbH"]
    with pytest.raises(NotFound):
        office.press(alder)
