"""Handoffs in the back office: candidates proposed, decided on, sent, answered by the partner, and taken back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account
from domain.placements import ending, queries, sending
from domain.placements.model import Closing, Partner, PlacementStatus
from domain.placements.proposing import approve
from domain.policies.sections import Handoff
from domain.shared.actor import OPERATOR
from domain.shared.db.rows import AnyRow
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from tests.backoffice.conftest import Office
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.fakes import FakeProcessor
from tests.support.paying import Debt, start
from tests.support.placing import a_late_debt, a_partner, placed, proposed


@pytest.fixture
def partner_id(office: Office) -> int:
    """A partner, Fair Recovery Ltd."""
    with office.db.transaction() as session:
        return a_partner(session, name="Fair Recovery Ltd").id


def debts(office: Office, *amounts: str) -> list[int]:
    """The ids of accounts that each owe so much, and could be handed over."""
    with office.db.transaction() as session:
        return [a_late_debt(session, amount)[0].id for amount in amounts]


def a_placement(office: Office, partner_id: int, *, sent: bool = False, taken: bool = False) -> int:
    """A placement of £1,200: proposed, or sent, or with the partner."""
    with office.db.transaction() as session:
        account, partner = a_late_debt(session)[0], session.get_one(Partner, partner_id)
        if taken:
            return placed(session, account, partner).id
        made = proposed(session, account, partner)
        if sent:
            approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
            sending.send(session, account.id, made.id, actor=OPERATOR)
        return made.id


def paid_right_now(office: Office, placement_id: int) -> None:
    """Somebody begins to pay £10 of a placement's invoice."""
    with office.db.transaction() as session:
        account = session.get_one(Account, queries.placement(session, placement_id).account_id)
        invoice_id = queries.invoices(session, placement_id)[0].id
        login_id = grant(session, account, email="a@b.example", name="Ana", rights=ALL_RIGHTS, actor=OPERATOR).id
        debt = Debt(account.id, [invoice_id], login_id, login_id)
    start(office.db, FakeProcessor(), debt, {invoice_id: money("10")})


def states(office: Office) -> Sequence[tuple[PlacementStatus, str]]:
    """Every placement, the oldest first: its state, and the reason of its last change."""
    with office.db.reading() as session:
        found: list[AnyRow] = []
        for view in queries.View:
            found += queries.placements(session, view, limit=10)
        return [
            (row.status, queries.changes(session, row.id)[-1].why or "")
            for row in sorted(found, key=lambda row: row.id)
        ]


def pressed(browser: Client, placement_id: int, button: str, **said: str) -> Page:
    """Press a button on a placement's page."""
    return browser.get(f"/handoffs/{placement_id}").submit(button, said)


def test_several_are_proposed_at_once_and_each_says_what_it_comes_to_or_why_not(
    office: Office, partner_id: int
) -> None:
    small, large = debts(office, "300", "1200")
    with office.db.transaction() as session:
        session.get_one(Account, small).country = "FR"
        session.get_one(Partner, partner_id).countries = ["GB"]
    collector = office.browser(Role.COLLECTOR)
    said: dict[str, str | list[str]] = {
        "account": [str(large), str(small)],
        "partner": str(partner_id),
        "reason": "Nothing comes",
    }

    preview = collector.get("/handoffs").submit("See what each comes to", said)
    nothing_yet = states(office)
    done = preview.submit("Propose them")
    again = preview.submit("Propose them")

    assert "not proposed Fair Recovery Ltd does not act in FR." in preview.words
    assert "35%£1,200.00" in preview.words
    assert nothing_yet == []
    assert states(office) == [(PlacementStatus.PROPOSED, "Nothing comes")]
    assert "Proposed, waits for approval£1,200.00" in done.words
    assert "Fair Recovery Ltd does not act in FR." in done.words
    assert again.location.endswith("/handoffs?show=to_decide")


