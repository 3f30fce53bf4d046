"""The pages that Lighthouse looks at: their addresses in the demo, and the cookies of somebody who may see them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Browser, BrowserContext

from scripts.demo import Demo, first_linked

ALL_KINDS: Final = ("accessibility", "best-practices", "performance")
BUT_SPEED: Final = ALL_KINDS[:2]
BUT_PRACTICES: Final = ("accessibility", "performance")
"""Of a page that is not there: the browser itself writes its 404 to the console, which costs a mark for practices."""

ANA, MARTIN, BECKY = "ana@harbourcafe.example", "martin@oakwellfarm.example", "becky@juniperbar.example"
AGENT: Final = "nadia@tynewharf.example"
OF_ACCOUNTS: Final = (
    ("overview", ANA, "", ""),
    ("invoices", ANA, "/invoices", ""),
    ("an invoice", ANA, "/invoices", "/invoices/"),
    ("pay", ANA, "/pay?invoice={invoice}", ""),
    ("payments", ANA, "/payments", ""),
    ("a receipt", ANA, "/payments", "/payments/"),
    ("statement", ANA, "/statement", ""),
    ("documents", ANA, "/documents", ""),
    ("ways to pay", ANA, "/ways-to-pay", ""),
    ("I need more time", ANA, "/later", ""),
    ("plan designer", ANA, "/plans/new", ""),
    ("promise", ANA, "/promises/new", ""),
    ("dispute form", ANA, "/invoices/{invoice}/dispute", ""),
    ("terms", ANA, "/terms", ""),
    ("disputes", ANA, "/disputes", ""),
    ("a plan", MARTIN, "/plans", "/plans/"),
    ("settle", BECKY, "", "/settlements/"),
)
"""Pages of a customer's: their name, whose, the path within the account, and what a link on it leads to, if not it."""
OF_THE_OFFICE: Final = (
    ("worklist", "/", ""),
    ("accounts", "/accounts", ""),
    ("an account", "/accounts?show=late", "/accounts/"),
    ("search", "/search?q=harbour", ""),
    ("disputes", "/disputes", ""),
    ("bank", "/bank", ""),
    ("reports", "/reports", ""),
    ("ageing", "/reports/ageing", ""),
    ("policy review", "/policies/1/review", ""),
    ("audit", "/audit", ""),
    ("settings", "/settings", ""),
    ("staff", "/staff", ""),
)
OF_PARTNERS: Final = (
    ("placements", "/", ""),
    ("a placement", "/", "/placements/"),
    ("remittances", "/remittances", ""),
)


@dataclass(frozen=True, slots=True)
class Looked:
    """One page to look at: where it stands in the table, its address, who asks, and the kinds of marks it gets."""

    site: str
    name: str
    url: str
    cookie: str = ""
    kinds: Sequence[str] = ALL_KINDS


def pages(browser: Browser, here: Demo) -> Iterator[Looked]:
    """Every page, each as somebody who is signed in unless it is open to all."""
    yield Looked("portal", "sign in", f"{here.portal}/sign-in")
    yield from _of_customers(browser, here)
    context = browser.new_context(locale="en-GB")
    link = _address(context, here.pay_link(context.new_page()), "")
    yield Looked("portal", "public pay link", link, _cookies(context, link))
    yield Looked("portal", "no such page", f"{here.portal}/no-such-page", kinds=BUT_PRACTICES)
    page = context.new_page()
    here.officer(page)
    for name, path, leads_to in OF_THE_OFFICE:
        url = _address(context, f"{here.office}{path}", leads_to)
        yield Looked("back office", name, url, _cookies(context, url), BUT_SPEED)
    here.partner(page, AGENT)
    for name, path, leads_to in OF_PARTNERS:
        url = _address(context, f"{here.partners}{path}", leads_to)
        yield Looked("partners", name, url, _cookies(context, url), BUT_SPEED)
    context.close()


def _of_customers(browser: Browser, here: Demo) -> Iterator[Looked]:
    for email in (ANA, MARTIN, BECKY):
        context = browser.new_context(locale="en-GB")
        account = here.customer(context.new_page(), email)
        for name, whose, path, leads_to in OF_ACCOUNTS:
            if whose != email:
                continue
            url = f"{account}{path}"
            if "{invoice}" in path:
                url = url.format(invoice=_address(context, f"{account}/invoices", "/invoices/").rpartition("/")[2])
            url = _address(context, url, leads_to)
            yield Looked("portal", name, url, _cookies(context, url))
        context.close()


def _address(context: BrowserContext, url: str, leads_to: str) -> str:
    """The page itself, or the first that a link on it with `leads_to` in its address leads to."""
    page = context.new_page()
    answer = page.goto(url)
    assert answer is not None
    assert answer.status == 200, (answer.status, url)
    found = first_linked(page, leads_to) if leads_to else page.url
    page.close()
    return found


def _cookies(context: BrowserContext, url: str) -> str:
    return "; ".join(f"{one['name']}={one['value']}" for one in context.cookies(url))
