"""Signing: somebody with the right to bind signs a plan, or staff file the paper; its parts are written for good."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.documents import filing
from domain.documents.model import Category, Document
from domain.documents.storage import Store
from domain.invoicing.debit_notes import issue_debit_note
from domain.payments import queries as payments
from domain.plans import changing, negotiating, queries
from domain.plans.agreed import Agreed, as_agreed
from domain.plans.messages import PlanNews
from domain.plans.model import RUNNING, Instalment, PaymentPlan, PlanInvoice, PlanSignature, PlanStatus, SignedBy
from domain.plans.rules import rules_of, stand
from domain.policies.accepting import LONGEST_USER_AGENT, Signed, Signer
from domain.receivables import allocating
from domain.receivables.model import Invoice, InvoiceKind
from domain.shared.actor import Actor, ActorKind
from domain.shared.clock import day_in
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotAllowed
from domain.shared.money import Money
from domain.shared.words import Speaking
from domain.stops import queries as stops
from domain.stops.model import StopKind

TEXT_VERSION = "2026-11"
"""The version of the words above the signature."""
INTEREST_REASON = N_("Interest for the time of payment plan {number}")
"""What stands on the debit note, in the customer's language."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The agreement as the signer saw it: its bytes, its language, and the fingerprint of what it says."""

    content: bytes
    digest: str
    language: str
    media_type: str = "application/pdf"


def sign(
    session: Session,
    store: Store,
    plan_id: int,
    paper: Paper,
    signer: Signer,
    *,
    account_id: int,
    interest: Money | None,
    speaking: Speaking,
    actor: Actor,
) -> PaymentPlan:
    """Sign a plan in the portal; `actor` is a login that may bind the account.

    The invoices are protected from here on; it starts once its method is saved and its down payment is here. Raises
    NotFound, NotAllowed, Invalid beside a field, Conflict where it moved on or says something else by now.
    """
    assert actor.kind is ActorKind.LOGIN
    assert actor.id is not None
    if Right.BIND not in accounts.access(session, actor.id, account_id):
        able = [login.name for login in accounts.logins_on(session, account_id) if Right.BIND in login.rights]
        raise NotAllowed(N_("You may not agree to a plan for this account."), who_can=able)
    _check_signer(signer)
    account = accounts.lock(session, account_id)
    plan = queries.entity(session, account_id, plan_id)
    agreed = _still(session, plan, paper.digest, interest)
    if agreed.shape.first_on <= day_in(now(session), account.time_zone):
        raise Conflict(N_("The first day of this plan has passed by now. Propose a later one."))
    document = filing.file(
        session,
        store,
        paper.content,
        media_type=paper.media_type,
        category=Category.AGREEMENT,
        filename=f"plan-{plan.id}.pdf",
        account_id=account_id,
        subject=("plan", plan.id),
        actor=actor,
    )
    plan.login_id = actor.id
    return _sign(session, plan, agreed, signer, SignedBy.PORTAL, document, paper.language, None, speaking, actor)


def file_paper(
    session: Session,
    plan_id: int,
    by_hand: Signed,
    signer: Signer,
    *,
    account_id: int,
    digest: str,
    interest: Money | None,
    speaking: Speaking,
    actor: Actor,
) -> PaymentPlan:
    """Staff file a paper that the customer has signed by hand. Raises as `sign`, Invalid for a day to come."""
    _check_signer(signer)
    account = accounts.lock(session, account_id)
    if by_hand.on > day_in(now(session), account.time_zone):
        raise Invalid(N_("Nobody has signed on a day that is still to come."), field="signed_on")
    plan = queries.entity(session, account_id, plan_id)
    agreed = _still(session, plan, digest, interest)
    document = filing.enter(
        session,
        by_hand.paper,
        category=Category.AGREEMENT,
        account_id=account_id,
        subject=("plan", plan.id),
        actor=actor,
    )
    language = account.language
    return _sign(session, plan, agreed, signer, SignedBy.PAPER, document, language, by_hand.on, speaking, actor)


def start_if_ready(session: Session, plan: PaymentPlan, *, actor: Actor) -> bool:
    """Start a signed plan whose method is saved, where it needs one, and whose down payment is here; whether it did.

    The plan that it replaces ends with that, unless it has ended before. The account's lock is held. Safe to repeat.
    """
    if plan.status is not PlanStatus.ACCEPTED:
        return False
    signature = session.get_one(PlanSignature, plan.id)
    needs_method = rules_of(session, [plan.id])[plan.id].needs_method and signature.how is SignedBy.PORTAL
    if needs_method and plan.saved_method_id is None:
        return False
    standing = stand(session, [plan.id])[plan.id]
    if any(part.agreed.number == 0 and part.left for part in standing.parts):
        return False
    changing.change(session, plan, PlanStatus.ACTIVE, actor=actor)
    plan.expires_at = None
    if plan.supersedes_id is not None:
        before = queries.entity(session, plan.account_id, plan.supersedes_id)
        if before.status in RUNNING:
            changing.change(session, before, PlanStatus.SUPERSEDED, actor=actor)
    negotiating.tell(session, plan, PlanNews.STARTED)
    return True


