"""What is paid as agreed: no page of the portal or of a pay link asks for the full sum while that is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.accounts.queries import logins_on
from domain.notices import pay_links
from domain.plans.negotiating import Ask, ask_for
from domain.policies.sections import Extensions, Promises, Sections
from domain.receivables.model import Invoice
from domain.settlements.accepting import accept
from domain.settlements.offering import offer
from domain.shared.actor import OPERATOR, Actor
from domain.shared.business import BankDetails, Business
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.portal.conftest import Portal, sign_in
from tests.portal.linked import opened
from tests.support.builders import an_invoice, money
from tests.support.client import Client, Page
from tests.support.credit import a_cheque, open_of
from tests.support.linking import a_notice
from tests.support.planning import PLANS, monthly, signed
from tests.support.policies import a_policy
from tests.support.routes import ways
from tests.support.saving import VISA, a_method
from tests.support.settling import LATE_DAYS, SETTLEMENTS, wanted

RULES = Sections(
    plans=PLANS, settlements=SETTLEMENTS, promises=Promises(most_days=14), extensions=Extensions(most_days=10)
)
TOLD = (
    r"You (still )?owe [\w ]*{}",
    r"{} is open\. {} of it is paid as agreed",
    r"{} of it is (paid as agreed|on your payment plan|being settled for less)",
    r"{} is paid as agreed, and not late",
    r"{} is being settled: £[\d.]+ of £450\.00 paid",
    r"Open, and paid by your plan {}",
    r"Open, until it is settled {}",
    r"See the payment −£[\d.]+ open {}",
    r"What it is about INV-\d+ due \d+ \w+ \d+ {}",
    r"All that is left ?The plan is then completed\. {} How much\? Up to {}",
    r"Pay {} in parts",
)
"""Where the full sum may stand: beside what is agreed of it, in what happened, or as what a customer may choose."""
PATHS = {
    "check": "/accounts/{account_id}/pay?invoice={invoice_id}",
    "later": "/accounts/{account_id}/later?invoice={invoice_id}",
    "promise_form": "/accounts/{account_id}/promises/new?invoice={invoice_id}",
    "advice_page": "/accounts/{account_id}/advice?invoice={invoice_id}",
    "check_autopay": "/accounts/{account_id}/autopay/check?method={method_id}",
    "several_invoices": "/several/invoices?account={account_id}",
    "link_check": "/l/pay?invoice={invoice_id}",
    "link_later": "/l/later?invoice={invoice_id}",
}
"""What these ways need besides their path."""
MAIN = ("", "/invoices", "/invoices/{invoice_id}", "/pay", "/statement", "/later", "/advice", "/payments/{public_id}")
"""Pages that are not to be missing."""


@dataclass(frozen=True)
class Agreed:
    """An account with one late invoice, a part of which is paid as agreed: what paths name, what is open, its link."""

    named: Mapping[str, object]
    full: str
    link: str


@pytest.fixture
def business() -> Business:
    """A creditor that says to which bank account money can be transferred."""
    return replace(Business(), bank=BankDetails(holder="Northgate Supplies Ltd", iban="GB82WEST12345698765432"))


def by_plan(session: Session, portal: Portal, invoice: Invoice, maya: Actor) -> tuple[str, int, str]:
    """A plan of three parts: its name in paths, which it is, and its first part."""
    assert maya.id is not None
    plan = ask_for(session, invoice.account_id, Ask((invoice.id,), monthly(session, 3)), login_id=maya.id, actor=maya)
    return "plan_id", signed(session, portal.store, plan, maya).id, "210.34"


def by_settlement(session: Session, _: Portal, invoice: Invoice, maya: Actor) -> tuple[str, int, str]:
    """The same of a settlement for 450 in two parts."""
    asked = wanted(session, "450", invoice, parts=2)
    made = offer(session, invoice.account_id, asked, role=Role.MANAGER, actor=OPERATOR)
    return "offer_id", accept(session, invoice.account_id, made.id, parts=2, actor=maya).id, "225"


def agreed(portal: Portal, agree: Callable[[Session, Portal, Invoice, Actor], tuple[str, int, str]]) -> Agreed:
    """Of an invoice of 731 that is 90 days late 100 were paid before; the first part of what is agreed is here."""
    account_id, _ = portal.account()
    with portal.db.transaction() as session:
        account = session.get_one(Account, account_id)
        a_policy(session, RULES, account_id=account_id)
        due_on = today(session) - timedelta(days=LATE_DAYS)
        invoice = an_invoice(session, account, "731", issued_on=due_on, due_on=due_on)
        a_cheque(session, account, "100", wanted={invoice.id: money("100")})
        login_id = logins_on(session, account_id)[0].id
        kind, agreement_id, first = agree(session, portal, invoice, Actor.login(login_id))
        paid = a_cheque(session, account, first, wanted={invoice.id: money(first)}).public_id
        link = pay_links.mint(session, a_notice(session, account, invoice))
        full = str(open_of(session, invoice)[0].decimal)
        named = {"account_id": account_id, "invoice_id": invoice.id, "public_id": paid, kind: agreement_id}
    method_id = a_method(portal.db, account_id, login_id, replace(VISA, method_ref=f"pm_{account_id}"))
    return Agreed(named | {"method_id": method_id}, full, link)


def test_nothing_asks_for_the_full_sum_while_what_was_agreed_is_kept(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    accounts = [agreed(portal, by_plan), agreed(portal, by_settlement)]
    maya = sign_in(portal, open_browser())

    for one in accounts:
        pages = list(_pages(portal, maya, one.named, public=False))
        pages += _pages(portal, opened(open_browser(), one.link), one.named, public=True)
        seen = {page.path.partition("?")[0] for page in pages}

        assert {page.path: found for page in pages if (found := _asks(page, one))} == {}
        assert {f"/accounts/{{account_id}}{part}".format(**one.named) for part in MAIN} | {"/l", "/l/pay"} <= seen


def _pages(portal: Portal, browser: Client, named: Mapping[str, object], *, public: bool) -> Iterator[Page]:
    """Every page that these names lead to, and each page to pay that one of those leads to."""
    todo = [
        PATHS.get(way.name, re.sub(r":\w+", "", way.path)).format(**named)
        for way in ways(portal.app)
        if way.method == "GET" and way.is_public == public and set(way.wants) <= named.keys()
    ]
    for path in todo:
        page = browser.get(path)
        assert page.status < 500, page.path
        if page.status != 200 or page.is_download or page.tree is None:
            continue
        links = {str(link.get("href")) for link in page.all("a")}
        todo += sorted(link for link in links if "/pay?" in link and link not in todo)
        yield page


def _asks(page: Page, one: Agreed) -> list[str]:
    """Where a page has the full sum other than where it is told, or ticks or fills in to pay it."""
    if page.path.endswith("/dispute"):
        return []  # how much is wrong is no question of paying
    assert page.tree is not None
    words = " ".join("".join(_outside_tables(page.tree)).replace("\xa0", " ").split())
    for told in TOLD:
        words = re.sub(told.replace("{}", "£" + re.escape(one.full)), "", words)
    found = [words[max(0, match.start() - 60) : match.end() + 30] for match in re.finditer(re.escape(one.full), words)]
    for field in page.all("input"):
        is_chosen = field.get("name") == "invoice" and field.get("checked") is not None
        if is_chosen or one.full in (field.get("value") or ""):
            found.append(str(field.get("name")))
    return found


def _outside_tables(element: Element) -> Iterator[str]:
    """The words of a page, but for its tables: they list what is open, and what happened."""
    if str(element.tag) != "table":
        yield element.text or ""
        for each in element:
            yield from _outside_tables(each)
    yield f" {element.tail or ''}"
