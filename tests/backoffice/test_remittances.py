"""Remittances in the back office: recorded from paper, withdrawn, seen at the bank, and differences decided."""

from __future__ import annotations

import pytest

from domain.placements.model import Partner, Remits
from domain.remittances import listing
from domain.remittances.model import Difference, RemittanceStatus
from domain.remittances.remitting import bank_remittance
from domain.remittances.statement import Stand, standing
from domain.shared.actor import OPERATOR
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.bank_files import a_line
from tests.support.banking import lines_of
from tests.support.builders import money
from tests.support.client import Page
from tests.support.remitting import a_placement, collected, remitted
from tests.support.tasks import open_tasks

MISSING = 404


@pytest.fixture
def partner(office: Office) -> int:
    """A partner that has collected 120 and 40, at 25 per cent and 20 per cent tax on that."""
    with office.db.transaction() as session:
        placement = a_placement(session)
        collected(session, placement)
        collected(session, placement, "40", "P-2")
        return placement.partner_id


def due(office: Office, partner_id: int) -> Stand:
    """What stands between us and the partner, in pounds."""
    with office.db.reading() as session:
        return standing(session, partner_id)["GBP"]


def told(office: Office, *, kept: str | None = None) -> int:
    """The id of a remittance of 120 that another partner has collected; it kept 30 unless said otherwise."""
    with office.db.transaction() as session:
        return remitted(session, collected(session, a_placement(session)), kept=kept).id


def banked(office: Office, *, kept: str) -> int:
    """The same, at the bank today."""
    remittance_id = told(office, kept=kept)
    with office.db.transaction() as session:
        bank_remittance(session, remittance_id, today(session), actor=OPERATOR)
    return remittance_id


def row(office: Office, remittance_id: int) -> AnyRow:
    """How a remittance stands."""
    with office.db.reading() as session:
        return listing.remittance(session, remittance_id)


def form(office: Office, partner_id: int) -> Page:
    """The form of a remittance."""
    return office.browser().get(f"/partners/{partner_id}/money").follow("Record a remittance in GBP")


def test_a_remittance_from_paper_starts_with_all_that_is_held_as_the_card_has_it(office: Office, partner: int) -> None:
    answer = form(office, partner).submit("Record it", {"reference": "R-7"})

    shown = office.browser(Role.AUDITOR).get(answer.location).words
    made = row(office, int(answer.location.rpartition("/")[2]))
    assert (made.reference, made.paid_minor, made.status) == ("R-7", 112_00, RemittanceStatus.TOLD)
    assert "Remittance R-7 £112.00" in shown
    assert "Told, its money is awaited" in shown
    assert "£120.00£36.00£36.00–" in shown
    assert "Withdraw it" not in shown
    assert due(office, partner).due == money("160")


def test_only_what_is_ticked_is_paid_over_with_what_the_paper_says_was_kept(office: Office, partner: int) -> None:
    page = form(office, partner)
    (first, _) = [str(box.get("value")) for box in page.all("input", type="checkbox")]
    said = {f"commission-{first[1:]}": "42", f"tax-{first[1:]}": "8.40", "paid": "69.60"}

    answer = page.submit("Record it", {"reference": "R-7", "line": [first], **said})

    shown = office.browser().get(answer.location).words
    assert "£120.00£50.40£36.00£14.40" in shown
    left = office.browser().get(f"/partners/{partner}/money").words
    assert "P-2" in left
    assert "P-1" not in left


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"paid": "160"}, "The lines come to £112.00."),
        ({"paid": "much"}, "Enter an amount, such as"),
        ({"reference": ""}, "Enter the partner's reference."),
        ({"line": []}, "Choose what is paid over."),
        ({"line": ["c999999"]}, "Choose what is paid over."),
        ({"remitted_on": "2030-01-01"}, "that cannot be in the future"),
    ],
)
def test_what_cannot_stand_is_said_beside_its_field_and_nothing_typed_is_lost(
    office: Office, partner: int, said: dict[str, str | list[str]], says: str
) -> None:
    answer = form(office, partner).submit("Record it", {"reference": "R-7", **said})

    assert answer.status == 422
    assert says in answer.words
    (reference,) = answer.all("input", name="reference")
    assert (reference.get("value") or "") == said.get("reference", "R-7")