def _still(session: Session, plan: PaymentPlan, digest: str, interest: Money | None) -> Agreed:
    """What the plan says, where that is what was shown; Conflict otherwise."""
    invoice_ids = {row.id for row in queries.invoices(session, plan.id)}
    if payments.live_claims(session, invoice_ids):
        raise Conflict(N_("One of these is being paid right now. Wait until that payment has ended."))
    taken = _taken(session, plan, invoice_ids)
    if StopKind.PLACEMENT in taken:
        raise Conflict(N_("One of these is with somebody who acts for us by now: agree with them."))
    if taken:
        raise Conflict(N_("One of these is on another plan or offer by now."))
    agreed = as_agreed(session, plan, interest=interest)
    if agreed.digest != digest:
        raise Conflict(N_("Something has changed since this was shown, such as an amount or a day. Look at it again."))
    return agreed


def _taken(session: Session, plan: PaymentPlan, invoice_ids: Collection[int]) -> set[StopKind]:
    """By what other than the plan that it replaces one of the invoices is paid or collected."""
    replaced = f"plan:{plan.supersedes_id}"
    return {
        stop.kind
        for stop in stops.live(session, plan.account_id)
        if stop.kind in queries.TAKEN and stop.source != replaced and stop.invoice_id in {None, *invoice_ids}
    }


def _sign(
    session: Session,
    plan: PaymentPlan,
    agreed: Agreed,
    signer: Signer,
    how: SignedBy,
    document: Document,
    language: str,
    on: date | None,
    speaking: Speaking,
    actor: Actor,
) -> PaymentPlan:
    if plan.status is PlanStatus.COUNTERED:
        changing.change(session, plan, PlanStatus.OFFERED, actor=actor)
    account = accounts.lock(session, plan.account_id)
    day, last_id = day_in(now(session), account.time_zone), allocating.last_id(session, plan.account_id)
    plan.signed_on, plan.total_minor, plan.made_after_id = day, agreed.total.minor, last_id
    if agreed.interest:
        plan.interest_note_id = _interest_note(session, plan, agreed, speaking, actor)
    _write_down(session, plan, agreed)
    session.add(
        PlanSignature(
            plan_id=plan.id,
            how=how,
            login_id=actor.id if how is SignedBy.PORTAL else None,
            name=signer.name.strip(),
            job_title=signer.job_title.strip(),
            text_version=TEXT_VERSION,
            language=language,
            document_id=document.id,
            sha256=document.sha256,
            address=actor.address,
            user_agent=signer.user_agent[:LONGEST_USER_AGENT] if signer.user_agent else None,
            signed_on=on or day,
            signed_at=now(session),
            actor_kind=actor.kind.value,
            actor_id=actor.id,
        )
    )
    changing.change(session, plan, PlanStatus.ACCEPTED, actor=actor)
    negotiating.tell(session, plan, PlanNews.SIGNED)
    start_if_ready(session, plan, actor=actor)
    return plan


def _write_down(session: Session, plan: PaymentPlan, agreed: Agreed) -> None:
    signed = {row.id: row.open_minor for row in agreed.invoices}
    for part in session.scalars(select(PlanInvoice).where(PlanInvoice.plan_id == plan.id)).all():
        part.open_minor = signed.get(part.invoice_id, 0)
    if plan.interest_note_id is not None:
        note = PlanInvoice(plan_id=plan.id, invoice_id=plan.interest_note_id, open_minor=agreed.interest.minor)
        session.add(note)
    session.add_all(
        Instalment(
            plan_id=plan.id,
            number=due.number,
            due_on=due.on,
            amount_minor=due.amount.minor,
            interest_minor=due.interest.minor,
        )
        for due in agreed.dues
    )
    session.flush()


def _interest_note(session: Session, plan: PaymentPlan, agreed: Agreed, speaking: Speaking, actor: Actor) -> int:
    """The debit note for the interest of the plan's time, on its oldest invoice, due with the last instalment."""
    account = accounts.lock(session, plan.account_id)
    parent = session.get_one(Invoice, next(row.id for row in agreed.invoices if row.kind is InvoiceKind.INVOICE))
    reason = speaking.translate(INTEREST_REASON, number=str(plan.id))
    due_on = agreed.dues[-1].on
    return issue_debit_note(session, account, parent, agreed.interest, reason=reason, actor=actor, due_on=due_on).id


def _check_signer(signer: Signer) -> None:
    if not signer.name.strip():
        raise Invalid(N_("Write your full name."), field="name")
    if not signer.job_title.strip():
        raise Invalid(N_("Write what you are in the company, such as owner or director."), field="job_title")
