"""Applying: an application for credit, sent, with what a test does not care about filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, LegalForm
from domain.accounts.queries import lock
from domain.credit.applications.applying import Reference, Sent, submit
from domain.credit.applications.model import CreditApplication
from domain.credit.checks.provider import CheckResult, CheckSubject
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database
from tests.support.builders import money

SENT = Sent(
    legal_name="Harbour Café Ltd",
    legal_form=LegalForm.COMPANY,
    country="GB",
    company_number="445790",
    tax_number="GB 980 7806 84",
    trading_since=2014,
    wanted=money("3000"),
    purpose="Coffee and cups",
    references=(Reference("Bean Importers", "ana@beans.example"), Reference("Cup Makers", "020 7946 0000")),
)
RESULT = CheckResult(
    72, money("2500"), "Low risk", date(2026, 3, 1), date(2026, 9, 1), b'{"score":72}', "application/json"
)


def somebody(db: Database, account_id: int) -> int:
    """A login that may do everything on the account."""
    with db.transaction() as session:
        account = lock(session, account_id)
        email = f"owner.{account_id}@example.com"
        login = grant(session, account, email=email, name="Olive Owner", rights=ALL_RIGHTS, actor=OPERATOR)
        session.flush()
        return login.id


def apply_for_credit(db: Database, account_id: int, **changes: object) -> CreditApplication:
    """The account's application, sent off."""
    sent = replace(SENT, **changes)  # type: ignore[arg-type]
    login_id = somebody(db, account_id)
    with db.transaction() as session:
        return submit(
            session, account_id, {"legal_name": sent.legal_name}, sent, login_id=login_id, actor=Actor.login(login_id)
        )


@dataclass
class FakeChecks:
    """A provider that knows one result; an exception is raised instead."""

    result: CheckResult | Exception | None = RESULT
    name: str = "Agency"
    asked: list[CheckSubject] | None = None

    def look_up(self, subject: CheckSubject) -> CheckResult | None:
        """The result that it was given."""
        self.asked = [*(self.asked or []), subject]
        if isinstance(self.result, Exception):
            raise self.result
        return self.result