def test_a_partner_that_keeps_nothing_is_asked_for_nothing_it_kept(office: Office, partner: int) -> None:
    with office.db.transaction() as session:
        session.get_one(Partner, partner).remits = Remits.GROSS

    page = form(office, partner)
    answer = page.submit("Record it", {"reference": "R-7"})

    assert "Commission kept" not in page.words
    assert row(office, int(answer.location.rpartition("/")[2])).paid_minor == 160_00


def test_it_is_booked_on_the_day_on_which_it_was_seen_at_the_bank(office: Office) -> None:
    remittance_id = told(office)
    page = office.browser().get(f"/remittances/{remittance_id}")

    refused = page.submit("It was seen at the bank", {"on": ""})
    answer = page.submit("It was seen at the bank", {"on": "2026-03-16"})

    made = row(office, remittance_id)
    assert (refused.status, answer.location) == (422, f"/remittances/{remittance_id}")
    assert (made.status, str(made.banked_on)) == (RemittanceStatus.BANKED, "2026-03-16")
    assert due(office, made.partner_id).due == money("0")


def test_one_that_is_withdrawn_says_why_and_what_it_was_for_is_held_again(office: Office) -> None:
    remittance_id = told(office)
    page = office.browser().get(f"/remittances/{remittance_id}")

    refused = page.submit("Withdraw it", {"why": " "})
    page.submit("Withdraw it", {"why": "Sent twice"})

    made = row(office, remittance_id)
    assert "Say why." in refused.words
    assert made.status is RemittanceStatus.WITHDRAWN
    assert "Record a remittance in GBP" in office.browser().get(f"/partners/{made.partner_id}/money").words


def test_a_difference_is_accepted_with_a_reason(office: Office) -> None:
    remittance_id = banked(office, kept="42")
    page = office.browser().get(f"/remittances/{remittance_id}")

    page.submit("Accept it", {"why": "Agreed by phone"})

    made = row(office, remittance_id)
    assert "£12.00 is missing by the card" in page.words
    assert made.difference is Difference.ACCEPTED
    assert due(office, made.partner_id).due == money("0")


def test_a_difference_is_put_right_in_a_later_remittance(office: Office) -> None:
    remittance_id = banked(office, kept="42")
    partner_id = row(office, remittance_id).partner_id
    with office.db.transaction() as session:
        collected(session, a_placement(session))

    missing = office.browser().get(f"/partners/{partner_id}/remittances/GBP/new")
    answer = missing.submit("Record it", {"reference": "R-2"})

    waiting = office.browser().get(f"/remittances/{remittance_id}").words
    assert "Puts R-1 right" in missing.words
    assert row(office, int(answer.location.rpartition("/")[2])).paid_minor == 12_00
    assert "The partner puts it right in a later remittance." in waiting
    assert "Accept it" not in waiting


def test_the_task_of_a_difference_leads_to_its_remittance(office: Office) -> None:
    remittance_id = banked(office, kept="42")
    with office.db.reading() as session:
        (task,) = [one for one in open_tasks(session) if one.subject_kind == "remittance"]

    shown = office.browser().get(f"/tasks/{task.id}")

    assert shown.link("Go to the remittance") == f"/remittances/{remittance_id}"


def test_a_line_of_the_bank_is_accepted_as_a_remittance_and_taken_back(office: Office) -> None:
    remittance_id = told(office)
    (line_id,) = lines_of(office.db, a_line("84", "R-1", name="", account="", currency="GBP"))
    browser = office.browser()

    browser.get(f"/bank/lines/{line_id}").submit("Accept")
    shown = browser.get(f"/remittances/{remittance_id}")
    undo = browser.get(f"/bank/lines/{line_id}/undo")
    undo.submit("Take it back", {"reason": "Rent"})

    assert shown.link("The line of our bank") == f"/bank/lines/{line_id}"
    assert "Remittance of a partner R-1 The bank is waited for again£84.00" in undo.words
    assert row(office, remittance_id).status is RemittanceStatus.TOLD


@pytest.mark.parametrize("path", ["/remittances/999999", "/partners/999999/remittances/GBP/new"])
def test_what_is_not_there_is_missing(office: Office, path: str) -> None:
    assert office.browser().get(path).status == MISSING
