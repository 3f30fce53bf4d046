"""Crediting: the emails about an application for credit, and the holds of all accounts brought up to date."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.accounts.model import Login
from domain.audit.recording import record
from domain.credit import reviewing
from domain.credit.applications.messages import TellApplication, TellCreditDecision
from domain.credit.applications.model import CreditApplication, CreditDecision
from domain.credit.reviewing import ReviewHolds
from domain.shared.actor import WORKER
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money


def tell_application(wired: Wired, message: TellApplication) -> None:
    """Tell whoever applied, else the account's address, that we have it; nothing where there is neither."""
    with wired.database.reading() as session:
        application = session.get_one(CreditApplication, message.application_id)
        account, to, language = _reader(session, application)
        if to is None or application.wanted_minor is None:
            return
        context = _context(wired, account, application) | {
            "wanted": Money(application.wanted_minor, application.currency)
        }
    send_letter(wired, "credit_applied", context, to=to, language=language, mark=f"credit-applied.{application.id}")
    _write_down(wired, "application.confirmed", application, to)


def tell_credit_decision(wired: Wired, message: TellCreditDecision) -> None:
    """Tell whoever applied, else the account's address; nothing where there is neither."""
    with wired.database.reading() as session:
        decision = session.get_one(CreditDecision, message.decision_id)
        application = session.get_one(CreditApplication, decision.application_id)
        account, to, language = _reader(session, application)
        if to is None:
            return
        granted, before = decision.limit_minor, message.limit_before
        context = _context(wired, account, application) | {
            "granted": None if granted is None else Money(granted, application.currency),
            "terms_days": decision.terms_days,
            "limit_before": None if before is None else Money(before, application.currency),
            "days_before": message.days_before,
            "is_lower": granted is not None and before is not None and granted < before,
            "reasons": decision.reasons,
        }
    send_letter(wired, "credit_decision", context, to=to, language=language, mark=f"credit-decision.{decision.id}")
    _write_down(wired, "application.told", application, to)


def review_holds(wired: Wired, message: ReviewHolds) -> None:
    """Hold new credit wherever that is due, and let go of what is no longer."""
    reviewing.carry_out(wired.database)


def _reader(session: Session, application: CreditApplication) -> tuple[AnyRow, str | None, str]:
    """The account, the address of whoever applied, else of the account, and the language to write in."""
    account = accounts.account(session, application.account_id)
    applicant = session.get(Login, application.login_id) if application.login_id is not None else None
    if applicant is None:
        return account, account.email, account.language
    return account, applicant.email if applicant.disabled_at is None else account.email, applicant.language


def _context(wired: Wired, account: AnyRow, application: CreditApplication) -> dict[str, object]:
    return {
        "number": application.number,
        "account_number": account.number,
        "link": f"{wired.settings.portal.public_url}/accounts/{account.id}/apply-for-credit",
    }


def _write_down(wired: Wired, act: str, application: CreditApplication, to: str) -> None:
    with wired.database.transaction() as session:
        record(
            session,
            act,
            actor=WORKER,
            subject=("credit_application", application.id),
            account_id=application.account_id,
            after={"to": to},
        )
