"""A manager looks back: reports and the rows behind a number, a policy's quarter, a draft tried, what was decided."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from domain.policies import drafting
from domain.policies.model import CreditPolicy
from domain.policies.sections import Sections
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.staff.model import Role, StaffMember
from e2e.journeys.conftest import OpenBrowser
from e2e.support.people import come_to_work
from e2e.support.visitor import Visitor
from tests.support.audited import last_payload
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.house import House
from tests.support.policies import a_policy
from tests.support.terms import TWO_TEN

DECIDED = "Keep the two per cent: those who took it paid early."


@pytest.fixture
def manager(house: House, email: str) -> StaffMember:
    """A manager, whom nobody else is."""
    return house.officer(Role.MANAGER, email.replace("@", ".manager@"))


@pytest.fixture
def policy(house: House, manager: StaffMember) -> CreditPolicy:
    """A policy under which somebody took the discount in this quarter and owes us something late; a draft is begun."""
    with house.wired.database.transaction() as session:
        account = an_account(session, name="Harrier Trading")
        version = a_policy(session, Sections(early_discount=TWO_TEN), account_id=account.id)
        taken = an_invoice(session, account, "100.00")
        a_cheque(session, account, "98.00", wanted={taken.id: money("98")})
        late_on = today(session) - timedelta(days=20)
        an_invoice(session, account, "741.00", issued_on=late_on, due_on=late_on)
        drafting.begin(session, version.policy_id, actor=Actor.staff(manager.id))
        return session.get_one(CreditPolicy, version.policy_id)


@pytest.fixture
def desk(visit: OpenBrowser, manager: StaffMember, policy: CreditPolicy) -> Visitor:
    """The manager at work."""
    visitor = visit()
    come_to_work(visitor, manager)
    return visitor


def open_report(desk: Visitor, name: str) -> Page:
    """From the overview to a report, and look at it."""
    page = desk.page
    page.goto(f"{desk.house.office}/reports")
    desk.look("a quarter: overview")
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    desk.look(f"a quarter: {name}")
    return page


def workbook(page: Page, folder: Path) -> list[str]:
    """Take the page along as a workbook; every cell of it."""
    with page.expect_download() as taken:
        page.get_by_role("link", name="As a workbook").click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    path = folder / "taken.xlsx"
    taken.value.save_as(path)
    book = load_workbook(path, read_only=True)
    return [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]


def test_a_manager_reads_how_we_stand_and_opens_what_is_behind_a_number(desk: Visitor, tmp_path: Path) -> None:
    page = open_report(desk, "Ageing")
    assert any("GBP" in cell or "£" in cell for cell in workbook(page, tmp_path))

    page.locator("table a.num, table td.num a").first.click()
    page.wait_for_url("**/reports/ageing/rows?**")
    expect(page.get_by_role("main").get_by_text("Harrier Trading").first).to_be_visible()
    desk.look("a quarter: rows of ageing")
    assert "Harrier Trading" in workbook(page, tmp_path)
    page.get_by_role("link", name="Back to the report").click()
    page.wait_for_url(re.compile(r"/reports/ageing(\?.*)?$"))

    open_report(desk, "Key figures")
    open_report(desk, "Cash expected")
    page.get_by_role("link", name="All reports").click()
    page.get_by_role("region", name="How we stand in GBP").locator(".answer__figure").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    desk.look("a quarter: behind an answer")


def test_a_policys_quarter_is_read_its_draft_tried_and_what_was_decided_kept(
    desk: Visitor, policy: CreditPolicy, tmp_path: Path
) -> None:
    page, house = desk.page, desk.house
    page.goto(f"{house.office}/policies/{policy.id}")
    page.get_by_role("link", name="Review it").click()
    desk.look("a quarter: review of the quarter before")
    page.get_by_role("navigation", name="Quarter").get_by_role("link").last.click()
    expect(page.get_by_role("main").get_by_text("2% within 10 days").first).to_be_visible()
    desk.look("a quarter: review")
    assert any("within 10 days" in cell for cell in workbook(page, tmp_path))
    review = page.url

    page.locator("a[href*='/rows?']").first.click()
    expect(page.get_by_role("main").get_by_text("Harrier Trading").first).to_be_visible()
    desk.look("a quarter: rows of the review")
    page.goto(review)
    page.get_by_role("link", name="Try it on this quarter").click()
    expect(page.get_by_text("What the draft would have done on past days")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("link", name="Harrier Trading")).to_be_visible()
    desk.look("a quarter: trial")

    page.goto(review)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Say what was decided.").first).to_be_visible()
    desk.look("a quarter: nothing decided")
    page.get_by_label("What was decided, and why").fill(DECIDED)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("region", name="Decided before").get_by_text(DECIDED)).to_be_visible()
    desk.look("a quarter: decided")
    with house.wired.database.reading() as session:
        assert last_payload(session, "policy.reviewed")["after"]["why"] == DECIDED
