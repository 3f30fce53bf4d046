"""What a partner tells by phone of one debt, on the handoff's page: a payment, that it went back, a cost."""

from __future__ import annotations

import pytest

from domain.placements.model import Placement
from domain.remittances import listing
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.client import Page
from tests.support.placing import a_late_debt, a_partner, proposed
from tests.support.remitting import a_placement, collected


@pytest.fixture
def placement(office: Office) -> Placement:
    """A debt of 1,200 with a partner at 25 per cent, of which nothing came."""
    with office.db.transaction() as session:
        made = a_placement(session)
        session.expunge(made)
        return made


def paid(office: Office, placement: Placement, **said: str) -> Page:
    """Write down that the partner was paid 120."""
    page = office.browser().get(f"/handoffs/{placement.id}").follow("The partner was paid")
    return page.submit("Record the payment", {"reference": "P-9", "amount": "120", **said})


def test_a_payment_told_by_phone_settles_the_debt_and_earns_commission(office: Office, placement: Placement) -> None:
    answer = paid(office, placement)

    shown = office.browser(Role.AUDITOR).get(f"/handoffs/{placement.id}").words
    assert answer.location == f"/handoffs/{placement.id}#money"
    assert "Paid to the partner, P-9£120.00£30.00£6.00" in shown
    assert "Open now£1,080.00" in shown
    assert "The partner was paid" not in shown


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"reference": ""}, "Enter the partner's reference."),
        ({"amount": "0"}, "Enter an amount above zero."),
        ({"received_on": "2030-01-01"}, "that cannot be in the future"),
        ({"received_on": ""}, "Enter a day, such as"),
    ],
)
def test_a_payment_that_cannot_be_is_said_to_and_nothing_typed_is_lost(
    office: Office, placement: Placement, said: dict[str, str], says: str
) -> None:
    answer = paid(office, placement, **said)

    assert answer.status == 422
    assert says in answer.words
    (amount,) = answer.all("input", name="amount")
    assert amount.get("value") == said.get("amount", "120")


def test_the_same_reference_for_another_payment_is_refused(office: Office, placement: Placement) -> None:
    paid(office, placement)

    again = paid(office, placement, amount="121")

    assert "Payment P-9 is known already, with other figures." in again.words


def test_a_payment_that_went_back_opens_the_debt_again(office: Office, placement: Placement) -> None:
    with office.db.transaction() as session:
        collected(session, session.get_one(Placement, placement.id))
    page = office.browser().get(f"/handoffs/{placement.id}").follow("A payment went back")

    page.submit("It went back", {"why": "No funds"})

    shown = office.browser().get(f"/handoffs/{placement.id}").words
    assert "P-1, went back later£120.00" in shown
    assert "P-1, went back-£120.00-£30.00-£6.00" in shown.replace("−", "-")
    assert "Open now£1,200.00" in shown
    assert "A payment went back" not in shown
    assert "No payment that can go back" in office.browser().get(page.path).words


def test_a_cost_told_by_phone_waits_for_a_decision(office: Office, placement: Placement) -> None:
    page = office.browser().get(f"/handoffs/{placement.id}").follow("The partner has spent something")
    said = {"reference": "C-9", "amount": "25"}

    refused = page.submit("Record the cost", said)
    page.submit("Record the cost", {**said, "what": "A visit"})

    with office.db.reading() as session:
        (cost,) = listing.costs_of(session, placement.id)
    assert "Say what it was spent on." in refused.words
    assert (cost.reference, cost.amount_minor) == ("C-9", 25_00)
    assert "A visit16 Mar 2026To be decided£25.00" in office.browser().get(f"/handoffs/{placement.id}").words


def test_nothing_is_told_of_what_was_not_sent(office: Office) -> None:
    with office.db.transaction() as session:
        placement_id = proposed(session, a_late_debt(session)[0], a_partner(session)).id

    page = office.browser().get(f"/handoffs/{placement_id}/payment")
    answer = page.submit("Record the payment", {"reference": "P-9", "amount": "120"})

    assert "What came in" not in office.browser().get(f"/handoffs/{placement_id}").words
    assert "This was never handed over." in answer.words
