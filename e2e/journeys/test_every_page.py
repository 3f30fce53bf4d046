"""Every page that a link leads to: accessible, valid, whole on a desk in the light and on a phone in the dark."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Set
from urllib.parse import urlsplit

from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.lived_in import live_in
from e2e.support.people import come_in, come_to_work
from e2e.support.visitor import Visitor
from tests.support.house import House

ONE_OF_MANY = re.compile(r"(?<=/)(\d+|[0-9a-z]{26})(?=/|$)")
NOT_A_PAGE = re.compile(r"\.(csv|pdf|svg)$|/pdf$|/csv$|/documents/\d+$")


def kind_of_page(url: str) -> str:
    """Pages that differ only in whose they are count as one."""
    return ONE_OF_MANY.sub("…", urlsplit(url).path)


def walk(visitor: Visitor, *starts: str, known: Set[str] = frozenset()) -> set[str]:
    """Look at one page of each kind that links lead to from these, `known` ones left out; which kinds there are."""
    page, site = visitor.page, f"{urlsplit(starts[0]).scheme}://{urlsplit(starts[0]).netloc}"
    seen, waiting = {kind_of_page(start) for start in starts} | known, deque(starts)
    while waiting:
        url = waiting.popleft()
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, (answer.status, url)
        kind = kind_of_page(url)
        visitor.look(kind)
        page.set_viewport_size({"width": 320, "height": 700})
        page.emulate_media(color_scheme="dark")
        visitor.look(kind)
        page.set_viewport_size({"width": 1280, "height": 800})
        page.emulate_media(color_scheme="light")
        for href in page.locator("a[href]").evaluate_all("links => links.map(link => link.href)"):
            if href.startswith(site) and not NOT_A_PAGE.search(urlsplit(href).path) and kind_of_page(href) not in seen:
                seen.add(kind_of_page(href))
                waiting.append(href)
    return seen


def test_every_page_of_the_portal(house: House, visit: OpenBrowser, email: str) -> None:
    lived_in = live_in(house, email, house.officer(Role.MANAGER, email.replace("@", ".manager@")))
    debt = lived_in.debt
    visitor = visit()
    come_in(visitor, debt)
    account = f"{house.portal}/accounts/{debt.account_id}"

    kinds = walk(
        visitor,
        account,
        f"{account}/pay?invoice={debt.invoices[1]}",
        f"{account}/autopay/check?method={lived_in.method_id}",
        f"{account}/payments/{lived_in.payment}",
    )

    wanted = ("statement", "invoices/…", "payments/…", "pay", "ways-to-pay", "ways-to-pay/…/remove", "autopay")
    assert {f"/accounts/…/{path}" for path in (*wanted, "autopay/off", "credit")} <= kinds


def test_every_page_of_the_back_office(house: House, visit: OpenBrowser, email: str) -> None:
    administrator = house.officer(Role.ADMINISTRATOR, email.replace("@", ".admin@"))
    manager = house.officer(Role.MANAGER, email.replace("@", ".manager@"))
    lived_in = live_in(house, email, manager)
    account = f"{house.office}/accounts/{lived_in.debt.account_id}"
    payment = f"{house.office}/payments/{lived_in.payment}"

    kinds: set[str] = set()
    for officer in (manager, administrator):
        visitor = visit()
        come_to_work(visitor, officer, sure=True)
        kinds = walk(visitor, f"{house.office}/accounts", f"{house.office}/staff", account, payment, known=kinds)

    wanted = ("accounts/…", "payments/…", "imports", "inbox", "tasks", "staff/…", "profile", "payments/…/refund")
    new = ("refunds", "refunds/…", "chargebacks", "receipts", "bank", "bank/sure", "bank/statements", "clearing")
    assert {f"/{path}" for path in (*wanted, *new, "accounts/…/receipts/new", "accounts/…/credit")} <= kinds
