"""Agreements with a partner in the back office: filed with their days, shown as they stand, and downloaded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.documents.model import Document
from domain.placements.people.agreements import of_partner
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.client import Page
from tests.support.placing import a_partner

PAPER = {"file": ("agreement.txt", b"What we agreed.")}


@pytest.fixture
def page_of(office: Office) -> str:
    """The address of a partner's agreements."""
    with office.db.transaction() as session:
        return f"/partners/{a_partner(session).id}/agreements"


def file_one(office: Office, where: str, **typed: str) -> Page:
    """Fill in the form, and press the button."""
    said = {"title": "Collection agreement", "from_on": "2020-01-01", "until_on": "", **typed}
    return office.browser().get(where).submit("File it", said, files=PAPER)


def test_what_was_agreed_is_filed_and_can_be_downloaded(office: Office, page_of: str) -> None:
    answer = file_one(office, page_of)

    page = office.browser(Role.AUDITOR).get(answer.location)
    assert "Collection agreement" in page.words
    assert "in force" in page.words
    assert "File an agreement" not in page.words
    assert office.browser(Role.AUDITOR).get(page_of).follow("agreement.txt").response.content == PAPER["file"][1]


@pytest.mark.parametrize(
    ("days", "says"), [(-1, "ran out"), (0, "runs out soon"), (60, "runs out soon"), (61, "in force")]
)
def test_what_runs_out_soon_is_said(office: Office, page_of: str, days: int, says: str) -> None:
    with office.db.reading() as session:
        until_on = today(session) + timedelta(days=days)

    file_one(office, page_of, until_on=until_on.isoformat())

    assert says in office.browser().get(page_of).words


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"title": " "}, "Say what it is."),
        ({"from_on": ""}, "Enter the day from which it holds."),
        ({"until_on": "2019-12-31"}, "It cannot end before it begins."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_filed(
    office: Office, page_of: str, typed: dict[str, str], says: str
) -> None:
    page = file_one(office, page_of, **typed)

    with office.db.reading() as session:
        many = session.scalar(select(func.count(Document.id)))
        agreed = of_partner(session, int(page_of.split("/")[2]))
    assert (page.status, says in page.words, many, agreed) == (422, True, 0, [])


def test_an_agreement_without_its_paper_is_none(office: Office, page_of: str) -> None:
    page = office.browser().get(page_of).submit("File it", title="Terms", from_on="2020-01-01")

    assert (page.status, "Choose the file of the agreement." in page.words) == (422, True)


def test_what_has_run_out_since_is_said_to_have(office: Office, page_of: str, clock: MovableClock) -> None:
    with office.db.reading() as session:
        until_on = today(session) + timedelta(days=90)
    file_one(office, page_of, until_on=until_on.isoformat())
    clock.advance(days=91)

    assert "ran out" in office.browser().get(page_of).words
