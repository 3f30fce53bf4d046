"""Every page that a link leads to: accessible, valid, whole on a desk in the light and on a phone in the dark."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Set
from urllib.parse import urlsplit

import pytest

from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.handed_over import come_for_partner, hand_over
from e2e.support.lived_in import live_in
from e2e.support.people import come_in, come_to_work
from e2e.support.under_terms import put_under_terms
from e2e.support.visitor import Visitor
from tests.support.house import House

ONE_OF_MANY = re.compile(r"(?<=/)(\d+|[0-9a-z]{26})(?=/|$)")
NOT_A_PAGE = re.compile(r"\.(csv|pdf|svg|xlsx)$|/pdf$|/csv$|/file/json$|/documents/\d+$")

HOW = [pytest.param(False, id="each colouring once"), pytest.param(True, id="in full", marks=pytest.mark.faults)]
"""Whether the contrast of every letter on every page is looked at, or of each way in which letters are coloured."""


def kind_of_page(url: str) -> str:
    """Pages that differ only in whose they are count as one."""
    return ONE_OF_MANY.sub("…", urlsplit(url).path)


def look_at(visitor: Visitor, url: str, kind: str) -> None:
    """Open a page and look at it, narrow in the dark and wide in the light."""
    answer = visitor.page.goto(url)
    assert answer is not None
    assert answer.status == 200, (answer.status, url)
    visitor.look_both_ways(kind)


def walk(visitor: Visitor, *starts: str, known: Set[str] = frozenset()) -> set[str]:
    """Look at these pages and one of each kind that links lead to, `known` ones left out; which kinds there are."""
    site = f"{urlsplit(starts[0]).scheme}://{urlsplit(starts[0]).netloc}"
    seen, waiting = {kind_of_page(start) for start in starts} | known, deque(starts)
    while waiting:
        url = waiting.popleft()
        look_at(visitor, url, url if url in starts else kind_of_page(url))
        for href in visitor.page.locator("a[href]").evaluate_all("links => links.map(link => link.href)"):
            if href.startswith(site) and not NOT_A_PAGE.search(urlsplit(href).path) and kind_of_page(href) not in seen:
                seen.add(kind_of_page(href))
                waiting.append(href)
    return seen


@pytest.mark.parametrize("thorough", HOW)
def test_every_page_of_the_portal(house: House, visit: OpenBrowser, email: str, thorough: bool) -> None:
    manager = house.officer(Role.MANAGER, email.replace("@", ".manager@"))
    lived_in = live_in(house, email, manager)
    debt = lived_in.debt
    terms = put_under_terms(house, debt, manager)
    visitor = visit(thorough=thorough)
    come_in(visitor, debt)
    account = f"{house.portal}/accounts/{debt.account_id}"

    kinds = walk(
        visitor,
        account,
        f"{account}/pay?invoice={debt.invoices[1]}",
        f"{account}/autopay/check?method={lived_in.method_id}",
        f"{account}/payments/{lived_in.payment}",
        f"{account}/terms/{terms.waiting}",
        f"{account}/terms/{terms.accepted}",
        *(f"{account}/invoices/{one}" for one in (terms.overdue, terms.interest, terms.cost)),
        *(f"{account}/invoices/{one}" for one in (terms.discounted, terms.extended, terms.contested)),
        f"{account}/invoices/{terms.discounted}/later",
        f"{account}/pay?invoice={terms.discounted}",
        f"{account}/disputes/{terms.dispute}",
        f"{account}/promises/{terms.promise}",
        f"{account}/apply-for-credit",
    )

    wanted = ("statement", "invoices/…", "payments/…", "pay", "ways-to-pay", "ways-to-pay/…/remove", "autopay")
    new = (
        "terms",
        "terms/…",
        "disputes",
        "disputes/…",
        "apply-for-credit",
        "invoices/…/later",
        "invoices/…/dispute",
        "promises/new",
    )
    assert {f"/accounts/…/{path}" for path in (*wanted, *new, "autopay/off", "credit")} <= kinds


@pytest.mark.parametrize("thorough", HOW)
def test_every_page_of_the_back_office(house: House, visit: OpenBrowser, email: str, thorough: bool) -> None:
    administrator = house.officer(Role.ADMINISTRATOR, email.replace("@", ".admin@"))
    manager = house.officer(Role.MANAGER, email.replace("@", ".manager@"))
    lived_in = live_in(house, email, manager)
    account = f"{house.office}/accounts/{lived_in.debt.account_id}"
    payment = f"{house.office}/payments/{lived_in.payment}"

    kinds: set[str] = set()
    for officer in (manager, administrator):
        visitor = visit(thorough=thorough)
        come_to_work(visitor, officer, sure=True)
        kinds = walk(visitor, f"{house.office}/accounts", f"{house.office}/staff", account, payment, known=kinds)

    wanted = ("accounts/…", "payments/…", "imports", "inbox", "tasks", "staff/…", "profile", "payments/…/refund")
    new = ("refunds", "refunds/…", "chargebacks", "receipts", "bank", "bank/sure", "bank/statements", "clearing")
    newer = ("disputes", "credit-applications", "credit-holds", "reports/behaviour", "policies", "policies/new")
    assert {f"/{path}" for path in (*wanted, *new, *newer, "rates", "api-keys")} <= kinds
    of_account = ("receipts/new", "credit", "terms", "acceptances", "behaviour", "credit-limit", "stops")
    assert {f"/accounts/…/{path}" for path in of_account} <= kinds


@pytest.mark.parametrize("thorough", HOW)
def test_pages_of_the_back_office_where_terms_have_been_applied(
    house: House, visit: OpenBrowser, email: str, thorough: bool
) -> None:
    manager = house.officer(Role.MANAGER, email.replace("@", ".manager@"))
    debt = house.customer("75.00", email=email)
    terms = put_under_terms(house, debt, manager)
    account, policy = f"/accounts/{debt.account_id}", f"/policies/{terms.policy}"
    visitor = visit(thorough=thorough)
    come_to_work(visitor, manager, sure=True)

    invoices = (terms.overdue, terms.interest, terms.cost, terms.extended, terms.contested)
    drafts = ("authority", "dunning", "late_interest", "recovery_cost", "scorecard")
    for path in (
        *(f"{account}{part}" for part in ("", "/terms", "/acceptances", "/behaviour", "/credit-limit", "/stops")),
        *(f"{account}/invoices/{one}" for one in (*invoices, "new", f"{terms.interest}/waive")),
        *(f"{account}/invoices/{terms.discounted}/{act}" for act in ("extend", "dispute")),
        *(f"/promises/{terms.promise}", "/promises", f"{account}/promises/new"),
        *(f"/disputes/{terms.dispute}{part}" for part in ("", "/split", "/reopen")),
        *("/disputes", "/disputes?show=new", "/disputes/handling", "/disputes/handling/damaged"),
        *(f"{account}/disputes", f"{account}/disputes/new", "/reports/disputes", "/reports/disputes/rows"),
        *(f"/credit-applications/{terms.application}", "/credit-holds"),
        *(f"{policy}{part}" for part in ("", "/draft", "/publish", "/trial", "/versions/2")),
        *(f"{policy}/draft/{section}" for section in drafts),
        *("/policies/acceptances", f"/policies/acceptances/{terms.waiting}", f"/policies/groups/{terms.group}"),
        *("/policies/authority", f"/policies/assign?policy={terms.policy}"),
    ):
        look_at(visitor, f"{house.office}{path}", f"under terms: {path}")


@pytest.mark.parametrize("thorough", HOW)
def test_pages_of_the_back_office_about_what_was_handed_over(
    house: House, visit: OpenBrowser, email: str, thorough: bool
) -> None:
    manager = house.officer(Role.MANAGER, email.replace("@", ".manager@"))
    handed = hand_over(house, email)
    account, partner = f"/accounts/{handed.account_id}", f"/partners/{handed.partner_id}"
    handoff = f"/handoffs/{handed.placement_id}"
    visitor = visit(thorough=thorough)
    come_to_work(visitor, manager, sure=True)

    for path in (
        *("/handoffs", "/handoffs?show=to_decide", "/handoffs?show=placed", "/handoffs?show=ended", "/partners"),
        *(handoff, f"{handoff}/payment", f"{handoff}/cost", f"/handoffs/{handed.proposed_id}"),
        *(f"{partner}{part}" for part in ("", "/change", "/card", "/agreements", "/delivery", "/people", "/money")),
        *(f"{partner}/remittances/GBP/new", f"{partner}/statement", "/partners/new"),
        *(f"/remittances/{handed.remittance_id}", f"/partner-costs/{handed.cost_id}", "/reports/handoffs"),
        *("/reports/handoffs/rows", "/write-offs", "/insolvencies", "/limitations", "/cases"),
        *(f"{account}{part}" for part in ("/handoffs", "/routes", "/write-offs", "/limitations", "/cases")),
        *(f"{account}/insolvencies", f"{account}/insolvencies/new", f"/accounts/{handed.candidate_id}/handoffs"),
    ):
        look_at(visitor, f"{house.office}{path}", f"handed over: {path}")


@pytest.mark.parametrize("thorough", HOW)
def test_every_page_of_the_partners_site(house: House, visit: OpenBrowser, email: str, thorough: bool) -> None:
    handed = hand_over(house, email)
    visitor = visit(thorough=thorough)
    come_for_partner(visitor, handed.login_id)
    placement = f"{house.partners}/placements/{handed.placement_id}"

    kinds = walk(visitor, f"{house.partners}/", placement, f"{placement}/settle", f"{house.partners}/remittances")

    wanted = ("payments", "remittances", "remittances/…", "files", "placements/…/payment", "placements/…/cost")
    assert {f"/{path}" for path in (*wanted, "placements/…/give-back", "placements/…/close")} <= kinds
