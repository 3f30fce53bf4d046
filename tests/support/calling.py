"""Calling: a person's browser reduced to HTTP, fast enough to have fifty of them press a button at once."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Self

import httpx

from tests.support.house import Debt, House

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


class Caller:
    """Somebody who is signed in to the portal; follows no redirect."""

    def __init__(self, house: House, debt: Debt, email: str) -> None:
        self._debt = debt
        token = house.guest(debt.account_id, email)
        self._http = httpx.Client(base_url=house.portal, cookies={"portal": token}, timeout=60, trust_env=False)
        self._csrf = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def look(self, path: str) -> str:
        """Read a page of the account."""
        answer = self._http.get(f"/accounts/{self._debt.account_id}{path}")
        assert answer.status_code == 200, (answer.status_code, path)
        return answer.text

    def check(self) -> None:
        """Open the page where the amounts are checked: the button is under the thumb."""
        found = CSRF.search(self.look("/pay?" + "&".join(f"invoice={one}" for one in self._debt.invoices)))
        assert found, "the page has no form"
        self._csrf = found[1]

    def pay(self, *amounts: str) -> httpx.Response:
        """Press it: so much on each invoice."""
        wanted = dict(zip(self._debt.invoices, amounts, strict=True))
        data = {"csrf_token": self._csrf, "invoice": [str(one) for one in wanted]}
        data |= {f"amount-{one}": amount for one, amount in wanted.items()}
        return self._http.post(f"/accounts/{self._debt.account_id}/pay", data=data)
