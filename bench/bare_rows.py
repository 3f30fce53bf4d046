"""The rows of a statement page by the bare driver: SQL as one would write it by hand for this page alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, Final

from bench.driver import day, written_for
from domain.shared.money import Money

SIGNED_IN: Final = """SELECT s.id, l.id, l.language FROM web_session s JOIN login l ON l.id = s.subject_id
    WHERE s.token_hash = ? AND s.site = 'portal' AND s.ended_at IS NULL AND s.expires_at > ? AND s.seen_at > ?
        AND l.disabled_at IS NULL"""
ACCOUNTS: Final = """SELECT a.id, a.number, a.name, a.currency, x.rights
    FROM account a JOIN account_access x ON x.account_id = a.id WHERE x.login_id = ? ORDER BY a.name, a.id"""
SUMS: Final = """SELECT (SELECT balance FROM ledger_stream WHERE account_id = ?),
        CAST(coalesce(sum(p.amount) FILTER (WHERE e.effective_on > ?), 0) AS BIGINT),
        CAST(coalesce(sum(p.amount) FILTER (WHERE e.effective_on <= ?), 0) AS BIGINT)
    FROM journal_entry e JOIN posting p ON p.entry_id = e.id
    WHERE e.account_id = ? AND e.effective_on >= ? AND p.ledger_account = 'receivable'"""
MOVEMENTS: Final = """SELECT e.id, e.effective_on, e.source, CAST(sum(p.amount) AS BIGINT)
    FROM journal_entry e JOIN posting p ON p.entry_id = e.id
    WHERE e.account_id = ? AND e.effective_on BETWEEN ? AND ? AND p.ledger_account = 'receivable'
    GROUP BY e.effective_on, e.id ORDER BY e.effective_on, e.id LIMIT 51"""
INVOICES: Final = "SELECT id, number, due_on FROM invoice WHERE id IN ({})"
PAYMENTS: Final = "SELECT public_id, means FROM payment WHERE public_id IN ({})"
OPEN: Final = """SELECT CASE WHEN due_on >= ? THEN 0 WHEN due_on >= ? THEN 1 WHEN due_on >= ? THEN 2
        WHEN due_on >= ? THEN 3 WHEN due_on >= ? THEN 4 ELSE 5 END AS bucket, CAST(sum(minor) AS BIGINT)
    FROM (SELECT id, due_on, sum(minor) AS minor FROM (
            SELECT id, due_on, issued_on, open_minor AS minor FROM invoice
            WHERE open_minor > 0 AND status = 'issued' AND account_id = ?
        UNION ALL
            SELECT i.id, i.due_on, i.issued_on, a.amount_minor FROM allocation a JOIN invoice i ON i.id = a.invoice_id
            WHERE a.account_id = ? AND a.effective_on > ? AND i.status = 'issued') AS found
        GROUP BY id, due_on HAVING sum(minor) <> 0 AND max(issued_on) <= ?) AS aged
    GROUP BY bucket"""
CREDIT: Final = """SELECT CAST(coalesce(sum(minor), 0) AS BIGINT) FROM (SELECT sum(minor) AS minor FROM (
            SELECT id, effective_on, unapplied_minor AS minor FROM credit_item
            WHERE unapplied_minor > 0 AND voided_at IS NULL AND account_id = ?
        UNION ALL
            SELECT c.id, c.effective_on, a.amount_minor FROM allocation a JOIN credit_item c ON c.id = a.credit_item_id
            WHERE a.account_id = ? AND a.effective_on > ? AND c.voided_at IS NULL) AS found
        GROUP BY id HAVING sum(minor) <> 0 AND max(effective_on) <= ?) AS free"""
ISSUED: Final = """SELECT number, first_day, last_day, document_id FROM statement
    WHERE account_id = ? ORDER BY last_day DESC, id DESC LIMIT 12"""
BUCKETS: Final = ("current", "1-30", "31-60", "61-90", "91-120", "over-120")


class Rows:
    """One request's questions to one connection."""

    def __init__(self, connection: Any, url: str) -> None:
        self._cursor = connection.cursor()
        self._url = url

    def signed_in(self, token: str, at: datetime) -> Any:
        """The session, login and language of a cookie's secret, while they are good."""
        hashed = sha256(token.encode()).hexdigest()
        idle_since = at - timedelta(minutes=60)
        found = self._all(SIGNED_IN, hashed, at.isoformat(" ", "microseconds"), idle_since.isoformat(" "))
        return found[0] if found else None

    def accounts(self, login_id: int) -> list[Any]:
        """The accounts of a login with its rights on each."""
        return self._all(ACCOUNTS, login_id)

    def statement(self, account_id: int, currency: str, first: date, last: date) -> Any:
        """What the template wants to know of the period, and its first fifty movements."""
        since, until = first.isoformat(), last.isoformat()
        ((balance, later, inside),) = self._all(SUMS, account_id, until, until, account_id, since)
        found = self._all(MOVEMENTS, account_id, since, until)
        ageing = SimpleNamespace(
            amounts=self._ageing(account_id, currency, last),
            credit=SimpleNamespace(
                amount=Money(self._all(CREDIT, account_id, account_id, until, until)[0][0], currency)
            ),
        )
        shown = SimpleNamespace(
            first=first,
            last=last,
            opening=Money(balance - later - inside, currency),
            closing=Money(balance - later, currency),
            movements=found[:50],
            ageing=ageing,
            earlier=None,
        )
        place = found[49] if len(found) > 50 else None
        return shown, place

    def papers(self, movements: Iterable[Any]) -> tuple[dict[int, Any], dict[str, Any]]:
        """The invoices and payments behind movements, each by its key."""
        invoices: list[str] = []
        payments: list[str] = []
        for _, _, source, _ in movements:
            kind, _, key = source.partition(":")
            (invoices if kind == "invoice" else payments).append(key)
        return (
            {row[0]: row for row in self._in(INVOICES, list(map(int, invoices)))},
            {row[0]: row for row in self._in(PAYMENTS, payments)},
        )

    def issued(self, account_id: int) -> list[Any]:
        """The statements that were issued."""
        return [
            SimpleNamespace(number=number, first_day=day(first), last_day=day(last), document_id=document)
            for number, first, last, document in self._all(ISSUED, account_id)
        ]

    def _ageing(self, account_id: int, currency: str, last: date) -> list[tuple[str, Money]]:
        bounds = [(last - timedelta(days=days)).isoformat() for days in (0, 30, 60, 90, 120)]
        until = last.isoformat()
        sums = dict(self._all(OPEN, *bounds, account_id, account_id, until, until))
        return [(name, Money(sums.get(number, 0), currency)) for number, name in enumerate(BUCKETS)]

    def _in(self, statement: str, keys: list[Any]) -> list[Any]:
        return self._all(statement.format(", ".join("?" * len(keys))), *keys) if keys else []

    def _all(self, statement: str, *values: object) -> list[Any]:
        found: list[Any] = self._cursor.execute(written_for(self._url, statement), values).fetchall()
        return found
