"""Stepping: the notice that is due for an account is decided under its lock, or held back with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account, LegalForm
from domain.dunning import rules
from domain.dunning.model import DunningStage
from domain.dunning.second_look import look
from domain.dunning.selecting import DueStep, due_invoices, late_charges
from domain.dunning.sequence import is_before_due
from domain.notices.deciding import Part, What, decide, hold_back
from domain.notices.model import HeldBack
from domain.notices.reach import governor, history, reaching
from domain.notices.reach.governor import Verdict
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import Wording
from domain.policies.sections import DunningStep
from domain.shared.actor import Actor
from domain.shared.db.session import business, now, today
from domain.shared.money import Money
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

PROTOCOL_DAYS = 30
"""Days that a natural person in the United Kingdom has to answer a final notice.

Pre-Action Protocol for Debt Claims (England and Wales), 2017, 5.1.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done for an account now: a notice to somebody, or nothing and why, or nothing yet.

    `wait_until` is when its hours begin, where they are what keeps it.
    """

    what: What
    step: DunningStep
    parts: Sequence[Part]
    reached: Reached | None
    why: HeldBack | None = None
    wait_until: datetime | None = None

    @property
    def total(self) -> Money:
        """How much it asks for."""
        first, *others = [part.asked for part in self.parts]
        return sum(others, first)


def step(session: Session, account_id: int, book: rules.Book, *, actor: Actor) -> Plan | None:
    """Do for an account what is due today; what that was, None where nothing is (any more). Safe to repeat.

    Out of its hours nothing is done, and it is due still.
    """
    account = accounts.lock(session, account_id)
    due = due_invoices(session, book, today(session), [account_id]).get(account_id)
    if not due:
        return None
    due = of_one_tone(due)
    plan = planned(session, account, book, due)
    if plan.wait_until is not None:
        return plan
    stages = {each.invoice_id: _stage(session, account_id, each.invoice_id) for each in due}
    if plan.why is None and plan.reached is not None:
        decide(session, account, plan.what, plan.reached, plan.parts, approve=plan.step.approve, actor=actor)
    elif any(_is_news(stages[part.invoice_id], part, plan.why) for part in plan.parts if part.invoice_id in stages):
        _hold_back(session, account, plan, actor)
    for each, part in zip(due, plan.parts, strict=False):
        _move(stages[each.invoice_id], each, part, plan, today(session))
    session.flush()
    return plan


def of_one_tone(due: Sequence[DueStep]) -> list[DueStep]:
    """What belongs into one notice: where something is late, what is not late yet waits for a notice of its own.

    It may not come any more, for a step ahead of the due day is not made up for: nobody is told of a coming day in the
    words of a demand.
    """
    late = [each for each in due if not is_before_due(each.step)]
    return late or list(due)


def planned(session: Session, account: Account, book: rules.Book, due: Sequence[DueStep]) -> Plan:
    """What would be done now for what is due of an account; writes nothing.

    Late charges are asked for along with what is late; a note ahead of the due day names what is not late alone.
    """
    parts = look(session, account, [*due, *late_charges(session, account.id, today(session), due[0])])
    asked = [each for each, part in zip(due, parts, strict=False) if part.asked.minor > 0]
    highest = max(asked or due, key=lambda each: each.step.day)
    step_ = highest.step
    if is_before_due(step_):
        parts = parts[: len(due)]
    what = What(
        step_.wording,
        step_day=step_.day,
        version_id=highest.version_id,
        act_by=_act_by(account, step_, today(session)),
        sender=step_.sender,
    )
    if not asked:
        return Plan(what, step_, parts[: len(due)], None, why=parts[0].why or HeldBack.PAID)
    plan = Plan(what, step_, parts, None)
    sequence = next(each for each in book.values() if each.version_id == highest.version_id)
    if rules.is_trifle(sequence, plan.total, ours=business(session).currency):
        return Plan(what, step_, parts, None, why=HeldBack.TRIFLE)
    reached = reaching.reach(session, account, wording=step_.wording, channel=step_.channel, recipient=step_.recipient)
    if isinstance(reached, HeldBack):
        return Plan(what, step_, parts, None, why=reached)
    verdict = judged(session, account, reached)
    if verdict.too_often:
        return Plan(what, step_, parts, reached, why=HeldBack.TOO_OFTEN)
    return Plan(what, step_, parts, reached, wait_until=None if verdict.now else verdict.from_at)


def judged(session: Session, account: Account, reached: Reached) -> Verdict:
    """Whether the account may be contacted at this address now, by the rules that hold for it."""
    profile = governor.profile_of(account.legal_form, account.country, reached.recipient)
    at = now(session)
    contacted = history.contacted(session, account.id, since=at - governor.WEEK)
    return governor.verdict(profile, reached.channel, at, account.time_zone, contacted)


def _act_by(account: Account, step_: DunningStep, day: date) -> date | None:
    """By when the notice asks for payment; before it is late the due day says that."""
    if is_before_due(step_):
        return None
    is_person = account.legal_form in {LegalForm.NATURAL_PERSON, LegalForm.SOLE_TRADER, LegalForm.UNKNOWN}
    protects = is_person and account.country in {"GB", None} and step_.wording is Wording.FINAL_NOTICE
    return day + timedelta(days=max(step_.act_days, PROTOCOL_DAYS) if protects else step_.act_days)


def _stage(session: Session, account_id: int, invoice_id: int) -> DunningStage:
    stage = session.get(DunningStage, invoice_id, populate_existing=True)
    if stage is None:
        stage = DunningStage(invoice_id=invoice_id, account_id=account_id)
        session.add(stage)
    return stage


def _is_news(stage: DunningStage, part: Part, why: HeldBack | None) -> bool:
    """Whether this step was not already held back for the same reason."""
    return (stage.held_day, stage.held_why) != (part.step_day, part.why or why)


def _hold_back(session: Session, account: Account, plan: Plan, actor: Actor) -> None:
    assert plan.why is not None
    hold_back(
        session,
        account,
        plan.what,
        plan.why,
        plan.parts,
        channel=plan.step.channel,
        recipient=plan.step.recipient,
        actor=actor,
    )
    if plan.why is HeldBack.NO_ADDRESS:
        tasks.open_task(
            session, TaskKind.TRACE, subject=("account", account.id), account_id=account.id, worth=plan.total, detail={}
        )


def _move(stage: DunningStage, due: DueStep, part: Part, plan: Plan, day: date) -> None:
    """Where something of the invoice is asked for, it has reached the step; else it is looked at again tomorrow."""
    stage.looked_on = day
    if plan.why is None and part.asked.minor > 0:
        stage.day, stage.reached_on = due.step.day, day
        stage.held_day = stage.held_why = None
    else:
        stage.held_day, stage.held_why = due.step.day, part.why or plan.why
