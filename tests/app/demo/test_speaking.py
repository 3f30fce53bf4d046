"""Speaking: who is named in the terminal can sign in, and shows what is said of them."""

from __future__ import annotations

from app.demo.agreeing import KEPT, OFFERED, TO_SIGN
from app.demo.branch import PARTNERS
from app.demo.cast import CAST
from app.demo.clear_terms import ANSWERED
from app.demo.contending import AGAIN, ASKED, PAPER, PARTLY
from app.demo.speaking import AGENTS, CUSTOMERS

LOGINS = {each.login: each for each in CAST}
OF_NO_CUSTOMER = {"priya@ledgerandlane.example"}
"""An accountant, who has no account of her own."""


def test_everybody_who_is_named_is_somebody_in_the_story() -> None:
    assert {email for email, _ in CUSTOMERS} - OF_NO_CUSTOMER <= LOGINS.keys()


def test_every_agency_and_attorney_of_the_story_can_sign_in() -> None:
    assert {email for email, _ in AGENTS} == {each.email for each in PARTNERS}


def test_the_plan_and_the_offer_are_where_it_is_said_they_are() -> None:
    said = {LOGINS[email].number: words for email, words in CUSTOMERS if email in LOGINS}

    assert "a payment plan that runs" in said[KEPT]
    assert "an offer to settle" in said[OFFERED]


def test_every_turn_of_a_dispute_is_where_it_is_said_it_is() -> None:
    said = {LOGINS[email].number: words for email, words in CUSTOMERS if email in LOGINS}

    assert "to sign" in said[TO_SIGN]
    assert "a question to answer" in said[ASKED]
    assert "a paper was missing" in said[PAPER]
    assert "was rejected" in said[ANSWERED]
    assert "accepted in part" in said[PARTLY]
    assert "looked at once more" in said[AGAIN]
