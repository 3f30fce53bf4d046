"""Signing with interest: a plan is shown, signed or filed with what it bears for its time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents.storage import Store
from domain.plans import agreed, queries, signing
from domain.plans.agreed import Agreed
from domain.plans.model import PaymentPlan
from domain.plans.signing import Paper
from domain.policies.accepting import Signed, Signer
from domain.processing.plans.interest import interest_of, keep_interest
from domain.shared.actor import Actor
from domain.shared.words import Speak


def as_agreed(session: Session, account_id: int, plan_id: int) -> Agreed:
    """What a plan of this account says, with its interest, as it would be signed now. NotFound, Conflict."""
    plan = queries.entity(session, account_id, plan_id)
    return agreed.as_agreed(session, plan, interest=interest_of(session, plan).amount)


def sign(
    session: Session,
    store: Store,
    account_id: int,
    plan_id: int,
    paper: Paper,
    signer: Signer,
    *,
    speak: Speak,
    actor: Actor,
) -> PaymentPlan:
    """The customer signs in the portal; raises what `signing.sign` raises."""
    account = accounts.lock(session, account_id)
    bears = interest_of(session, queries.entity(session, account_id, plan_id))
    plan = signing.sign(
        session,
        store,
        plan_id,
        paper,
        signer,
        account_id=account_id,
        interest=bears.amount,
        speaking=speak(account.language),
        actor=actor,
    )
    keep_interest(session, plan, bears)
    return plan


def file_paper(
    session: Session,
    account_id: int,
    plan_id: int,
    by_hand: Signed,
    signer: Signer,
    *,
    digest: str,
    speak: Speak,
    actor: Actor,
) -> PaymentPlan:
    """Staff file what the customer has signed by hand; raises what `signing.file_paper` raises."""
    account = accounts.lock(session, account_id)
    bears = interest_of(session, queries.entity(session, account_id, plan_id))
    plan = signing.file_paper(
        session,
        plan_id,
        by_hand,
        signer,
        account_id=account_id,
        digest=digest,
        interest=bears.amount,
        speaking=speak(account.language),
        actor=actor,
    )
    keep_interest(session, plan, bears)
    return plan
