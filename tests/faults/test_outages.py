"""Faults 6 and 10 over HTTP: the line to Stripe is cut after it executed, and the mail server is down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.stripe.simulator import Fault
from tests.conftest import Workshop
from tests.faults.test_at_once import opened_session
from tests.support.builders import money
from tests.support.calling import Caller
from tests.support.house import House, a_house
from tests.support.mail_server import Behaviour, mail_server
from tests.support.waiting import until

EVERY_REPEAT = 3
"""A call and its two repeats."""
DOWN = "451 not now"


@pytest.mark.parametrize("again", [False, True], ids=["the janitor looks", "the person presses again"])
def test_a_line_cut_after_stripe_executed_is_found_out_and_ends_with_one_page_and_one_charge(
    house: House, again: bool
) -> None:
    debt = house.customer("120.00", email="maya@harbour.example")
    house.simulator.order_fault(Fault("cut", "POST", "/v1/checkout/sessions", times=EVERY_REPEAT))
    with Caller(house, debt, "ana@harbour.example") as ana:
        ana.check()
        answer = ana.pay("120.00")
        path = answer.headers["location"].rpartition(f"/accounts/{debt.account_id}")[2]
        assert "We are finding out what happened" in ana.look(path)

        if again:
            ana.check()
            assert opened_session(ana.pay("120.00").headers["location"])
        else:
            house.later(minutes=2)
        until(lambda: "/c/pay/cs_" in ana.look(path), "the page to be found")

        [page] = house.simulator.world.store.all("checkout.session")
        assert page["id"] in ana.look(path)
        house.simulator.pay_session(page["id"])
        until(lambda: house.owed(debt.account_id) == money("0"), "the payment to be posted")
    assert house.payments(debt.account_id) == [("succeeded", 12000)]
    assert list(house.simulator.charges_by_metadata("payment").values()) == [1]


@pytest.fixture
def post_office() -> Iterator[Behaviour]:
    """A mail server that takes nothing for now."""
    with mail_server(Behaviour(at_sender=DOWN)) as behaviour:
        yield behaviour


@pytest.fixture
def mailing_house(workshop: Workshop, engine_kind: str, tmp_path: Path, post_office: Behaviour) -> Iterator[House]:
    """A house that mails through that server."""
    given = {"QUITTANCE_MAIL_URL": f"smtp://127.0.0.1:{post_office.port}"}
    with workshop.kinds[engine_kind].fresh() as url, a_house(tmp_path, QUITTANCE_DATABASE_URL=url, **given) as house:
        yield house
        house.expect_whole_books()


def test_while_mail_is_down_money_moves_as_ever_and_the_receipt_is_mailed_later(
    mailing_house: House, post_office: Behaviour
) -> None:
    house, debt = mailing_house, mailing_house.customer("120.00", email="maya@harbour.example")
    with Caller(house, debt, "ana@harbour.example") as ana:
        ana.check()
        house.simulator.pay_session(opened_session(ana.pay("120.00").headers["location"]))
        until(lambda: house.owed(debt.account_id) == money("0"), "the payment to be posted")
    until(lambda: post_office.refused > 0, "the receipt to be tried")
    assert post_office.taken == []

    post_office.at_sender = Behaviour().at_sender
    house.later(minutes=1)

    until(lambda: post_office.taken, "the receipt")
    assert post_office.recipients == ["ana@harbour.example"]
