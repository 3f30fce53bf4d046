"""Money of partners in the back office: what stands between us, invoices, costs, payments, and the statement."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO

import pytest

from domain.placements.model import Partner, Placement, Remits
from domain.remittances import listing
from domain.remittances.costs import Spent, tell_cost
from domain.remittances.model import CostStatus, Difference
from domain.remittances.remitting import bank_remittance
from domain.remittances.statement import Stand, standing
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import money
from tests.support.client import Page
from tests.support.counting import counted
from tests.support.remitting import a_placement, collected, remitted
from tests.support.routes import token
from tests.support.tasks import open_tasks
from web.csrf import FIELD

DAY = date(2026, 3, 16)


@pytest.fixture
def placement(office: Office) -> Placement:
    """A debt with a partner that pays over all that it collects; it has collected 120."""
    with office.db.transaction() as session:
        made = a_placement(session)
        session.get_one(Partner, made.partner_id).remits = Remits.GROSS
        collected(session, made)
        session.expunge(made)
        return made


def a_cost(office: Office, placement: Placement) -> int:
    """The id of 25 that the partner has spent."""
    with office.db.transaction() as session:
        found = session.get_one(Placement, placement.id)
        return tell_cost(session, found, Spent("C-1", money("25"), DAY, "A visit"), actor=OPERATOR).id


def stand(office: Office, partner_id: int) -> Stand:
    """What stands between us and the partner, in pounds."""
    with office.db.reading() as session:
        return standing(session, partner_id)["GBP"]


def invoice(office: Office, placement: Placement, **said: str | list[str]) -> Page:
    """Fill in the form of the partner's invoice and press the button."""
    page = office.browser().get(f"/partners/{placement.partner_id}/money").follow("Record its invoice in GBP")
    return page.submit("Record it", {"reference": "I-1", **said})


def test_the_page_says_what_stands_between_us(office: Office, placement: Placement) -> None:
    a_cost(office, placement)

    shown = office.browser(Role.AUDITOR).get(f"/partners/{placement.partner_id}").follow("Money between us").words

    assert "It owes uscollected and not at our bank yet, and what differs£120.00" in shown
    assert "We owe itcommission invoiced, and costs accepted£0.00" in shown
    assert "Paid to the partner, P-1£120.00£30.00£6.00" in shown
    assert "To be decided£25.00" in shown
    assert "Record a remittance" not in shown
    assert "Pay it" not in shown


def test_a_partner_without_money_says_so(office: Office) -> None:
    with office.db.transaction() as session:
        partner_id = a_placement(session).partner_id

    assert "No money has moved yet." in office.browser().get(f"/partners/{partner_id}/money").words


def test_an_invoice_as_the_card_says_is_owed_at_once(office: Office, placement: Placement) -> None:
    answer = invoice(office, placement)

    shown = office.browser().get(answer.location).words
    assert "By the card, with tax£36.00" in shown
    assert "beside the card" not in shown
    assert stand(office, placement.partner_id).payable == money("36")


@pytest.mark.parametrize(
    ("act", "becomes", "owed"),
    [
        ("accept", Difference.ACCEPTED, "43.50"),
        ("corrected", Difference.MADE_GOOD, "36"),
    ],
)
def test_what_an_invoice_asks_for_beside_the_card_is_decided_with_a_reason(
    office: Office, placement: Placement, act: str, becomes: Difference, owed: str
) -> None:
    answer = invoice(office, placement, net="36.25", tax="7.25")
    page = office.browser().get(answer.location)
    before = stand(office, placement.partner_id).payable

    refused = page.submit("Decide", {"why": "Agreed"})
    page.submit("Decide", {"act": act, "why": "Agreed"})

    with office.db.reading() as session:
        made = listing.commission_invoice(session, int(answer.location.rpartition("/")[2]))
    assert "£7.50 beside the card" in page.words
    assert "Choose what is to be done." in refused.words
    assert (before, made.difference) == (money("36"), becomes)
    assert stand(office, placement.partner_id).payable == money(owed)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"reference": ""}, "Enter the number of the invoice."),
        ({"collection": []}, "Choose what the invoice is for."),
        ({"collection": ["999999"]}, "was invoiced, or kept by the partner, before"),
        ({"net": "much"}, "Enter an amount, such as"),
        ({"invoiced_on": "2030-01-01"}, "that cannot be in the future"),
    ],
)
def test_an_invoice_that_cannot_stand_is_said_to(
    office: Office, placement: Placement, said: dict[str, str | list[str]], says: str
) -> None:
    answer = invoice(office, placement, **said)

    assert answer.status == 422
    assert says in answer.words


def test_the_task_of_a_cost_leads_to_where_it_is_accepted(office: Office, placement: Placement) -> None:
    cost_id = a_cost(office, placement)
    with office.db.reading() as session:
        (task,) = [one for one in open_tasks(session) if one.subject_kind == "placement_cost"]

    page = office.browser().get(f"/tasks/{task.id}").follow("Go to the cost")
    page.submit("Accept it")

    with office.db.reading() as session:
        assert listing.cost(session, cost_id).status is CostStatus.ACCEPTED
    assert stand(office, placement.partner_id).payable == money("25")


