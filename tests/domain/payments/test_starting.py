"""Starting a payment: claims, and what is refused."""

from __future__ import annotations

import pytest

from domain.payments import queries
from domain.payments.model import PaymentAttempt
from domain.payments.starting import AlreadyClaimed
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotFound
from domain.shared.money import Money
from tests.support.builders import money
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, open_page, start


def test_the_exact_request_is_stored_before_anything_is_sent(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()

    started = start(db, processor, debt, {debt.invoices[0]: money("120")})

    assert processor.calls["open_checkout"] == 0
    with db.reading() as session:
        request = session.get_one(PaymentAttempt, started.attempt_id).request
    assert request["payment"] == started.public_id
    assert request["lines"] == [["INV-000001", 12000, "GBP"]]
    assert request["success_url"].endswith(started.public_id)


def test_the_same_person_asking_for_the_same_gets_the_same_page(db: Database) -> None:
    debt, processor = a_debt(db, "120", "30"), FakeProcessor()
    wanted = {debt.invoices[0]: money("120"), debt.invoices[1]: money("10")}
    first = open_page(db, processor, debt, wanted)

    again = start(db, processor, debt, wanted)

    assert again.public_id == first.public_id
    assert again.url == "https://processor.example/cs_1"


def test_somebody_else_is_told_who_is_paying(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    open_page(db, processor, debt, {debt.invoices[0]: money("120")})

    with pytest.raises(AlreadyClaimed) as refusal:
        start(db, processor, debt, {debt.invoices[0]: money("120")}, login_id=debt.ben)

    assert (refusal.value.payer, refusal.value.mine) == ("Ana", False)


def test_the_same_link_asking_for_the_same_gets_the_same_payment_and_another_link_is_told(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    wanted = {debt.invoices[0]: money("120")}
    first = start(db, processor, debt, wanted, link_id=7)

    again = start(db, processor, debt, wanted, link_id=7)
    with pytest.raises(AlreadyClaimed) as refusal:
        start(db, processor, debt, wanted, link_id=8)

    assert again.public_id == first.public_id
    assert (refusal.value.payer, refusal.value.mine) == ("", False)
    with db.reading() as session:
        assert queries.pay_link_of(session, first.payment_id) == 7


def test_who_has_signed_in_and_who_holds_a_link_are_not_the_same_person(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    wanted = {debt.invoices[0]: money("120")}
    started = open_page(db, processor, debt, wanted)

    with pytest.raises(AlreadyClaimed) as refusal:
        start(db, processor, debt, wanted, link_id=debt.ana)

    assert not refusal.value.mine
    with db.reading() as session:
        assert queries.pay_link_of(session, started.payment_id) is None


def test_the_same_person_with_another_amount_is_told_that_they_have_started(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    open_page(db, processor, debt, {debt.invoices[0]: money("120")})

    with pytest.raises(AlreadyClaimed) as refusal:
        start(db, processor, debt, {debt.invoices[0]: money("60")})

    assert refusal.value.mine


@pytest.mark.parametrize("amount", [money("0"), money("-1"), money("120.01"), Money(100, "USD")])
def test_an_amount_that_cannot_be_paid_is_refused_at_its_field(db: Database, amount: Money) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()

    with pytest.raises(Invalid) as refusal:
        start(db, processor, debt, {debt.invoices[0]: amount})

    assert refusal.value.field == f"amount-{debt.invoices[0]}"


def test_nothing_chosen_is_refused(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()

    with pytest.raises(Invalid):
        start(db, processor, debt, {})


def test_an_invoice_of_another_account_is_not_found(db: Database) -> None:
    debt, other, processor = a_debt(db, "120"), a_debt(db, "50"), FakeProcessor()

    with pytest.raises(NotFound):
        start(db, processor, debt, {other.invoices[0]: money("50")})
