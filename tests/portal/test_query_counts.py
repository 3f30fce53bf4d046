"""Lists of the portal cost as many queries with many rows as with one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.accounts.queries import lock, logins_on
from domain.shared.actor import OPERATOR
from tests.portal.conftest import ADDRESS, Portal, sign_in
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.client import Client
from tests.support.counting import counted
from tests.support.saving import VISA, a_method

LISTS = (
    "/accounts",
    "/several",
    "/accounts/{}",
    "/accounts/{}/invoices",
    "/accounts/{}/invoices/settled",
    "/accounts/{}/payments",
    "/accounts/{}/ways-to-pay",
    "/accounts/{}/statement",
)


def fill(portal: Portal, account_id: int, rounds: range) -> None:
    """One more open and one more settled invoice, one more saved card, and one more account, for each round."""
    with portal.db.reading() as session:
        maya = logins_on(session, account_id)[0].id
    for number in rounds:
        a_method(portal.db, account_id, maya, replace(VISA, method_ref=f"pm_{number}"))
        with portal.db.transaction() as session:
            account = lock(session, account_id)
            invoice = an_invoice(session, account, "10", issued_on=date(2026, 1, 2), number=f"C-{number}")
            an_invoice(session, account, "20", issued_on=date(2026, 1, 2), number=f"O-{number}")
            a_receipt(session, account, "10", date(2026, 2, 2), invoice)
            other = an_account(session, name=f"Customer {number}")
            grant(session, other, email=ADDRESS, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)


def test_no_list_asks_more_for_more_rows(portal: Portal, open_browser: Callable[[], Client]) -> None:
    account_id, _ = portal.account("120.00")
    fill(portal, account_id, range(1, 2))
    client = sign_in(portal, open_browser())
    before = _queries(portal, client, account_id)
    fill(portal, account_id, range(2, 7))

    assert _queries(portal, client, account_id) == before


def _queries(portal: Portal, client: Client, account_id: int) -> dict[str, int]:
    found = {}
    for path in LISTS:
        with counted(portal.db.bind) as sent:
            assert client.get(path.format(account_id)).status == 200
        found[path] = len(sent)
    return found
