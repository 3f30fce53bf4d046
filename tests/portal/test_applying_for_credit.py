"""Applying for credit in the portal: saved, checked, sent, withdrawn, and told what became of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.credit.applications import queries
from domain.credit.applications.deciding import Verdict, decide
from domain.credit.applications.model import ApplicationState
from domain.credit.limits import set_limit
from domain.documents.kinds import LARGEST
from domain.shared.actor import Actor
from domain.staff.model import Role
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client, Page

GIVEN = {
    "legal_name": "Harbour Café Ltd",
    "legal_form": "company",
    "country": "GB",
    "company_number": "445790",
    "tax_number": "GB 980 7806 84",
    "trading_since": "2014",
    "wanted": "3,000",
    "purpose": "Coffee and cups",
    "reference-1-name": "Bean Importers",
    "reference-1-contact": "ana@beans.example",
}


@pytest.fixture
def account(portal: Portal) -> int:
    return portal.account()[0]


@pytest.fixture
def maya(portal: Portal, account: int, open_browser: Callable[[], Client]) -> Client:
    """Maya's browser; she may bind the account."""
    return sign_in(portal, open_browser())


def form(maya: Client, account: int) -> Page:
    """The page where one applies."""
    return maya.get(f"/accounts/{account}/apply-for-credit")


def state(portal: Portal, account: int) -> ApplicationState | None:
    """How the account's newest application stands."""
    with portal.db.reading() as session:
        latest = queries.latest(session, account)
        return latest.state if latest else None


def test_what_is_typed_is_kept_however_wrong_it_is(portal: Portal, maya: Client, account: int) -> None:
    typed = {**GIVEN, "wanted": "a lot", "tax_number": "none yet"}

    later = maya.follow(form(maya, account).submit("Save for later", typed))

    assert [field.get("value") for field in later.all("input", name="wanted")] == ["a lot"]
    assert [field.get("value") for field in later.all("input", name="tax_number")] == ["none yet"]
    assert state(portal, account) is ApplicationState.DRAFT


def test_it_is_checked_once_more_and_then_sent(portal: Portal, maya: Client, account: int) -> None:
    checked = form(maya, account).submit("Go on", GIVEN)
    before = state(portal, account)
    sent = maya.follow(checked.submit("Send the application"))

    assert "Bean Importers" in checked.words
    assert "United Kingdom" in checked.words
    assert "£3,000.00" in checked.words
    assert before is ApplicationState.DRAFT
    assert state(portal, account) is ApplicationState.SUBMITTED
    assert "We are looking into it" in sent.words


def test_all_that_is_wrong_is_said_beside_its_field_and_kept(portal: Portal, maya: Client, account: int) -> None:
    page = form(maya, account).submit("Go on", {**GIVEN, "wanted": "a lot", "trading_since": "soon", "purpose": ""})

    assert page.status == 422
    assert "3 things to put right" in page.words
    assert [field.get("value") for field in page.all("input", name="wanted")] == ["a lot"]
    assert state(portal, account) is ApplicationState.DRAFT


def test_a_number_that_cannot_be_right_is_said_beside_its_field(maya: Client, account: int) -> None:
    page = form(maya, account).submit("Go on", {**GIVEN, "tax_number": "GB 980 7806 85"})

    assert page.status == 422
    assert [link.get("href") for link in page.all("a") if "cannot be right" in "".join(link.itertext())] == [
        "#tax_number"
    ]


def test_all_is_put_right_in_one_round_and_each_says_what_it_wants(maya: Client, account: int) -> None:
    wrong = {"legal_name": "", "country": "", "trading_since": "15", "reference-1-contact": "nope", "wanted": "10**9"}
    numbers = {"company_number": "44 57 90 X", "tax_number": "GB 980 7806 85", "wanted": "999,999,999,999"}

    first = form(maya, account).submit("Go on", {**GIVEN, **wrong})
    second = form(maya, account).submit("Go on", {**GIVEN, **numbers})

    assert "5 things to put right" in first.words
    assert "Enter the year in which you began to trade, with four digits." in first.words
    assert "Enter an email address or a phone number." in first.words
    assert "3 things to put right" in second.words
    assert "Ask for £100,000,000.00 at most" in second.words


def test_only_countries_can_be_chosen(maya: Client, account: int) -> None:
    offered = {option.get("value") for option in form(maya, account).all("option")}

    assert {"GB", "DE", "FJ"} <= offered
    assert not {"XA", "XB", "ZZ", "EZ", "EU", "XK", "IC", "UN"} & offered


