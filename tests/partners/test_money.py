"""What a partner reads of the money on its debts: payments with their commission, costs, remittances line by line."""

from __future__ import annotations

from sqlalchemy import select

from domain.placements.model import Placement
from domain.remittances.costs import Spent, refuse_cost, tell_cost
from domain.remittances.model import PlacedCollection
from domain.remittances.remitting import bank_remittance
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.partners.booked import collected, remitted
from tests.partners.conftest import Partners
from tests.support.builders import money
from tests.support.client import Client


def test_payments_are_listed_with_their_commission(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    collected(site, placement_id)

    for page in (gus.get(f"/placements/{placement_id}"), gus.get("/payments")):
        assert all(words in page.words for words in ("P-1", "Paid to you", "£120.00", "£42.00", "£8.40"))


def test_costs_are_shown_with_what_was_decided(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    with site.db.transaction() as session:
        placement = session.get_one(Placement, placement_id)
        spent = Spent("C-1", money("30"), today(session), "Tracing agent")
        refuse_cost(
            session, tell_cost(session, placement, spent, actor=OPERATOR).id, why="It is in your rate.", actor=OPERATOR
        )

    words = gus.get(f"/placements/{placement_id}").words

    assert "Tracing agent" in words
    assert "It is in your rate." in words


def test_a_remittance_that_keeps_too_much_is_queried_on_its_page(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    remittance_id = remitted(site, collected(site, placement_id), kept="52", paid="59.60")
    with site.db.transaction() as session:
        bank_remittance(session, remittance_id, today(session), actor=OPERATOR)

    page = gus.get("/remittances").follow("R-")

    assert "£10.00 is missing by your commission card" in page.words
    assert "£60.40" in page.words  # kept
    assert "£50.40" in page.words  # by the card


def test_another_partner_sees_nothing_of_it(site: Partners) -> None:
    _, placement_id = site.sent(taken=True)
    remittance_id = remitted(site, collected(site, placement_id))
    other = site.browser(site.person("eve@swift.example", partner_id=site.another()))

    assert "No payments yet" in other.get("/payments").words
    assert "No remittances yet" in other.get("/remittances").words
    assert other.get(f"/remittances/{remittance_id}").status == 404


def test_the_lists_go_on_by_key(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    ids = [collected(site, placement_id, "10", f"P-{number}") for number in range(3)]
    with site.db.reading() as session:
        place = session.scalars(select(PlacedCollection.id).where(PlacedCollection.id == ids[1])).one()

    words = gus.get(f"/payments?place={place}").words

    assert ("P-0" in words, "P-1" in words, "P-2" in words) == (True, False, False)