def test_candidates_say_why_and_what_is_proposed_already_is_none(office: Office, partner_id: int) -> None:
    debts(office, "1200")
    a_placement(office, partner_id)

    shown = office.browser(Role.AUDITOR).get("/handoffs")

    assert "The oldest debt is 90 days late; 60 are asked for." in shown.words
    assert shown.words.count("All criteria are met") == 1
    assert "Could be handed over 1" in shown.words
    assert "To decide 1" in shown.words
    assert shown.all("input", name="account") == []


def test_nothing_typed_is_lost_where_nobody_or_no_partner_is_chosen(office: Office, partner_id: int) -> None:
    debts(office, "1200")

    page = office.browser().get("/handoffs").submit("See what each comes to", reason="Nothing comes")

    assert page.status == 422
    assert "Tick at least one account." in page.words
    assert "Choose a partner." in page.words
    assert "Nothing comes" in page.words


def test_who_may_not_decide_reads_who_can_and_a_manager_approves_and_sends(office: Office, partner_id: int) -> None:
    placement = a_placement(office, partner_id)
    collector, manager = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)

    refused = pressed(collector, placement, "Approve it")
    pressed(manager, placement, "Approve it")
    approved = states(office)
    pressed(manager, placement, "Send it to Fair Recovery Ltd")

    shown = collector.get(f"/handoffs/{placement}")
    assert refused.status == 403
    assert "Manager" in refused.words
    assert approved == [(PlacementStatus.APPROVED, "")]
    assert states(office) == [(PlacementStatus.SENT, "")]
    assert "Commission agreed" in shown.words
    assert "If all that is open is collected: £420.00 and £84.00 tax." in shown.words


def test_criteria_stand_as_they_were_beside_those_of_today(office: Office, partner_id: int) -> None:
    placement = a_placement(office, partner_id)
    paid_right_now(office, placement)

    shown = office.browser().get(f"/handoffs/{placement}")

    assert "No payment is under wayYesNo" in shown.words
    assert "Not every criterion is met any more." in shown.words
    assert "Principal together£1,200.00£1,200.00" in shown.words


def test_a_proposal_is_declined_with_a_reason(office: Office, partner_id: int) -> None:
    placement = a_placement(office, partner_id)
    manager = office.browser(Role.MANAGER)

    wrong = pressed(manager, placement, "Do not hand it over", decline_why="")
    pressed(manager, placement, "Do not hand it over", decline_why="We talk to them")

    assert wrong.status == 422
    assert "Say why." in wrong.words
    assert states(office) == [(PlacementStatus.DECLINED, "We talk to them")]
    assert "We talk to them" in manager.get(f"/handoffs/{placement}").words
    assert "Not approved" in manager.get("/handoffs?show=ended").words


def test_what_the_partner_says_is_written_down_by_staff(office: Office, partner_id: int) -> None:
    taken, refused = a_placement(office, partner_id, sent=True), a_placement(office, partner_id, sent=True)
    collector = office.browser(Role.COLLECTOR, is_sure=False)

    pressed(collector, taken, "They have taken it")
    wrong = pressed(collector, refused, "They have refused it")
    pressed(collector, refused, "They have refused it", refuse_why="Too old")

    assert wrong.status == 422
    assert states(office) == [(PlacementStatus.ACTIVE, ""), (PlacementStatus.REFUSED, "Too old")]
    assert "They have taken it" not in collector.get(f"/handoffs/{taken}").words


@pytest.mark.parametrize(
    ("button", "field", "status"),
    [
        ("They have given it back", "give_back_why", PlacementStatus.RETURNED),
        ("It cannot be collected", "uncollectable_why", PlacementStatus.CLOSED),
        ("Take it back from the partner", "recall_why", PlacementStatus.RECALLED),
    ],
)
def test_it_comes_back_with_a_reason(
    office: Office, partner_id: int, button: str, field: str, status: PlacementStatus
) -> None:
    placement = a_placement(office, partner_id, taken=True)
    manager = office.browser(Role.MANAGER)

    wrong = pressed(manager, placement, button)
    pressed(manager, placement, button, **{field: "They moved away"})

    assert wrong.status == 422
    assert states(office) == [(status, "They moved away")]
    with office.db.reading() as session:
        row = queries.placement(session, placement)
    assert row.closing is (Closing.UNCOLLECTABLE if status is PlacementStatus.CLOSED else None)


