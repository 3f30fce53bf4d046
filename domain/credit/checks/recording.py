"""Recording: keep what somebody said of a customer, typed by hand or asked of a provider, with its raw file."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.credit.applications.model import APPLICATIONS
from domain.credit.checks.model import CHECKS, CreditCheck
from domain.credit.checks.provider import CheckRefused, CheckResult, CheckSubject, CheckUnavailable, CreditChecks
from domain.credit.holding import review
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category, Document
from domain.documents.storage import Store
from domain.policies.ruling import sections_today
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import Database, now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.months import months_later

USUAL_MONTHS = 12
"""For so long a check is good where neither who made it nor the policy says."""
LONGEST_RATING = 200
ENDINGS = {"application/json": "json", "text/csv": "csv", "application/pdf": "pdf"}


def record(
    session: Session,
    account_id: int,
    result: CheckResult,
    *,
    provider: str,
    actor: Actor,
    paper: TakenIn | None = None,
) -> CreditCheck:
    """Keep a result with its expiry; its paper is filed for staff alone. Invalid, by field, where it cannot be."""
    account = accounts.lock(session, account_id)
    day = today(session)
    if result.score is not None and not 0 <= result.score <= 100:
        raise Invalid(N_("A score is between 0 and 100."), field="score")
    if result.limit is not None and (result.limit.currency != account.currency or result.limit.minor < 0):
        raise Invalid(N_("Enter a limit in {currency}."), field="limit", currency=account.currency)
    if result.as_of > day:
        raise Invalid(N_("This day has not come yet."), field="as_of")
    expires_on = result.expires_on or months_later(result.as_of, _months(session, account_id))
    if expires_on < result.as_of:
        raise Invalid(N_("A check cannot expire before it was made."), field="expires_on")
    check = CreditCheck(
        account_id=account_id,
        provider=provider,
        score=result.score,
        limit_minor=None if result.limit is None else result.limit.minor,
        currency=account.currency,
        rating=result.rating[:LONGEST_RATING] if result.rating else None,
        as_of=result.as_of,
        expires_on=expires_on,
        document_id=_filed(session, account_id, paper, actor).id if paper else None,
        checked_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(check)
    session.flush()
    audit.record(
        session,
        "credit_check.recorded",
        actor=actor,
        subject=("credit_check", check.id),
        account_id=account_id,
        after={"name": provider, "score": result.score, "limit": result.limit, "expires_on": expires_on},
    )
    review(session, account_id, actor=actor)
    return check


def ask(database: Database, account_id: int, checks: CreditChecks, *, actor: Actor, store: Store) -> CreditCheck:
    """Ask the provider about the account's customer, outside any transaction, and keep what it says.

    Conflict, in words for staff, where it knows nobody of that kind or could not be asked.
    """
    with database.reading() as session:
        subject = subject_of(session, account_id)
    try:
        result = checks.look_up(subject)
    except CheckUnavailable as problem:
        raise Conflict(
            N_("{provider} could not be asked just now. Try again in a while."), provider=checks.name
        ) from problem
    except CheckRefused as problem:
        raise Conflict(
            N_("What {provider} answered cannot be used: {why}"), provider=checks.name, why=str(problem)
        ) from problem
    if result is None:
        raise Conflict(N_("{provider} knows nobody of this name and number."), provider=checks.name)
    paper = _answer(store, result) if result.raw else None
    with database.transaction() as session:
        return record(session, account_id, result, provider=checks.name, actor=actor, paper=paper)


def subject_of(session: Session, account_id: int) -> CheckSubject:
    """Whom a check is about: what the last application said of itself, else what the account says."""
    account = accounts.account(session, account_id)
    sent = session.execute(
        select(APPLICATIONS)
        .where(APPLICATIONS.c.account_id == account_id, APPLICATIONS.c.submitted_at.is_not(None))
        .order_by(APPLICATIONS.c.id.desc())
        .limit(1)
    ).one_or_none()
    return CheckSubject(
        account_number=account.number,
        name=sent.legal_name if sent else account.name,
        legal_form=(sent.legal_form if sent else account.legal_form).value,
        currency=account.currency,
        country=sent.country if sent else account.country,
        company_number=sent.company_number if sent else None,
        tax_number=sent.tax_number if sent else None,
    )


def checks_of(session: Session, account_id: int, *, limit: int = 20) -> AnyRows:
    """The account's checks, the newest first."""
    wanted = select(CHECKS).where(CHECKS.c.account_id == account_id).order_by(CHECKS.c.as_of.desc(), CHECKS.c.id.desc())
    return session.execute(wanted.limit(limit)).all()


def good_check(session: Session, account_id: int) -> AnyRow | None:
    """The newest check that has not expired, or None."""
    wanted = (
        select(CHECKS)
        .where(CHECKS.c.account_id == account_id, CHECKS.c.expires_on >= today(session))
        .order_by(CHECKS.c.as_of.desc(), CHECKS.c.id.desc())
        .limit(1)
    )
    return session.execute(wanted).one_or_none()


def _months(session: Session, account_id: int) -> int:
    section = sections_today(session, account_id).limits
    return section.check_months if section and section.check_months is not None else USUAL_MONTHS


def _answer(store: Store, result: CheckResult) -> TakenIn:
    """The raw answer of a provider, kept."""
    stored = store.put(result.raw)
    name = f"credit-check-{result.as_of}.{ENDINGS.get(result.media_type, 'bin')}"
    return TakenIn(stored.sha256, stored.size, result.media_type, name)


def _filed(session: Session, account_id: int, paper: TakenIn, actor: Actor) -> Document:
    """File it under no account, so that the customer's own documents do not show it."""
    return filing.enter(
        session,
        paper,
        category=Category.CREDIT_CHECK,
        account_id=None,
        subject=("checked_account", account_id),
        actor=actor,
    )