def test_a_cost_is_refused_with_a_reason(office: Office, placement: Placement) -> None:
    page = office.browser().get(f"/partner-costs/{a_cost(office, placement)}")

    refused = page.submit("Refuse it", {"why": ""})
    page.submit("Refuse it", {"why": "Not agreed"})

    shown = office.browser().get(page.path).words
    assert (refused.status, "Say why." in refused.words) == (422, True)
    assert "Why it was refusedNot agreed" in shown
    assert "Accept it" not in shown


@pytest.mark.parametrize(("way", "due_left"), [("bank", "120"), ("due", "84")])
def test_a_partner_is_paid_from_the_bank_or_set_off(
    office: Office, placement: Placement, way: str, due_left: str
) -> None:
    invoice(office, placement)
    page = office.browser().get(f"/partners/{placement.partner_id}/money")

    refused = page.submit("Write it down", {"amount": "36.01", "paid_from": way})
    page.submit("Write it down", {"amount": "36", "paid_from": way, "note": "May"})

    left = stand(office, placement.partner_id)
    shown = office.browser().get(page.path).words
    assert "Enter an amount up to what is payable, £36.00." in refused.words
    assert (left.payable, left.due) == (money("0"), money(due_left))
    assert "May£36.00" in shown


def paid_over(office: Office, placement: Placement) -> None:
    """The partner keeps its commission after all, and what it collected is at the bank."""
    with office.db.transaction() as session:
        session.get_one(Partner, placement.partner_id).remits = Remits.NET
        row = collected(session, session.get_one(Placement, placement.id), "40", "P-2")
        bank_remittance(session, remitted(session, row).id, DAY, actor=OPERATOR)


def test_the_statement_goes_from_what_stood_to_what_stands(office: Office, placement: Placement) -> None:
    paid_over(office, placement)
    path = f"/partners/{placement.partner_id}/statement"

    page = office.browser(Role.AUDITOR).get(path)
    later = office.browser().get(path, params={"from": "2026-03-17", "to": "2026-03-20"})

    assert "1 Mar 2026Brought forward£0.00£0.00£0.00" in page.words
    assert "Collected by the partner P-1£120.00––" in page.words
    assert "Remitted, with commission and tax kept R-1-£40.00––" in page.words.replace("−", "-")
    assert "Stands at last£120.00£0.00£0.00" in page.words
    assert "17 Mar 2026Brought forward£120.00£0.00£0.00" in later.words


def test_the_statement_is_a_file_that_adds_up(office: Office, placement: Placement) -> None:
    paid_over(office, placement)

    answer = office.browser().get(f"/partners/{placement.partner_id}/statement").follow("CSV")

    head, opening, *lines, closing = csv.reader(StringIO(answer.response.content.decode("utf-8-sig")))
    assert answer.is_download
    assert head[4:7] == ["Due from the partner", "Commission accrued", "Payable to the partner"]
    assert opening[4:] == ["0.00", "0.00", "0.00", "GBP"]
    assert [(line[2], line[4]) for line in lines] == [("P-1", "120.00"), ("P-2", "40.00"), ("R-1", "-40.00")]
    assert closing[4:] == ["120.00", "0.00", "0.00", "GBP"]


def test_the_statement_is_a_paper(office: Office, placement: Placement) -> None:
    answer = office.browser().get(f"/partners/{placement.partner_id}/statement").follow("PDF")

    assert answer.is_download
    assert ".pdf" in str(answer.headers.get("content-disposition"))


def test_a_period_that_ends_before_it_begins_is_refused_and_makes_no_file(office: Office, placement: Placement) -> None:
    path, period = f"/partners/{placement.partner_id}/statement", {"from": "2026-03-10", "to": "2026-03-01"}

    answer = office.browser().get(path, params=period)
    file = office.browser().get(f"{path}.csv", params=period)

    assert (answer.status, file.status) == (422, 303)
    assert "The last day is before the first one." in answer.words


def test_the_page_costs_as_many_queries_with_many_rows_as_with_one(office: Office, placement: Placement) -> None:
    paid_over(office, placement)
    a_cost(office, placement)
    browser, path = office.browser(), f"/partners/{placement.partner_id}/money"
    browser.get(path)
    with counted(office.db.bind) as few:
        browser.get(path)
    with office.db.transaction() as session:
        found = session.get_one(Placement, placement.id)
        for number in range(3, 8):
            row = collected(session, found, "10", f"P-{number}")
            remitted(session, row, reference=f"R-{number}")
            collected(session, found, "10", f"Q-{number}")
            tell_cost(session, found, Spent(f"C-{number}", money("5"), DAY, "A visit"), actor=OPERATOR)

    with counted(office.db.bind) as many:
        browser.get(path)

    assert len(many) == len(few)


def test_what_is_sent_without_a_form_is_refused_above_the_page(office: Office, placement: Placement) -> None:
    money_page, cost = f"/partners/{placement.partner_id}/money", f"/partner-costs/{a_cost(office, placement)}"
    browser = office.browser()
    browser.get(cost).submit("Accept it")

    sent = {FIELD: token(browser)}
    answers = [browser.post(path, data=sent) for path in (money_page, cost, f"/handoffs/{placement.id}/bounce")]

    assert [answer.status for answer in answers] == [422, 422, 422]
