"""Planning: a payment plan that was asked for, signed or runs, with what a test does not care about filled in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account
from domain.documents.storage import Store
from domain.plans.agreed import as_agreed
from domain.plans.model import PaymentPlan
from domain.plans.negotiating import Ask, ask_for
from domain.plans.schedule import Shape
from domain.plans.signing import Paper, sign
from domain.policies.accepting import Signer
from domain.policies.sections import Frequency, Plans, Sections
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import today
from tests.support.builders import an_account, an_invoice
from tests.support.policies import a_policy
from tests.support.speaking import Spoken

PLANS = Plans(most_months=12, needs_method=False, on_business_days=False)
"""A fence of twelve months, in which a plan starts with its signature."""


def monthly(session: Session, count: int, *, down_minor: int = 0) -> Shape:
    """So many monthly instalments, the first in thirty days."""
    first_on = today(session) + timedelta(days=30)
    return Shape(count=count, frequency=Frequency.MONTHLY, first_on=first_on, down_minor=down_minor)


def somebody_who_binds(session: Session, account: Account) -> Actor:
    """A login that may do everything on the account."""
    login = grant(
        session,
        account,
        email=f"binds.{account.id}@example.com",
        name="Olive Owner",
        rights=ALL_RIGHTS,
        actor=OPERATOR,
    )
    session.flush()
    return Actor.login(login.id, "203.0.113.7")


def an_asked_plan(
    session: Session, *amounts: str, count: int = 3, plans: Plans = PLANS, down_minor: int = 0
) -> tuple[Account, Actor, list[Invoice], PaymentPlan]:
    """A customer with late invoices over these amounts has asked for a plan over all of them."""
    account = an_account(session)
    a_policy(session, Sections(plans=plans), account_id=account.id)
    due_on = today(session) - timedelta(days=10)
    invoices = [an_invoice(session, account, each, issued_on=due_on, due_on=due_on) for each in amounts]
    actor = somebody_who_binds(session, account)
    assert actor.id is not None
    ask = Ask(tuple(invoice.id for invoice in invoices), monthly(session, count, down_minor=down_minor))
    return account, actor, invoices, ask_for(session, account.id, ask, login_id=actor.id, actor=actor)


def signed(
    session: Session, store: Store, plan: PaymentPlan, actor: Actor, *, digest: str | None = None
) -> PaymentPlan:
    """The plan, signed in the portal as it stands, or as it was shown with another `digest`."""
    paper = Paper(b"%PDF-1.7 agreement", digest or as_agreed(session, plan).digest, "en")
    return sign(
        session,
        store,
        plan.id,
        paper,
        Signer("Olive Owner", "Owner"),
        account_id=plan.account_id,
        interest=None,
        speaking=Spoken("en"),
        actor=actor,
    )


def a_running_plan(
    session: Session, store: Store, *amounts: str, count: int = 3, plans: Plans = PLANS
) -> tuple[Account, Actor, list[Invoice], PaymentPlan]:
    """A customer with late invoices over these amounts pays them by a plan that has started."""
    account, actor, invoices, plan = an_asked_plan(session, *amounts, count=count, plans=plans)
    return account, actor, invoices, signed(session, store, plan, actor)
