"""Every page that a link leads to: accessible, valid, whole on a desk in the light and on a phone in the dark."""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urlsplit

from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.staff.model import Role
from e2e.journeys.conftest import OpenBrowser
from e2e.support.visitor import Visitor
from tests.support.builders import money
from tests.support.calling import Caller
from tests.support.house import Debt, House
from tests.support.waiting import until

ONE_OF_MANY = re.compile(r"(?<=/)(\d+|[0-9a-z]{26})(?=/|$)")
NOT_A_PAGE = re.compile(r"\.(csv|pdf|svg)$|/pdf$|/csv$|/documents/\d+$")


def kind_of_page(url: str) -> str:
    """Pages that differ only in whose they are count as one."""
    return ONE_OF_MANY.sub("…", urlsplit(url).path)


def walk(visitor: Visitor, start: str) -> set[str]:
    """Look at one page of each kind that links lead to; which kinds there are."""
    page, site = visitor.page, f"{urlsplit(start).scheme}://{urlsplit(start).netloc}"
    seen, waiting = {kind_of_page(start)}, deque([start])
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


def a_debt_in_part_paid(house: House, email: str) -> Debt:
    """One invoice settled and one begun, so that every page has something to show."""
    debt = house.customer("864.00", "1140.00", email=email)
    with Caller(house, debt, email) as maya:
        maya.check()
        house.simulator.pay_session(maya.pay("864.00", "100.00").headers["location"].rpartition("/")[2])
        until(lambda: house.owed(debt.account_id) == money("1040"), "the payment")
    return debt


def test_every_page_of_the_portal(house: House, visit: OpenBrowser, email: str) -> None:
    debt = a_debt_in_part_paid(house, email)
    visitor = visit()
    visitor.sign_in(email)

    kinds = walk(visitor, f"{house.portal}/accounts/{debt.account_id}")

    assert {"/accounts/…/invoices/…", "/accounts/…/payments/…", "/accounts/…/statement"} <= kinds


def test_every_page_of_the_back_office(house: House, visit: OpenBrowser, email: str) -> None:
    a_debt_in_part_paid(house, email)
    administrator = house.officer(Role.ADMINISTRATOR, email.replace("@", ".admin@"))
    manager = house.officer(Role.MANAGER, email.replace("@", ".manager@"))

    kinds: set[str] = set()
    for officer in (manager, administrator):
        with house.wired.database.transaction() as session:
            token = sessions.start(session, site=Site.OFFICE, subject_id=officer.id, stepped_up=True)
        visitor = visit()
        visitor.page.context.add_cookies([{"name": "office", "value": token, "url": house.office}])
        kinds |= walk(visitor, f"{house.office}/accounts")

    assert {"/accounts/…", "/payments/…", "/imports", "/inbox", "/tasks", "/staff/…", "/profile"} <= kinds
