"""Settlements in the portal: the offer with its saving, accepted at once or in parts, paid, and its letter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.accounts.model import Account
from domain.documents.filing import file
from domain.documents.model import Category
from domain.policies.sections import Sections
from domain.settlements import queries
from domain.settlements.model import OfferStatus
from domain.settlements.offering import offer
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import an_invoice, money
from tests.support.client import Client
from tests.support.credit import a_cheque
from tests.support.policies import a_policy
from tests.support.settling import SETTLEMENTS, wanted


@pytest.fixture
def offered(portal: Portal) -> tuple[int, int, int]:
    """An account, its invoice of 100 that is 90 days late, and an offer to settle it for 70 in up to three parts."""
    account_id, _ = portal.account()
    with portal.db.transaction() as session:
        account = session.get_one(Account, account_id)
        a_policy(session, Sections(settlements=SETTLEMENTS), account_id=account_id)
        due_on = today(session) - timedelta(days=90)
        invoice = an_invoice(session, account, "100", issued_on=due_on, due_on=due_on)
        asked = wanted(session, "70", invoice, parts=3)
        made = offer(session, account_id, asked, role=Role.COLLECTOR, actor=OPERATOR)
        return account_id, invoice.id, made.id


@pytest.fixture
def maya(portal: Portal, offered: tuple[int, int, int], open_browser: Callable[[], Client]) -> Client:
    """Maya's browser."""
    return sign_in(portal, open_browser())


def status_of(portal: Portal, offer_id: int) -> OfferStatus:
    """Its state."""
    with portal.db.reading() as session:
        return OfferStatus(queries.offer(session, offer_id).status)


def test_the_first_page_leads_to_the_offer_with_what_it_saves(maya: Client, offered: tuple[int, int, int]) -> None:
    home = maya.get(f"/accounts/{offered[0]}")

    page = home.follow("See the offer")

    assert "Settle £100.00 for £70.00" in home.words
    assert "You save £30.00" in page.words
    assert "until 30 Mar 2026" in page.words
    assert "In 3 monthly parts" in page.words


def test_who_accepts_in_two_parts_goes_on_to_pay_the_first_of_them(
    portal: Portal, maya: Client, offered: tuple[int, int, int]
) -> None:
    account_id, invoice_id, offer_id = offered

    look = maya.get(f"/accounts/{account_id}/settlements/{offer_id}").submit("Go on", parts="2")
    before = status_of(portal, offer_id)
    answer = look.submit("Accept")
    asked = parse_qs(urlsplit(answer.location).query)
    check = maya.follow(answer)
    page = maya.get(f"/accounts/{account_id}/settlements/{offer_id}")
    home = maya.get(f"/accounts/{account_id}")

    assert (before, status_of(portal, offer_id)) == (OfferStatus.OFFERED, OfferStatus.ACCEPTED)
    assert "You pay £70.00 instead of £100.00 By 30 Mar 2026£35.00 By 30 Apr 2026£35.00 In all£70.00" in look.words
    assert "£30.00 is forgiven" in look.words
    assert "more than 5 days late, the settlement ends and nothing is forgiven: all of £100.00 is owed" in look.words
    assert asked == {"invoice": [str(invoice_id)], f"amount-{invoice_id}": ["35.00"]}
    assert check.all("input", name=f"amount-{invoice_id}")[0].get("value") == "35.00"
    assert "To pay by 30 Mar 2026" in page.words
    assert "Pay all of it: £70.00" in page.words
    assert "Your settlement: £35.00 by 30 Mar 2026" in home.words
    assert "Nothing of it is late." in home.words
    assert "Pay £100.00" not in home.words


def test_more_parts_than_were_offered_are_refused_beside_the_choice(
    maya: Client, offered: tuple[int, int, int]
) -> None:
    account_id, _, offer_id = offered

    page = maya.get(f"/accounts/{account_id}/settlements/{offer_id}").submit("Go on", parts="4")

    assert page.status == 422
    assert "from 1 to 3" in page.words


def test_who_is_late_with_the_second_look_reads_how_the_offer_stands(
    portal: Portal, maya: Client, offered: tuple[int, int, int]
) -> None:
    account_id, _, offer_id = offered
    here = f"/accounts/{account_id}/settlements/{offer_id}"
    look = maya.get(here).submit("Go on", parts="1")
    maya.get(here).submit("No, thank you")

    pressed, again = look.submit("Accept"), maya.get(f"{here}/accept?parts=1")

    assert (pressed.status, again.status, again.location) == (422, 303, here)
    assert status_of(portal, offer_id) is OfferStatus.DECLINED


def test_who_declines_is_not_asked_again(portal: Portal, maya: Client, offered: tuple[int, int, int]) -> None:
    account_id, _, offer_id = offered

    maya.get(f"/accounts/{account_id}/settlements/{offer_id}").submit("No, thank you")

    assert status_of(portal, offer_id) is OfferStatus.DECLINED
    assert "Settle £100.00" not in maya.get(f"/accounts/{account_id}").words


def test_once_it_is_paid_the_letter_can_be_downloaded(
    portal: Portal, maya: Client, offered: tuple[int, int, int]
) -> None:
    account_id, invoice_id, offer_id = offered
    here = f"/accounts/{account_id}/settlements/{offer_id}"
    maya.get(here).submit("Go on", parts="1").submit("Accept")
    with portal.db.transaction() as session:
        a_cheque(session, session.get_one(Account, account_id), "70", wanted={invoice_id: money("70")})
    before = maya.get(here)
    with portal.db.transaction() as session:
        file(
            session,
            portal.store,
            b"%PDF letter",
            media_type="application/pdf",
            category=Category.DISCHARGE,
            filename="settlement.pdf",
            account_id=account_id,
            subject=("offer", offer_id),
            actor=OPERATOR,
        )

    letter = maya.get(here).follow("Download the letter that says so")

    assert "The letter that says so comes by email on 19 Mar 2026, when the money is safely here." in before.words
    assert "All of it was paid by 16 Mar 2026, and £30.00 is forgiven." in before.words
    assert "Paid£70.00" in before.words
    assert "To pay" not in before.words
    assert letter.response.content == b"%PDF letter"


def test_an_offer_that_waits_for_approval_is_not_there(portal: Portal, open_browser: Callable[[], Client]) -> None:
    account_id, _ = portal.account()
    with portal.db.transaction() as session:
        due_on = today(session) - timedelta(days=90)
        account = session.get_one(Account, account_id)
        invoice = an_invoice(session, account, "100", issued_on=due_on, due_on=due_on)
        made = offer(session, account_id, wanted(session, "50", invoice), role=Role.COLLECTOR, actor=OPERATOR).id

    page = sign_in(portal, open_browser()).get(f"/accounts/{account_id}/settlements/{made}")

    assert page.status == 404
