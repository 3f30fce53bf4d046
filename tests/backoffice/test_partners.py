"""Partners in the back office: enrolled with a card, changed, given a new card, let go, and listed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.placements import queries
from domain.placements.cards import Rate, card_of
from domain.placements.model import Partner
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.client import Page
from tests.support.placing import a_partner

SAID = {
    "name": "Hale & Stone LLP",
    "kind": "attorney",
    "contact_name": "Ruth Hale",
    "email": "Intake@Hale.example",
    "countries": "gb ie",
    "remits": "gross",
    "term_days": "365",
    "settle_percent": "10",
    "rate-0-percent": "15",
    "rate-2-percent": "33.5",
    "rate-2-late_days": "60",
    "rate-2-below_minor": "500",
    "rate-2-again": "yes",
    "tax_percent": "20",
}


@pytest.fixture
def existing(office: Office) -> int:
    """The id of a partner that is here already."""
    with office.db.transaction() as session:
        return a_partner(session, name="Fair Recovery Ltd").id


def partners(office: Office) -> list[Partner]:
    """Every partner by name."""
    with office.db.reading() as session:
        return [queries.partner(session, row.id) for row in queries.partners(session)]


def rates(office: Office, partner_id: int) -> tuple[Rate, ...]:
    """The rows of a partner's newest card."""
    with office.db.reading() as session:
        return card_of(queries.cards(session, partner_id)[0].terms).rates


def enrol(office: Office, **said: str) -> Page:
    """Fill in the form and press the button."""
    return office.browser().get("/partners").follow("Add a partner").submit("Add the partner", {**SAID, **said})


def test_a_partner_is_enrolled_with_the_rows_of_its_card_that_are_filled_in(office: Office) -> None:
    answer = enrol(office)

    (made,) = partners(office)
    shown = office.browser(Role.AUDITOR).get(answer.location)
    assert (made.name, made.email, made.countries) == ("Hale & Stone LLP", "intake@hale.example", ["GB", "IE"])
    assert rates(office, made.id) == (
        Rate(percent=Decimal(15)),
        Rate(percent=Decimal("33.5"), late_days=60, below_minor=500_00, again=True),
    )
    assert "every debt15%" in shown.words
    assert "from 60 days late, below £500.00, placed before33.5%" in shown.words
    assert "tax on the commission20%" in shown.words
    assert "Let it go" not in shown.words


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("name", "", "Enter a name."),
        ("email", "hale", "“hale” is not an email address."),
        ("countries", "GB, ENGLAND", "“ENGLAND” is not a country code."),
        ("term_days", "0", "Enter a whole number from 1 to 3,650."),
        ("rate-2-percent", "101", "Enter a number from 0 to 100."),
        ("rate-2-percent", "33.333", "Use at most two digits after the point."),
        ("rate-2-below_minor", "lots", "Enter an amount"),
        ("rates", "", "One row has to hold for every debt"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    office: Office, field: str, typed: str, says: str
) -> None:
    said = {"rate-0-percent": ""} if field == "rates" else {field: typed}

    page = enrol(office, **said)

    assert page.status == 422
    assert says in page.words
    assert f"#{field}" in [link.get("href") for link in page.all("a")]
    assert page.all("input", name="contact_name")[0].get("value") == "Ruth Hale"
    assert page.all("input", name="rate-2-late_days")[0].get("value") == "60"
    assert page.all("input", name="rate-2-again")[0].get("checked") is not None
    assert partners(office) == []


def test_a_name_that_is_taken_is_refused_beside_the_name(office: Office, existing: int) -> None:
    page = enrol(office, name="Fair Recovery Ltd")

    assert page.status == 422
    assert "There is a partner called Fair Recovery Ltd already." in page.words
    assert [one.id for one in partners(office)] == [existing]


def test_more_rows_are_shown_and_nothing_is_kept_yet(office: Office) -> None:
    form = office.browser().get("/partners/new")

    more = form.submit("More rows", SAID)

    assert len(more.all("input", value="yes")) > len(form.all("input", value="yes"))
    assert more.all("input", name="name")[0].get("value") == "Hale & Stone LLP"
    assert partners(office) == []


def test_what_is_said_of_a_partner_is_changed(office: Office, existing: int) -> None:
    form = office.browser().get(f"/partners/{existing}").follow("Change")

    wrong = form.submit("Save", email="nobody", phone="020 7946 0000")
    form.submit("Save", phone="020 7946 0000", countries="")

    assert wrong.status == 422
    assert wrong.all("input", name="phone")[0].get("value") == "020 7946 0000"
    assert partners(office)[0].phone == "020 7946 0000"


def test_a_new_card_starts_as_the_one_before_and_holds_from_its_day_on(office: Office, existing: int) -> None:
    browser = office.browser()
    form = browser.get(f"/partners/{existing}").follow("New commission card")

    late = form.submit("Let it hold", from_on="2020-01-01")
    form.submit("Let it hold", {"rate-0-percent": "22", "from_on": "2030-01-01"})

    shown = browser.get(f"/partners/{existing}")
    assert form.all("input", name="rate-1-late_days")[0].get("value") == "60"
    assert late.status == 422
    assert "choose today or a later day" in late.words
    assert rates(office, existing)[0] == Rate(percent=Decimal(22))
    assert "Commission card 2from 1 Jan 2030" in shown.words
    assert "Commission card 1holds today" in shown.words


def test_a_partner_is_let_go_with_a_reason(office: Office, existing: int) -> None:
    browser = office.browser()

    wrong = browser.get(f"/partners/{existing}").submit("Let it go", why="")
    browser.get(f"/partners/{existing}").submit("Let it go", why="Too dear")

    assert wrong.status == 422
    assert partners(office)[0].ended_at is not None
    assert "let go" in browser.get("/partners").words
    assert "New commission card" not in browser.get(f"/partners/{existing}").words


def test_who_was_not_sure_lately_gives_the_code_and_what_was_typed_follows(office: Office) -> None:
    asked = office.browser(is_sure=False).get("/partners/new").submit("Add the partner", SAID)

    asked.submit("Confirm and go on", confirm_code=office.code())

    assert "Confirm that it is you" in asked.words
    assert [one.name for one in partners(office)] == ["Hale & Stone LLP"]
