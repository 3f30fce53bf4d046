"""What a partner tells us of money: payments that it received, those that went back, and what it has spent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.placements import ending, queries
from domain.placements.model import PlacementStatus
from domain.remittances.model import PlacedCollection, PlacementCost, Way
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.partners.conftest import Partners
from tests.support.client import Client, Page
from web.rate_limits import Rate


def day(site: Partners, before: int = 0) -> str:
    with site.db.reading() as session:
        return (today(session) - timedelta(days=before)).isoformat()


def paid(site: Partners, gus: Client, placement_id: int, amount: str = "200", reference: str = "P-1") -> Page:
    form = gus.get(f"/placements/{placement_id}").follow("Report a payment")
    return form.submit("Report it", amount=amount, received_on=day(site), reference=reference)


def collections(site: Partners) -> list[PlacedCollection]:
    with site.db.reading() as session:
        return list(session.scalars(select(PlacedCollection).order_by(PlacedCollection.id)))


def test_a_payment_counts_from_the_day_on_which_it_was_received(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)

    page = gus.follow(paid(site, gus, placement_id))

    [row] = collections(site)
    assert (row.way, row.amount_minor, row.reference) == (Way.AGENT, 20000, "P-1")
    assert row.received_on.isoformat() == day(site)
    assert "£1,000.00" in page.words
    assert "£70.00" in page.words  # commission


def test_told_twice_under_one_reference_it_counts_once(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)

    first, second = paid(site, gus, placement_id), paid(site, gus, placement_id)
    other = paid(site, gus, placement_id, amount="300")

    assert (first.status, second.status, other.status) == (303, 303, 422)
    assert other.all("input", name="amount")[0].get("value") == "300"
    assert len(collections(site)) == 1


def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    form = gus.get(f"/placements/{placement_id}/payment")

    refused = form.submit("Report it", amount="", received_on="", reference="", note="By cheque.")
    ahead = form.submit("Report it", amount="20", received_on=day(site, -1), reference="P-1")

    assert all(refused.all("p", id=f"{name}-error") for name in ("amount", "received_on", "reference"))
    assert "By cheque." in str(refused.all("textarea", name="note")[0].text)
    assert ahead.all("p", id="received_on-error")
    assert collections(site) == []


def test_the_last_payment_closes_it_and_one_that_went_back_opens_it_again(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    page = gus.follow(paid(site, gus, placement_id, "1200"))
    with site.db.reading() as session:
        closed = queries.placement(session, placement_id).status

    again = gus.follow(page.follow("It went back").submit("It went back", on=day(site), why="No cover."))

    assert closed is PlacementStatus.CLOSED
    assert "Open again: a payment went back" in again.words
    assert [row.amount_minor for row in collections(site)] == [120000, -120000]
    assert "It went back" not in again.words


def test_a_cost_waits_for_our_decision(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    form = gus.get(f"/placements/{placement_id}").follow("Report a cost")

    without = form.submit("Report it", amount="30", spent_on=day(site), reference="C-1")
    page = gus.follow(
        form.submit("Report it", amount="30", spent_on=day(site), reference="C-1", what="A tracing agent")
    )

    assert without.all("p", id="what-error")
    assert "A tracing agent" in page.words
    assert "To be decided" in page.words
    with site.db.reading() as session:
        assert session.scalars(select(PlacementCost)).one().amount_minor == 3000


def test_whoever_tells_too_much_too_fast_has_to_wait(
    site: Partners, gus: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partners.telling.TELLING", Rate(2, 3600))
    _, placement_id = site.sent(taken=True)

    answers = [paid(site, gus, placement_id, "10", f"P-{number}").status for number in range(3)]

    assert answers == [303, 303, 429]
    assert len(collections(site)) == 2


def test_a_payment_that_came_afterwards_is_still_told(site: Partners, gus: Client) -> None:
    account_id, placement_id = site.sent(taken=True)
    with site.db.transaction() as session:
        ending.recall(session, account_id, placement_id, why="We do it.", actor=OPERATOR)

    form = gus.get(f"/placements/{placement_id}").follow("came afterwards")
    page = gus.follow(form.submit("Report it", amount="10", received_on=day(site), reference="P-1"))

    assert "£10.00" in page.words
    assert "It lies with you no more" in page.words
