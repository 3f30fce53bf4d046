"""Courtesies: customers to be told of something, the switches, and what was told, in one line each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.handlers.courtesies import send_due
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account, LegalForm
from domain.collecting import turning
from domain.policies.sections import Courtesies, Sections
from domain.saved_methods.keeping import Kept
from domain.saved_methods.model import MethodKind
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.builders import an_account
from tests.support.policies import a_policy
from tests.support.reminding import said
from tests.support.saving import AGREED, a_method

EMAIL = "ap@harbour.example"
ALL = Courtesies(statements=True)
NONE = Courtesies(invoices=False, late_charges=False, card_expiring=False, thanks=False)


def a_customer(session: Session, **more: object) -> Account:
    """A company that can be written to."""
    given: dict[str, Any] = {"email": EMAIL, "legal_form": LegalForm.COMPANY, "country": "GB"} | more
    return an_account(session, **given)


def policy(session: Session, courtesies: Courtesies = ALL, valid_from: date = date(2020, 1, 1)) -> None:
    """These courtesies for everybody."""
    a_policy(session, Sections(courtesies=courtesies), valid_from=valid_from)


def told(db: Database) -> list[tuple[str, str, str | None]]:
    """What was decided on in all, after the duty has done what is due now."""
    send_due(db)
    with db.reading() as session:
        return said(session)


def go_to(clock: MovableClock, day: date, hour: int = 11) -> None:
    """That hour of a day."""
    clock.move_to(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def pays_by_card(db: Database, account_id: int, expires: tuple[int, int], kind: MethodKind = MethodKind.CARD) -> int:
    """Ana's card (or another way of hers) pays for the account by itself; the id of the way."""
    with db.transaction() as session:
        account = session.get_one(Account, account_id)
        ana = grant(session, account, email="ana@harbour.example", name="Ana", rights=ALL_RIGHTS, actor=OPERATOR).id
    kept = Kept(f"pm_{account_id}", kind, "Visa •••• 4242", expires)
    method_id = a_method(db, account_id, ana, kept)
    with db.transaction() as session:
        turning.turn_on(session, account_id, method_id, AGREED, login_id=ana, actor=Actor.login(ana))
    return method_id