def test_whoever_has_a_limit_sees_it_and_asks_for_more(portal: Portal, maya: Client, account: int) -> None:
    with portal.db.transaction() as session:
        set_limit(session, account, money("8000"), why="Known", role=Role.MANAGER, actor=Actor.staff(7))

    page = form(maya, account)
    less = page.submit("Go on", {**GIVEN, "wanted": "8,000"})
    more = page.submit("Go on", {**GIVEN, "wanted": "8,001"})

    assert "Apply for a higher credit limit" in page.words
    for one in (page, maya.get(f"/accounts/{account}/terms")):
        assert "The most that you may owe us at one time" in one.words
        assert "£8,000" in one.words
    assert less.status == 422
    assert "Your credit limit is £8,000.00 already: ask for more than that." in less.words
    assert "Check your application" in more.words


def test_a_file_that_is_too_large_is_refused_beside_its_field_and_nothing_typed_is_lost(
    portal: Portal, maya: Client, account: int
) -> None:
    large = b"%PDF-1.7" + bytes(LARGEST)

    page = form(maya, account).submit("Go on", GIVEN, files={"file": ("accounts.pdf", large)})

    assert page.status == 422
    assert "Send a file of at most 10 megabytes." in page.words
    assert [field.get("value") for field in page.all("input", name="legal_name")] == ["Harbour Café Ltd"]
    assert state(portal, account) is ApplicationState.DRAFT


def test_whoever_applied_sees_what_they_sent_and_its_number(portal: Portal, maya: Client, account: int) -> None:
    form(maya, account).submit("Go on", GIVEN).submit("Send the application")

    page = form(maya, account)

    with portal.db.reading() as session:
        latest = queries.latest(session, account)
        assert latest is not None
        assert f"Your application {latest.number} of" in page.words
    for words in ("Harbour Café Ltd", "United Kingdom", "445790", "2014", "Coffee and cups", "ana@beans.example"):
        assert words in page.words


def test_a_kind_of_number_that_nobody_knows_is_taken_with_a_word(maya: Client, account: int) -> None:
    page = form(maya, account).submit("Go on", {**GIVEN, "country": "FJ", "company_number": "12", "tax_number": ""})

    assert page.status == 200
    assert "We could not check this kind of number" in page.words
    assert "Compare the company number" in page.words


def test_papers_are_kept_one_by_one_and_only_of_known_kinds(portal: Portal, maya: Client, account: int) -> None:
    one = form(maya, account).submit("Save for later", GIVEN, files={"file": ("accounts.pdf", b"%PDF-1.7 a")})
    later = maya.follow(one)
    wrong = later.submit("Save for later", GIVEN, files={"file": ("virus.exe", b"MZ\x00\x01")})

    assert "accounts.pdf" in later.words
    assert wrong.status == 422
    with portal.db.reading() as session:
        latest = queries.latest(session, account)
        assert latest is not None
        assert [file.filename for file in queries.files(session, latest.id)] == ["accounts.pdf"]


def test_the_same_page_sends_once(portal: Portal, maya: Client, account: int) -> None:
    checked = form(maya, account).submit("Go on", GIVEN)

    answers = [checked.submit("Send the application").status for _ in range(2)]

    assert answers == [303, 303]


def test_who_thinks_better_of_it_withdraws_and_applies_again(portal: Portal, maya: Client, account: int) -> None:
    form(maya, account).submit("Go on", GIVEN).submit("Send the application")

    again = maya.follow(form(maya, account).submit("Withdraw it"))

    assert state(portal, account) is ApplicationState.WITHDRAWN
    assert "Apply for credit" in again.words


def test_what_was_decided_is_shown_with_its_reasons(portal: Portal, maya: Client, account: int) -> None:
    form(maya, account).submit("Go on", GIVEN).submit("Send the application")
    with portal.db.transaction() as session:
        latest = queries.latest(session, account)
        assert latest is not None
        verdict = Verdict(money("2000"), 14, "Good references, less than asked for at first")
        decide(session, latest.id, verdict, role=Role.MANAGER, actor=Actor.staff(7))

    page = form(maya, account)

    assert "You may owe us up to £2,000.00, and pay each invoice within 14 days." in page.words
    assert "less than asked for at first" in page.words
