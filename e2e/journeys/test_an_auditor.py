"""An auditor: comes in by the door, reads all of it, takes the trail along, and can change nothing, by any way."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from domain.accounts import queries as accounts
from domain.audit.model import AUDIT_ENTRIES
from domain.promises.making import Word, record_promise
from domain.receivables.model import Invoice
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.session import today
from domain.staff.model import Role, StaffMember
from e2e.journeys.conftest import OpenBrowser
from e2e.journeys.test_every_page import kind_of_page
from e2e.journeys.test_office import sign_in
from e2e.support.people import come_to_work
from e2e.support.visitor import Visitor
from tests.support.builders import money
from tests.support.disputing import contest
from tests.support.house import Debt, House
from tests.support.planning import an_asked_plan
from tests.support.reminding import asked_to_decide
from tests.support.waiting import until

OWN_FORMS = {"/sign-out", "/language", "/accounts/…/viewing", "/audit/export", "/audit/checks"}
"""What an auditor sends: to leave, to read as a customer does, to take the trail along, and to have it checked."""


@pytest.fixture
def manager(house: House, email: str) -> StaffMember:
    """Whose acts are looked at."""
    return house.officer(Role.MANAGER, email.replace("@", ".manager@"))


@pytest.fixture
def debt(house: House, email: str, manager: StaffMember) -> Debt:
    """An account that owes two invoices, one promised by the manager's hand."""
    debt = house.customer("120.00", "80.00", email=email, name="Ida Kestrel")
    with house.wired.database.transaction() as session:
        word = Word(today(session), (debt.invoices[0],), words="Ida said so on the phone")
        record_promise(session, debt.account_id, word, role=Role.MANAGER, actor=Actor.staff(manager.id))
    return debt


@pytest.fixture
def auditor(house: House, email: str, visit: OpenBrowser, debt: Debt) -> Visitor:
    """Signed in with password and code."""
    visitor = visit()
    sign_in(visitor, house.officer(Role.AUDITOR, email.replace("@", ".auditor@")))
    return visitor


def read(visitor: Visitor, path: str) -> Page:
    """Open a page, look at it, and see that nothing on it changes anything."""
    page = visitor.page
    answer = page.goto(f"{visitor.house.office}{path}")
    assert answer is not None
    assert answer.status == 200, path
    visitor.look(f"auditor: {kind_of_page(path)}")
    forms = page.locator("form[method=post]").evaluate_all("forms => forms.map(form => form.action)")
    assert {kind_of_page(form) for form in forms} <= OWN_FORMS, (path, forms)
    return page


def test_an_auditor_reads_accounts_and_reports_and_no_button_changes_anything(auditor: Visitor, debt: Debt) -> None:
    account = f"/accounts/{debt.account_id}"
    with auditor.house.wired.database.transaction() as session:
        task = asked_to_decide(session, session.get_one(Invoice, debt.invoices[0]))

    page = read(auditor, account)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Ida Kestrel")
    expect(page.locator("#timeline").get_by_text("Promise to pay by").first).to_be_visible()
    for path in (
        "/worklist?whose=all",
        f"/tasks/{task}",
        f"{account}/people",
        f"{account}/invoices/{debt.invoices[0]}",
    ):
        read(auditor, path)
    for path in ("/payments", "/disputes", "/plans", "/policies", "/staff", "/settings", "/clearing"):
        read(auditor, path)
    for path in ("/reports", "/reports/ageing", "/reports/figures", "/reports/cash"):
        expect(read(auditor, path).get_by_role("heading", level=1)).to_be_visible()


