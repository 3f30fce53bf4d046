"""Legal cases in the back office: opened, filed, decided, enforced, paid for and closed, with what is due in them."""

from __future__ import annotations

from datetime import timedelta

from domain.legal_cases import queries
from domain.legal_cases.model import CaseStatus
from domain.legal_cases.stepping import tell_deadlines
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.counting import counted
from tests.support.litigating import a_case, filed, judged
from tests.support.placing import a_late_debt


def test_a_case_goes_from_its_opening_to_its_judgment_and_its_interest(office: Office) -> None:
    with office.db.transaction() as session:
        account, invoice = a_late_debt(session, "1000")
        account_id, day = account.id, today(session)
    client = office.browser(Role.COLLECTOR)

    opened = client.follow(
        client.get(f"/accounts/{account_id}/cases").submit(
            "Open it", {"invoice": str(invoice.id), "court": "County Court at Central London"}
        )
    )
    ago = (day - timedelta(days=73)).isoformat()
    before = client.follow(opened.submit("It is before the court", {"number": "K00AB123", "filed_on": ago}))
    decided = client.follow(
        before.submit("Record the judgment", {"judgment_on": ago, "judgment": "1000", "costs": "70", "rate": "8"})
    )
    charged = client.follow(decided.submit("Charge it"))
    enforced = client.follow(charged.submit("It is being enforced", {"enforce_why": "Officer sent."}))

    assert "Being prepared" in opened.words
    assert "Before the court" in before.words
    assert "To be charged today£16.00" in decided.words
    assert "Costs awarded by County Court at Central London, K00AB123" in decided.words
    assert "To be charged today£0.00" in charged.words
    assert "Being enforced" in enforced.words
    with office.db.reading() as session:
        [row] = queries.of_account(session, account_id)
        assert (row.status, row.open_minor) == (CaseStatus.ENFORCING, 1_086_00)
    words = client.get(f"/accounts/{account_id}/timeline").words
    assert "Judgment for us in legal case LC-" in words
    assert "Before a court, or decided by one" in client.get(f"/accounts/{account_id}").words


def test_what_was_typed_stays_where_it_is_refused(office: Office) -> None:
    with office.db.transaction() as session:
        account, _, case = a_case(session)
        filed(session, case)
        case_id, account_id = case.id, account.id
    client = office.browser(Role.MANAGER)
    shown = client.get(f"/cases/{case_id}")

    rate = shown.submit("Record the judgment", {"judgment": "900", "rate": "much"})
    open_form = client.get(f"/accounts/{account_id}/cases")

    assert rate.status == 422
    assert "Enter a number, such as 8.25." in rate.words
    assert [field.get("value") for field in rate.all("input", name="judgment")] == ["900"]
    assert not open_form.all("input", name="court")


def test_a_step_leads_from_its_task_to_the_case_and_is_done_there(office: Office) -> None:
    with office.db.transaction() as session:
        _, _, case = a_case(session)
        case_id, day = case.id, today(session)
    client = office.browser(Role.COLLECTOR)
    step = {"kind": "hearing", "what": "Hearing in room 3", "due_on": (day + timedelta(days=3)).isoformat()}

    planned = client.follow(client.get(f"/cases/{case_id}").submit("Write it down", step))
    with office.db.transaction() as session:
        told_again = tell_deadlines(session)
    tasks = client.get("/worklist")
    with office.db.reading() as session:
        [made] = queries.steps(session, case_id)
    silent = planned.submit("It is done")
    done = client.follow(planned.submit("It is done", {f"came_of_it-{made.id}": "Adjourned to March."}))

    assert told_again == 0
    assert "Something is due in a legal case" in tasks.words
    assert (silent.status, "Say what came of it." in silent.words) == (422, True)
    assert "Adjourned to March." in done.words
    assert "Something is due in a legal case" not in client.get("/worklist").words


def test_what_was_paid_stands_beside_it_and_it_closes_with_a_reason(office: Office) -> None:
    with office.db.transaction() as session:
        case_id = judged(session, filed(session, a_case(session)[-1])).id
    client = office.browser(Role.COLLECTOR)
    shown = client.get(f"/cases/{case_id}")

    paid = client.follow(shown.submit("Write the cost down", {"cost": "455", "cost_what": "Issue fee"}))
    silent = paid.submit("Close the case", {"outcome": "unenforceable"})
    closed = client.follow(paid.submit("Close the case", {"outcome": "unenforceable", "close_why": "Nothing there."}))

    assert "Issue fee16 Mar 2026£455.00" in paid.words
    assert silent.status == 422
    assert "Closed Could not be enforced" in closed.words
    assert "Could not be enforced" in client.get("/cases?show=closed").words
    with office.db.reading() as session:
        assert [cost.amount for cost in queries.costs(session, case_id)] == [Money.of("455", "GBP")]


def test_the_list_takes_as_many_queries_for_many_as_for_one(office: Office) -> None:
    with office.db.transaction() as session:
        a_case(session)
        with counted(session.connection()) as one:
            queries.cases(session, closed=False, limit=50)
        for _ in range(3):
            a_case(session)
        with counted(session.connection()) as four:
            queries.cases(session, closed=False, limit=50)

        assert len(one) == len(four) == 1
