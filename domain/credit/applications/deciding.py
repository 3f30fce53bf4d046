"""Deciding: staff ask the references, read the proposal, and approve or refuse; a refused person has a second look."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account, LegalForm
from domain.accounts.opening import LONGEST_TERMS
from domain.credit import limits
from domain.credit.applications import trail
from domain.credit.applications.messages import TellCreditDecision
from domain.credit.applications.model import (
    DECISIONS,
    REFERENCES,
    Answer,
    ApplicationState,
    CreditApplication,
    CreditDecision,
    Outcome,
    TradeReference,
)
from domain.credit.checks.recording import good_check
from domain.credit.delay import weighted_delay
from domain.credit.scorecard import Proposal, as_kept, propose
from domain.credit.standing import standing_of
from domain.outbox import sending as outbox
from domain.policies.ruling import sections_today
from domain.policies.sections import Trait
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.session import business, now, today
from domain.shared.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from domain.shared.money import Money
from domain.staff.model import Role
from domain.staff.permissions import Permission, roles_with
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind

PEOPLE = frozenset({LegalForm.NATURAL_PERSON, LegalForm.SOLE_TRADER, LegalForm.UNKNOWN})
"""Whose refusal a second person reviews: people, those who trade as one, and whoever may be one."""
NO_SUCH_APPLICATION = N_("We could not find that application.")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decides: approved with `limit` and `terms_days`, refused without; `reasons` are told."""

    limit: Money | None
    terms_days: int | None
    reasons: str


def proposal(session: Session, application: CreditApplication) -> Proposal | None:
    """What the scorecard of the account's policy proposes, row by row.

    None where the policy has none, and in another currency than ours, which its amounts say nothing of.
    """
    scorecard = sections_today(session, application.account_id).scorecard
    is_ours = application.currency == business(session).currency
    if scorecard is None or application.wanted_minor is None or not is_ours:
        return None
    check = good_check(session, application.account_id)
    since = application.trading_since
    of_it = select(REFERENCES.c.answer).where(REFERENCES.c.application_id == application.id)
    answers = session.scalars(of_it.where(REFERENCES.c.answer.is_not(None))).all()
    good_less_bad = answers.count(Answer.GOOD) - answers.count(Answer.BAD)
    facts = {
        Trait.CHECK_SCORE: None if check is None or check.score is None else Decimal(check.score),
        Trait.PAYMENT_DELAY: weighted_delay(session, application.account_id),
        Trait.YEARS_TRADING: None if since is None else Decimal(max(0, today(session).year - since)),
        Trait.REFERENCES: Decimal(good_less_bad) if answers else None,
    }
    return propose(scorecard, facts, Money(application.wanted_minor, application.currency))


def note_answer(
    session: Session, application_id: int, position: int, answer: Answer, note: str, *, actor: Actor
) -> None:
    """Write down what a trade reference said."""
    application = _open(session, application_id, ApplicationState.SUBMITTED, ApplicationState.REVIEW)
    wanted = select(TradeReference).where(
        TradeReference.application_id == application.id, TradeReference.position == position
    )
    reference = session.scalars(wanted).one_or_none()
    if reference is None:
        raise NotFound
    reference.answer, reference.note, reference.asked_by = answer, note or None, actor.id
    trail.note(session, "application.reference_answered", application, actor, name=reference.name, answer=answer)


def decide(session: Session, application_id: int, verdict: Verdict, *, role: Role, actor: Actor) -> CreditDecision:
    """Approve within one's authority, or refuse; a person's refusal counts once somebody else agrees.

    Raises NotAllowed without the authority, Invalid beside its field, Conflict where it is decided already.
    """
    application = _open(session, application_id, ApplicationState.SUBMITTED)
    if not verdict.reasons.strip():
        raise Invalid(N_("Say why; the customer reads it."), field="reasons")
    if verdict.limit is not None:
        return _approve(session, application, verdict, role, actor)
    account = session.get_one(Account, application.account_id)
    if account.legal_form in PEOPLE or application.legal_form in PEOPLE:
        decision = _decision(session, application, Outcome.REFUSE, verdict, actor, counts=False)
        application.state = ApplicationState.REVIEW
        tasks.open_task(
            session,
            TaskKind.CREDIT_REVIEW,
            subject=("credit_application", application.id),
            account_id=application.account_id,
            roles=roles_with(Permission.DECIDE_CREDIT),
        )
        trail.note(session, "application.proposed_refusal", application, actor)
        return decision
    return _refuse(session, application, verdict, actor)


