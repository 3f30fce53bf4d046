"""Crediting: the email that says what was decided on an application for credit, and why."""

from __future__ import annotations

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.accounts.model import Login
from domain.audit.recording import record
from domain.credit.applications.messages import TellCreditDecision
from domain.credit.applications.model import CreditApplication, CreditDecision
from domain.shared.actor import WORKER
from domain.shared.money import Money


def tell_credit_decision(wired: Wired, message: TellCreditDecision) -> None:
    """Tell whoever applied, else the account's address; nothing where there is neither."""
    with wired.database.reading() as session:
        decision = session.get_one(CreditDecision, message.decision_id)
        application = session.get_one(CreditApplication, decision.application_id)
        account = accounts.account(session, application.account_id)
        applicant = session.get(Login, application.login_id) if application.login_id is not None else None
        to = applicant.email if applicant is not None and applicant.disabled_at is None else account.email
        if to is None:
            return
        context = {
            "granted": None if decision.limit_minor is None else Money(decision.limit_minor, application.currency),
            "terms_days": decision.terms_days,
            "reasons": decision.reasons,
            "account_number": account.number,
            "link": f"{wired.settings.portal.public_url}/accounts/{account.id}/apply-for-credit",
        }
        language = applicant.language if applicant is not None else account.language
    send_letter(wired, "credit_decision", context, to=to, language=language, mark=f"credit-decision.{decision.id}")
    with wired.database.transaction() as session:
        record(
            session,
            "application.told",
            actor=WORKER,
            subject=("credit_application", application.id),
            account_id=account.id,
            after={"to": to},
        )
