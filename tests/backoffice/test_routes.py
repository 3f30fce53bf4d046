"""Which way to go on with a late debt: worked out with figures that can be changed, decided on with a reason."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from domain.placements.cards import Card, Rate
from domain.placements.model import PartnerKind
from domain.placements.routes.model import Route, RouteDecision
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.placing import a_late_debt, a_partner


def a_debt(office: Office, amount: str = "1200", *, late_days: int = 90, partners: bool = True) -> int:
    """The id of an account that owes so much, with an agency and an attorney to hand it to."""
    with office.db.transaction() as session:
        if partners:
            a_partner(session, name="Fair Recovery Ltd")
            a_partner(session, name="Pryce & Cole LLP", kind=PartnerKind.ATTORNEY)
        return a_late_debt(session, amount, late_days=late_days)[0].id


def decided(office: Office) -> list[RouteDecision]:
    """Every decision."""
    with office.db.reading() as session:
        return list(session.scalars(select(RouteDecision)))


def test_every_way_is_worked_out_with_where_its_figures_are_from(office: Office) -> None:
    account_id = a_debt(office)

    page = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/handoffs").follow("Which way?")

    assert "£1,200.00 of" in page.words
    assert (
        "A usual figure for debts of this age: Commercial Collection Agency Association, survey of 2004." in page.words
    )
    assert "Fair Recovery Ltd takes 35% of that" in page.words
    assert "Pryce & Cole LLP takes 45% of that, with the part for going to court" in page.words
    assert "gov.uk, court fees for a money claim in England and Wales" in page.words
    assert "1. A payment plan" in page.words or "1. Go on ourselves brings the most" in page.words
    assert "£542.88" in page.words  # 1,200 × 69.6 % − 35 %


def test_other_figures_are_worked_out_and_nothing_typed_is_lost(office: Office) -> None:
    account_id = a_debt(office)
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/routes")

    page = form.submit("Work it out", {"agency-percent": "100", "agency-costs": "10"}, reason="They pay agencies")

    assert "£770.00" in page.words  # 1,200 − 35 % − 10
    assert "They pay agencies" in page.words
    assert page.words.index("1. Hand it to an agency") < page.words.index("2. ")
    assert decided(office) == []


def test_what_cannot_be_read_is_said_beside_its_field(office: Office) -> None:
    account_id = a_debt(office)
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/routes")

    page = form.submit("Decide on it", {"plan-percent": "101", "suit-fee": "lots"}, reason="")

    assert page.status == 422
    assert "Enter a number from 0 to 100." in page.words
    assert "Enter an amount, such as" in page.words
    assert "Say why." in page.words
    assert page.all("input", name="plan-percent")[0].get("value") == "101"
    assert decided(office) == []


def test_a_decision_keeps_its_figures_its_reason_and_what_was_best(office: Office) -> None:
    account_id = a_debt(office)
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/routes")

    page = form.submit("Decide on it", {"agency-percent": "90"}, chosen="suit", reason="They ignore agencies.")
    shown = office.browser(Role.COLLECTOR).get(page.location)
    timeline = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}")

    (kept,) = decided(office)
    assert (kept.chosen, kept.best, kept.owed_minor) == (Route.SUIT, Route.AGENCY, 1_200_00)
    assert kept.inputs["agency"]["percent"] == {"value": "90", "from": "typed"}
    assert kept.inputs["agency"]["rate_bp"] == 3_500
    assert kept.inputs["suit"]["percent"] == {"value": "69.6", "from": "usual"}
    assert {one["route"]: one["net"] for one in kept.figures}["agency"] == 702_00
    assert "They ignore agencies." in shown.words
    assert "Most was expected of: Hand it to an agency." in shown.words
    assert "Way on with £1,200.00 late: Go to court. They ignore agencies." in timeline.words


def test_figures_about_another_sum_decide_nothing(office: Office) -> None:
    account_id = a_debt(office)
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/routes")

    page = form.submit("Decide on it", owed="5", chosen="keep", reason="So.")

    assert page.status == 422
    assert "What is late has changed meanwhile: it is £1,200.00 now." in page.words
    assert decided(office) == []


def test_without_partners_the_other_ways_remain(office: Office) -> None:
    account_id = a_debt(office, partners=False)

    page = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/routes")

    assert "There is no agency yet that this could be handed to." in page.words
    assert "Go to court" not in page.words
    assert "Go on ourselves" in page.words


def test_where_nothing_is_late_there_is_no_way_to_choose(office: Office) -> None:
    account_id = a_debt(office, late_days=-5)

    page = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/routes")

    assert "There is no way to choose" in page.words


def test_while_somebody_types_the_working_alone_comes_back(office: Office) -> None:
    account_id = a_debt(office)
    browser = office.browser(Role.COLLECTOR)
    page = browser.get(f"/accounts/{account_id}/routes")
    typed = {str(one.get("name")): one.get("value") or "" for one in page.all("input") if one.get("type") != "radio"}
    typed["step"] = "look"

    finished = browser.post(page.path, data=typed | {"agency-percent": "100"}, headers={"hx-request": "true"})
    unfinished = browser.post(page.path, data=typed | {"agency-percent": ""}, headers={"hx-request": "true"})
    plain = browser.post(page.path, data=typed | {"agency-percent": "100"})

    assert "£780.00" in finished.words
    assert finished.all("html") == []
    assert "It shows here once every figure can be read." in unfinished.words
    assert "£780.00" in plain.words


def test_another_agency_is_reckoned_by_its_own_card(office: Office) -> None:
    account_id = a_debt(office)
    with office.db.transaction() as session:
        cheap = Card(currency="GBP", rates=(Rate(percent=Decimal(10)),))
        other = str(a_partner(session, name="Zeal Ltd", card=cheap).id)
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/routes")

    page = form.submit("Work it out", agency=other)
    kept = office.browser(Role.COLLECTOR).get(
        page.submit("Decide on it", chosen="agency", reason="They are cheap.").location
    )

    assert "Zeal Ltd takes 10% of that" in page.words
    assert "£751.68" in page.words  # 1,200 × 69.6 % − 10 %
    assert decided(office)[0].inputs["agency"]["partner"] == "Zeal Ltd"
    assert "Propose the handoff" in kept.words
