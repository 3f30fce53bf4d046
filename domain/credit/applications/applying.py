"""Applying: a customer fills an application in, at any pace, sends it off, or thinks better of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import checking
from domain.accounts import queries as accounts
from domain.accounts.model import LegalForm
from domain.accounts.numbers import CheckedNumber, company_number, tax_number
from domain.credit.applications import trail
from domain.credit.applications.messages import TellApplication
from domain.credit.applications.model import (
    UNDER_WAY,
    ApplicationState,
    CreditApplication,
    TradeReference,
)
from domain.credit.standing import standing_of
from domain.outbox import sending as outbox
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind

MOST_REFERENCES = 3
LONGEST_TYPED = 2000
"""Characters of one field that a draft keeps."""
FIRST_YEAR = 1600
MOST_WANTED = Decimal(100_000_000)
"""Whole units of the currency; whoever wants more does not ask for it in a form."""
FEWEST_DIGITS = 6
"""Of a phone number."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Another supplier, and how to reach them."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What an applicant says of themselves, read from the form and not checked yet."""

    legal_name: str
    legal_form: LegalForm
    country: str
    company_number: str
    tax_number: str
    trading_since: int
    wanted: Money
    purpose: str
    references: tuple[Reference, ...]


def save(
    session: Session, account_id: int, typed: Mapping[str, str], *, login_id: int, actor: Actor
) -> CreditApplication:
    """Keep all that stands in the form as it stands; the first time an application is begun.

    Conflict where one has been sent already and is being looked into.
    """
    account = accounts.lock(session, account_id)
    application = under_way(session, account_id)
    if application is not None and application.state is not ApplicationState.DRAFT:
        raise Conflict(N_("Your application has been sent; we are looking into it."))
    kept = {name: value[:LONGEST_TYPED] for name, value in typed.items()}
    if application is not None:
        application.typed, application.saved_at, application.login_id = kept, now(session), login_id
        session.flush()
        return application
    application = CreditApplication(
        account_id=account_id,
        login_id=login_id,
        state=ApplicationState.DRAFT,
        typed=kept,
        begun_at=now(session),
        saved_at=now(session),
        currency=account.currency,
    )
    session.add(application)
    session.flush()
    trail.note(session, "application.begun", application, actor)
    return application


def submit(
    session: Session, account_id: int, typed: Mapping[str, str], sent: Sent, *, login_id: int, actor: Actor
) -> CreditApplication:
    """Send the application off: staff get a task, and nothing in it changes any more.

    Whoever sent it is told that we have it. Invalid, beside its field, for what cannot be right; Conflict where one
    has been sent already.
    """
    numbers = check(session, account_id, sent)
    application = save(session, account_id, typed, login_id=login_id, actor=actor)
    company, tax = numbers
    application.legal_name, application.legal_form = sent.legal_name, sent.legal_form
    application.country = checking.country(sent.country)
    application.company_number = company.number if company else None
    application.company_number_checked = company.is_checked if company else None
    application.tax_number = tax.number if tax else None
    application.tax_number_checked = tax.is_checked if tax else None
    application.trading_since, application.purpose = sent.trading_since, sent.purpose
    application.wanted_minor = sent.wanted.minor
    application.state, application.submitted_at = ApplicationState.SUBMITTED, now(session)
    session.flush()
    session.add_all(
        TradeReference(application_id=application.id, position=place, name=one.name, contact=one.contact)
        for place, one in enumerate(sent.references, 1)
    )
    tasks.open_task(
        session,
        TaskKind.CREDIT_APPLICATION,
        subject=("credit_application", application.id),
        account_id=account_id,
        worth=sent.wanted,
    )
    outbox.add(session, TellApplication(application.id), account_id=account_id)
    trail.note(session, "application.submitted", application, actor, amount=sent.wanted)
    return application


def check(session: Session, account_id: int, sent: Sent) -> tuple[CheckedNumber | None, CheckedNumber | None]:
    """The numbers as they are kept (None where none was given); Invalid, beside its field, for what cannot be right."""
    for problem in problems(session, account_id, sent):
        raise problem
    country = checking.country(sent.country)
    return _company_number(sent, country), _tax_number(sent, country)


def problems(session: Session, account_id: int, sent: Sent) -> Iterator[Invalid]:
    """All that cannot be right, each beside its field; the numbers only where the country is one."""
    limit = standing_of(session, account_id).limit
    if limit is not None and sent.wanted <= limit:
        yield Invalid(N_("Your credit limit is {limit} already: ask for more than that."), field="wanted", limit=limit)
    most = Money.of(MOST_WANTED, sent.wanted.currency)
    if sent.wanted > most:
        yield Invalid(N_("Ask for {most} at most; for more, write to us."), field="wanted", most=most)
    if not FIRST_YEAR <= sent.trading_since <= today(session).year:
        yield Invalid(N_("Enter the year in which you began to trade."), field="trading_since")
    if len(sent.references) > MOST_REFERENCES:
        yield Invalid(N_("Name at most {most} references."), field="reference-1-name", most=MOST_REFERENCES)
    for place, one in enumerate(sent.references, 1):
        if not _can_be_reached(one.contact):
            yield Invalid(N_("Enter an email address or a phone number."), field=f"reference-{place}-contact")
    try:
        country = checking.country(sent.country)
    except Invalid as problem:
        yield problem
        return
    for read in (_company_number, _tax_number):
        try:
            read(sent, country)
        except Invalid as problem:
            yield problem


def _company_number(sent: Sent, country: str) -> CheckedNumber | None:
    if sent.legal_form is LegalForm.COMPANY and not sent.company_number:
        raise Invalid(N_("A company has a number in its register; enter it."), field="company_number")
    return company_number(sent.company_number, country) if sent.company_number else None


def _tax_number(sent: Sent, country: str) -> CheckedNumber | None:
    return tax_number(sent.tax_number, country) if sent.tax_number else None


def _can_be_reached(contact: str) -> bool:
    """Whether it holds an email address, or as many digits as a phone number has."""
    if "@" in contact:
        return any(checking.EMAIL.fullmatch(word.strip("<>,;()")) for word in contact.split())
    return sum(char.isdigit() for char in contact) >= FEWEST_DIGITS


def withdraw(session: Session, account_id: int, application_id: int, *, actor: Actor) -> None:
    """The customer thinks better of it; NotFound for another account's, Conflict where it is decided."""
    accounts.lock(session, account_id)
    application = session.get(CreditApplication, application_id, populate_existing=True)
    if application is None or application.account_id != account_id:
        raise NotFound
    if application.state not in UNDER_WAY:
        raise Conflict(N_("This application has been decided."))
    application.state, application.decided_at = ApplicationState.WITHDRAWN, now(session)
    for kind in (TaskKind.CREDIT_APPLICATION, TaskKind.CREDIT_REVIEW):
        working.settle(session, kind, subject=("credit_application", application.id))
    trail.note(session, "application.withdrawn", application, actor)


def under_way(session: Session, account_id: int) -> CreditApplication | None:
    """The account's application that has not come to an end."""
    wanted = select(CreditApplication).where(
        CreditApplication.account_id == account_id, CreditApplication.state.in_(UNDER_WAY)
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