def test_an_auditor_narrows_the_trail_sees_before_and_after_takes_it_along_and_checks_it(
    auditor: Visitor, debt: Debt, manager: StaffMember, tmp_path: Path
) -> None:
    page = read(auditor, "/audit")
    page.get_by_label("Who", exact=True).select_option(f"staff:{manager.id}")
    page.get_by_label("What", exact=True).select_option("promise.made")
    page.get_by_role("button", name="Show", exact=True).click()
    rows = page.get_by_role("table").locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.get_by_text("Ida Kestrel")).to_be_visible()
    auditor.look("auditor: a trail that is narrowed")

    page.get_by_role("button", name="Check what is shown").click()
    expect(page.get_by_text("One row was checked: it is as it was written down.")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV").click()
    taken.value.save_as(tmp_path / "trail.csv")
    lines = list(csv.reader(StringIO((tmp_path / "trail.csv").read_text(encoding="utf-8-sig"))))
    assert sum("promise.made" in line for line in lines) == 1

    rows.get_by_role("rowheader").get_by_role("link").click()
    auditor.look("auditor: an act")
    expect(page.get_by_text("Ida said so on the phone").first).to_be_visible()

    page.goto(f"{auditor.house.office}/audit")
    page.get_by_role("button", name="Check everything in the background").click()
    expect(page.get_by_role("heading", name="Checks of everything")).to_be_visible()
    checked = page.get_by_text("everything is as it was written down").first

    def is_through() -> bool:
        page.reload()
        return checked.is_visible()

    until(is_through, "the check of everything")
    auditor.look("auditor: checks")


def forged(visitor: Visitor, path: str, fields: dict[str, str]) -> int:
    """Send a form as this browser would, with the token of the page that it is on; the answer's status."""
    page, office = visitor.page, visitor.house.office
    token = page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    form: dict[str, str | float | bool] = {"csrf_token": token, **fields}
    return page.request.post(f"{office}{path}", form=form, headers={"Origin": office}, max_redirects=0).status


def acts_of_staff(house: House) -> int:
    """How many acts of staff are on the trail; what the worker does meanwhile is its own."""
    with house.wired.database.reading() as session:
        wanted = select(func.count()).where(AUDIT_ENTRIES.c.actor_kind == ActorKind.STAFF)
        return int(session.scalar(wanted) or 0)


def test_forms_that_are_forged_in_an_auditors_session_are_refused_and_change_nothing(
    auditor: Visitor, visit: OpenBrowser, manager: StaffMember, debt: Debt
) -> None:
    house, account = auditor.house, f"/accounts/{debt.account_id}"
    with house.wired.database.transaction() as session:
        owner = accounts.lock(session, debt.account_id)
        dispute = contest(session, owner, session.get_one(Invoice, debt.invoices[1])).id
        plan = an_asked_plan(session, "90.00")[-1].id
        task = asked_to_decide(session, session.get_one(Invoice, debt.invoices[0]))
    day = house.clock.now().date().isoformat()
    done = f"/tasks/{task}", {"act": "done", "note": "Paid, I was told."}
    ways = dict(
        (
            done,
            (f"{account}/notes", {"note": "x"}),
            (f"/tasks/{task}/call", {"outcome": "reached", "said": "x"}),
            (f"/tasks/{task}/promise", {"promised_on": day, "promised_words": "x"}),
            (f"/disputes/{dispute}", {"act": "reject", "answer": "No."}),
            (f"/plans/{plan}", {"act": "approve"}),
            (f"{account}/stops", {"why": "x", "step": "do"}),
            (f"{account}/receipts/new", {"method": "cheque", "amount": "10", "received_on": day}),
            (f"{account}/invoices/{debt.invoices[0]}/credit", {"amount": "120", "reason": "x", "step": "do"}),
            (f"{account}/write-offs", {"invoice": str(debt.invoices[0]), "kind": "accounting", "reason": "x"}),
            (f"/staff/{manager.id}", {"role": "auditor", "act": "role"}),
            ("/settings/business", {"name": "Ours", "email": "a@b.example"}),
        )
    )
    read(auditor, account)
    known = acts_of_staff(house)

    answers = {path: forged(auditor, path, fields) for path, fields in ways.items()}

    assert set(answers.values()) == {403}, answers
    assert acts_of_staff(house) == known
    assert house.owed(debt.account_id) == money("200")

    may = visit()
    come_to_work(may, manager)
    may.page.goto(f"{house.office}{account}")
    assert forged(may, *done) == 303
    assert acts_of_staff(house) == known + 1