def test_while_a_payment_is_under_way_it_is_taken_back_only_all_the_same(office: Office, partner_id: int) -> None:
    placement = a_placement(office, partner_id, taken=True)
    paid_right_now(office, placement)
    manager = office.browser(Role.MANAGER)

    refused = pressed(manager, placement, "Take it back from the partner", recall_why="A slip")
    refused.submit("Take it back from the partner", force="yes")

    assert refused.status == 422
    assert "wait until it is here" in refused.words
    assert refused.all("input", name="recall_why")[0].get("value") == "A slip"
    assert states(office) == [(PlacementStatus.RECALLED, "A slip")]


def test_an_account_says_criterion_by_criterion_whether_it_could_be_and_proposes(
    office: Office, partner_id: int
) -> None:
    (account_id,) = debts(office, "1200")
    collector = office.browser(Role.COLLECTOR)
    page = collector.get(f"/accounts/{account_id}").follow("Could it be handed over?")

    wrong = page.submit("Propose it", reason="They do not answer")
    made = wrong.submit("Propose it", partner=str(partner_id)).location

    assert "Late for long enoughYesThe oldest debt is 90 days late; 60 are asked for." in page.words
    assert wrong.status == 422
    assert "Choose a partner." in wrong.words
    assert "They do not answer" in collector.get(made).words
    assert "decide on that first" in collector.get(f"/accounts/{account_id}/handoffs").words


def test_what_is_not_met_is_said_too_and_nothing_can_be_proposed(office: Office, partner_id: int) -> None:
    with office.db.transaction() as session:
        account_id = a_late_debt(session, "50", section=Handoff(late_days=60, least_minor=100_00))[0].id

    page = office.browser().get(f"/accounts/{account_id}/handoffs")

    assert "Large enoughNo£50.00 is ready for it; at least £100.00 is asked for." in page.words
    assert "Propose it" not in page.words


def test_the_account_says_who_acts_for_us_and_its_stop_and_task_lead_to_the_handoff(
    office: Office, partner_id: int
) -> None:
    placement = a_placement(office, partner_id, taken=True)
    with office.db.transaction() as session:
        account_id = queries.placement(session, placement).account_id
        task = open_task(session, TaskKind.PLACEMENT_BACK, subject=("placement", placement), account_id=account_id)
    browser = office.browser()

    page = browser.get(f"/accounts/{account_id}")

    links = [link.get("href") for link in page.all("a")]
    assert "in@fair.example" in page.words
    assert "£1,200.00 is open on what they have." in page.words
    assert links.count(f"/handoffs/{placement}") >= 3
    assert browser.get(f"/tasks/{task}").link("Go to the handoff") == f"/handoffs/{placement}"


def test_what_came_back_goes_to_the_same_partner_only_where_that_is_ticked(office: Office, partner_id: int) -> None:
    with office.db.transaction() as session:
        account = a_late_debt(session)[0]
        made = placed(session, account, session.get_one(Partner, partner_id))
        ending.give_back(session, account.id, made.id, why="Nobody opens.", actor=OPERATOR)
        account_id = account.id
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/handoffs")

    refused = form.submit("Propose it", partner=str(partner_id), reason="They pay now.")
    page = refused.submit("Propose it", same_partner="yes")
    shown = office.browser(Role.COLLECTOR).get(page.location)

    assert refused.status == 422
    assert "Fair Recovery Ltd had some of this before" in refused.words
    assert "They pay now." in shown.words
    assert "Placed before" in shown.words
