"""Settling on the partners' site: offered at once within the authority, asked for beyond it, and answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.placements.model import Partner, Placement, PlacementStatus
from domain.receivables.model import Invoice
from domain.settlements.model import OfferStatus, SettlementOffer
from domain.shared.db.session import today
from tests.partners.conftest import Partners
from tests.support.client import Client, Page


@pytest.fixture
def placement_id(site: Partners) -> int:
    """A debt of 1,200 that lies with a partner which may give up a fifth of it."""
    with site.db.transaction() as session:
        session.get_one(Partner, site.partner_id).settle_percent = 20
    return site.sent(taken=True)[1]


def propose(site: Partners, gus: Client, placement_id: int, **typed: str) -> Page:
    """Fill in the form, and press the button."""
    with site.db.reading() as session:
        last_day = today(session) + timedelta(days=14)
    said = {"amount": "960", "parts": "1", "expires_on": last_day.isoformat(), "reason": "All that they have.", **typed}
    return gus.get(f"/placements/{placement_id}").follow("Settle for less").submit("Propose it", said)


def offer(site: Partners) -> SettlementOffer:
    """The only offer that there is."""
    with site.db.reading() as session:
        return session.scalars(select(SettlementOffer)).one()


def test_the_form_says_how_far_they_may_go_and_within_that_it_is_offered(
    site: Partners, gus: Client, placement_id: int
) -> None:
    form = gus.get(f"/placements/{placement_id}/settle")
    answer = propose(site, gus, placement_id)

    page = gus.follow(answer)
    assert "£960.00 or more without asking us" in form.words
    assert offer(site).status is OfferStatus.OFFERED
    assert "£960.00 instead of £1,200.00" in page.words
    assert "Settle for less" not in [link.text for link in page.all("a")]


def test_beyond_it_somebody_of_ours_decides(site: Partners, gus: Client, placement_id: int) -> None:
    page = gus.follow(propose(site, gus, placement_id, amount="500"))

    assert offer(site).status is OfferStatus.AWAITING_APPROVAL
    assert "Waits for approval" in page.words
    assert "The debtor accepts it" not in page.words


def test_the_debtor_accepts_in_parts_and_pays_the_partner(site: Partners, gus: Client, placement_id: int) -> None:
    page = gus.follow(propose(site, gus, placement_id, parts="2"))
    page = gus.follow(page.submit("The debtor accepts it", parts="2"))
    with site.db.reading() as session:
        day = today(session).isoformat()
    for reference in ("P-1", "P-2"):
        form = gus.get(f"/placements/{placement_id}").follow("Report a payment")
        form.submit("Report it", amount="480", received_on=day, reference=reference)

    with site.db.reading() as session:
        placement = session.get_one(Placement, placement_id)
        assert "Still to pay: £960.00" in page.words
        assert (placement.status, placement.closing) == (PlacementStatus.CLOSED, "settled")
        assert session.scalars(select(Invoice.open_minor)).all() == [0]
    assert offer(site).status is OfferStatus.FULFILLED


def test_a_payment_of_all_that_was_asked_settles_it_as_well(site: Partners, gus: Client, placement_id: int) -> None:
    propose(site, gus, placement_id)
    with site.db.reading() as session:
        day = today(session).isoformat()
    form = gus.get(f"/placements/{placement_id}").follow("Report a payment")
    form.submit("Report it", amount="960", received_on=day, reference="P-1")

    assert offer(site).status is OfferStatus.FULFILLED


@pytest.mark.parametrize(
    ("button", "typed", "after"),
    [
        ("The debtor does not", {}, OfferStatus.DECLINED),
        ("Take it back", {"why": "Pays in full."}, OfferStatus.WITHDRAWN),
    ],
)
def test_what_came_to_nothing_can_be_proposed_anew(
    site: Partners, gus: Client, placement_id: int, button: str, typed: dict[str, str], after: OfferStatus
) -> None:
    page = gus.follow(propose(site, gus, placement_id))
    page = gus.follow(page.submit(button, typed))

    assert offer(site).status is after
    assert "Settle for less" in page.words


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"amount": "1200"}, "Ask for less than £1,200.00, and for more than nothing."),
        ({"reason": " "}, "Say why."),
        ({"expires_on": "2020-01-01"}, "Choose a last day within the next twelve months."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    site: Partners, gus: Client, placement_id: int, typed: dict[str, str], says: str
) -> None:
    page = propose(site, gus, placement_id, **typed)

    assert (page.status, says in page.words) == (422, True)


def test_a_second_proposal_is_told_that_one_is_open(site: Partners, gus: Client, placement_id: int) -> None:
    propose(site, gus, placement_id)

    assert "An offer for this is open already" in gus.get(f"/placements/{placement_id}/settle").words
