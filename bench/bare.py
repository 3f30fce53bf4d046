"""The bare page: the portal's statement by driver and Jinja in one function, byte for byte the same."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from markupsafe import Markup

from bench.bare_rows import Rows
from bench.databases import BUSINESS
from bench.driver import connect, day, on_sqlite
from bench.filling import SECRET
from domain.shared.money import Money
from portal.access import Entered
from web.csrf import TokenMaker
from web.places import Place
from web.rendering import TEMPLATES, environment

THREADS = 24
ZONE = ZoneInfo(BUSINESS.time_zone)


def bare_portal(url: str) -> ASGIApp:
    """An application that serves one page: signed in, on an account that may be seen, from a thread of its own."""
    page = StatementPage(url)
    threads = ThreadPoolExecutor(THREADS)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return
        cookies = _cookies(dict(scope["headers"]).get(b"cookie", b"").decode())
        status, body = await asyncio.get_running_loop().run_in_executor(threads, page.show, scope["path"], cookies)
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return serve


def _cookies(header: str) -> dict[str, str]:
    return dict(part.strip().split("=", 1) for part in header.split(";") if "=" in part)


class StatementPage:
    """The one page, with a connection for each thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._of_thread = threading.local()
        self._tokens = TokenMaker("portal", SECRET)
        self._jinja = environment("en", BUSINESS.time_zone, (TEMPLATES,))
        self._day = self._jinja.filters["plain_day"]

    def show(self, path: str, cookies: dict[str, str]) -> tuple[int, bytes]:
        """The status and the page."""
        with self._rows() as rows:
            return self._shown(rows, path, cookies)

    def show_to(self, visitor: object, account: Entered, cookies: dict[str, str]) -> bytes:
        """The page, where somebody else has seen who asks, and that they may."""
        known = (account.id, account.number, account.name, account.currency, account.rights)
        with self._rows() as rows:
            return self._rendered(self._context(rows, known, visitor, 1 + account.has_others, cookies))

    @contextmanager
    def _rows(self) -> Iterator[Rows]:
        if not hasattr(self._of_thread, "connection"):
            self._of_thread.connection = connect(self._url)
        connection = self._of_thread.connection
        if on_sqlite(self._url):
            connection.execute("BEGIN")
        try:
            yield Rows(connection, self._url)
        finally:
            connection.rollback()

    def _shown(self, rows: Rows, path: str, cookies: dict[str, str]) -> tuple[int, bytes]:
        at, token = datetime.now(UTC).replace(tzinfo=None), cookies.get("portal", "")
        visitor = rows.signed_in(token, at)
        if visitor is None or not self._tokens.holds(cookies["portal-csrf"], token):
            return 303, b""
        own = rows.accounts(visitor[1])
        account = next((one for one in own if path == f"/accounts/{one[0]}/statement" and "view" in one[4]), None)
        if account is None:
            return 404, b""
        return 200, self._rendered(self._context(rows, account, visitor, len(own), cookies))

    def _rendered(self, context: dict[str, Any]) -> bytes:
        return self._jinja.get_template("portal/statement/show.html").render(context).encode()

    def _context(self, rows: Rows, account: Any, visitor: Any, own: int, cookies: dict[str, str]) -> dict[str, Any]:
        account_id, number, name, currency, _ = account
        path = f"/accounts/{account_id}"
        first, last = _usual_period(datetime.now(ZONE).date())
        statement, place = rows.statement(account_id, currency, first, last)
        period = f"from={first}&to={last}"
        csrf = cookies["portal-csrf"]
        field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(csrf)
        typed = {"from": first.isoformat(), "to": last.isoformat()}
        return {
            "business": BUSINESS,
            "site": "portal",
            "visit": SimpleNamespace(csrf_token=csrf),
            "visitor": visitor,
            "csrf_field": lambda: field,
            "request_path": f"{path}/statement",
            "nav": (
                Place("home", "Home", "home", path),
                Place("invoices", "Invoices", "invoice", f"{path}/invoices"),
                Place("statement", "Statement", "statement", f"{path}/statement"),
                Place("payments", "Payments", "card", f"{path}/payments"),
            ),
            "home": path,
            "account_name": name,
            "switch_href": "/accounts" if own > 1 else "",
            "account": SimpleNamespace(path=path, name=name, number=number),
            "statement": statement,
            "issued": rows.issued(account_id),
            "form": SimpleNamespace(errors=(), value=typed.__getitem__, error=lambda name: ""),
            "is_first_page": True,
            "following": place and f"{path}/statement?{period}&after={day(place[1])}&after_id={place[0]}",
            "query": period,
            "movements": self._moves(rows, statement, path, currency),
        }

    def _moves(self, rows: Rows, statement: Any, path: str, currency: str) -> list[Any]:
        invoices, payments = rows.papers(statement.movements)
        balance, moves = statement.opening.minor, []
        for _, on, source, amount in statement.movements:
            balance += amount
            kind, _, key = source.partition(":")
            if kind == "invoice":
                _, number, due_on = invoices[int(key)]
                reference, href = f"Invoice {number}, due {self._day(day(due_on))}", f"{path}/invoices/{key}"
            else:
                means = payments[key][1]
                reference, href = f"Payment, {means}" if means else "Payment", f"{path}/payments/{key}"
            moves.append(
                SimpleNamespace(
                    day=day(on),
                    reference=reference,
                    href=href,
                    what=None,
                    amount=Money(amount, currency),
                    balance=Money(balance, currency),
                )
            )
        return moves


def _usual_period(today: date) -> tuple[date, date]:
    months = today.year * 12 + today.month - 3
    return date(months // 12, months % 12 + 1, 1), today