def second_look(session: Session, application_id: int, *, agrees: bool, reasons: str, actor: Actor) -> CreditDecision:
    """Somebody else than who refused a person agrees, and the customer is told; or has it looked into again."""
    application = _open(session, application_id, ApplicationState.REVIEW)
    first = decisions(session, application.id)[-1]
    if first.staff_id == actor.id:
        raise NotAllowed(N_("Whoever refused it cannot be the second person."))
    if not reasons.strip():
        raise Invalid(N_("Say why; the customer reads it."), field="reasons")
    working.settle(session, TaskKind.CREDIT_REVIEW, subject=("credit_application", application.id))
    verdict = Verdict(None, None, reasons)
    if agrees:
        return _refuse(session, application, verdict, actor)
    application.state = ApplicationState.SUBMITTED
    decision = _decision(session, application, Outcome.LOOK_AGAIN, verdict, actor, counts=False)
    trail.note(session, "application.looked_at_again", application, actor, why=reasons)
    return decision


def decisions(session: Session, application_id: int) -> list[CreditDecision]:
    """What people decided on an application, in turn."""
    wanted = select(CreditDecision).where(DECISIONS.c.application_id == application_id).order_by(DECISIONS.c.id)
    return list(session.scalars(wanted))


def _approve(
    session: Session, application: CreditApplication, verdict: Verdict, role: Role, actor: Actor
) -> CreditDecision:
    days = verdict.terms_days
    if verdict.limit is None or verdict.limit.minor == 0:
        raise Invalid(N_("Enter an amount above zero."), field="limit")
    if days is None or not 0 <= days <= LONGEST_TERMS:
        raise Invalid(N_("Terms are between 0 and {longest} days."), field="terms_days", longest=LONGEST_TERMS)
    limit_before = standing_of(session, application.account_id).limit
    limits.set_limit(
        session,
        application.account_id,
        verdict.limit,
        why=verdict.reasons,
        role=role,
        actor=actor,
        application_id=application.id,
    )
    account = session.get_one(Account, application.account_id)
    before, account.terms_days = account.terms_days, days
    decision = _decision(session, application, Outcome.APPROVE, verdict, actor, counts=True)
    told = TellCreditDecision(decision.id, None if limit_before is None else limit_before.minor, before)
    _end(session, application, ApplicationState.APPROVED, told)
    trail.note(
        session,
        "application.approved",
        application,
        actor,
        amount=verdict.limit,
        amount_before=limit_before,
        terms_days=days,
        terms_days_before=before,
    )
    return decision


def _refuse(session: Session, application: CreditApplication, verdict: Verdict, actor: Actor) -> CreditDecision:
    decision = _decision(session, application, Outcome.REFUSE, verdict, actor, counts=True)
    _end(session, application, ApplicationState.REFUSED, TellCreditDecision(decision.id))
    trail.note(session, "application.refused", application, actor)
    return decision


def _decision(
    session: Session,
    application: CreditApplication,
    outcome: Outcome,
    verdict: Verdict,
    actor: Actor,
    *,
    counts: bool,
) -> CreditDecision:
    if actor.kind is not ActorKind.STAFF or actor.id is None:
        raise ValueError("credit is decided on by staff")
    proposed = proposal(session, application)
    decision = CreditDecision(
        application_id=application.id,
        outcome=outcome,
        limit_minor=None if verdict.limit is None else verdict.limit.minor,
        terms_days=verdict.terms_days,
        reasons=verdict.reasons,
        working={} if proposed is None else as_kept(proposed),
        counts=counts,
        decided_at=now(session),
        staff_id=actor.id,
    )
    session.add(decision)
    session.flush()
    return decision


def _end(session: Session, application: CreditApplication, state: ApplicationState, told: TellCreditDecision) -> None:
    application.state, application.decided_at = state, now(session)
    working.settle(session, TaskKind.CREDIT_APPLICATION, subject=("credit_application", application.id))
    outbox.add(session, told, account_id=application.account_id)


def _open(session: Session, application_id: int, *states: ApplicationState) -> CreditApplication:
    """The application under its account's lock, in one of these states."""
    found = session.get(CreditApplication, application_id)
    if found is None or found.submitted_at is None:
        raise NotFound(NO_SUCH_APPLICATION)
    accounts.lock(session, found.account_id)
    session.refresh(found)
    if found.state not in states:
        raise Conflict(N_("This application is not waiting for that any more."))
    return found
