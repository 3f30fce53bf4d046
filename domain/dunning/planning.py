"""Planning: what would be done now for what is due of accounts, and why nothing would; writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import Account, LegalForm
from domain.dunning import rules
from domain.dunning.second_look import looks, why_nothing
from domain.dunning.selecting import DueStep, late_charges
from domain.dunning.sequence import is_before_due
from domain.notices.deciding import Part, What
from domain.notices.model import HeldBack
from domain.notices.reach import governor, history, reaching
from domain.notices.reach.governor import Contacted, Verdict
from domain.notices.reach.reaching import Reached, Wanted
from domain.policies.contacting import Wording
from domain.policies.sections import DunningStep
from domain.shared.db.session import business, now, today
from domain.shared.money import Money

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


def of_one_tone(due: Sequence[DueStep]) -> list[DueStep]:
    """What belongs into one notice: where something is late, what is not late yet waits for a notice of its own.

    It may not come any more, for a step ahead of the due day is not made up for: nobody is told of a coming day in the
    words of a demand.
    """
    late = [each for each in due if not is_before_due(each.step)]
    return late or list(due)


def planned(session: Session, book: rules.Book, due: Sequence[tuple[Account, Sequence[DueStep]]]) -> dict[int, Plan]:
    """What would be done now for what is due of accounts, by their ids, with as many queries for many as for one.

    Late charges are asked for along with what is late; a note ahead of the due day names what is not late alone.
    """
    charges = late_charges(session, today(session), {account.id: steps[0] for account, steps in due})
    parts = looks(session, [(account, [*steps, *charges.get(account.id, ())]) for account, steps in due])
    day, ours = today(session), business(session).currency
    plans = {account.id: _asking(account, book, steps, parts[account.id], day=day, ours=ours) for account, steps in due}
    going = [(account, plans[account.id]) for account, _ in due if plans[account.id].why is None]
    wanted = [Wanted(account, plan.step.wording, plan.step.channel, plan.step.recipient) for account, plan in going]
    reached, at = reaching.reach_each(session, wanted), now(session)
    contacted = history.contacted(session, reached, since=at - governor.WEEK)
    plans |= {account.id: _to(plan, account, reached[account.id], at, contacted[account.id]) for account, plan in going}
    return plans


def _asking(
    account: Account, book: rules.Book, due: Sequence[DueStep], parts: Sequence[Part], *, day: date, ours: str
) -> Plan:
    """What is asked for, in which words, of nobody yet; or why nothing is."""
    asked = [each for each, part in zip(due, parts, strict=False) if part.asked.minor > 0]
    highest = max(asked or due, key=lambda each: each.step.day)
    step = highest.step
    if not asked or is_before_due(step):
        parts = parts[: len(due)]
    what = What(
        step.wording,
        step_day=step.day,
        version_id=highest.version_id,
        act_by=_act_by(account, step, day),
        sender=step.sender,
    )
    plan = Plan(what, step, parts, None)
    if not asked:
        return replace(plan, why=why_nothing(parts[:1]))
    sequence = next(each for each in book.values() if each.version_id == highest.version_id)
    return replace(plan, why=HeldBack.TRIFLE) if rules.is_trifle(sequence, plan.total, ours=ours) else plan


def _to(plan: Plan, account: Account, reached: Reached | HeldBack, at: datetime, contacted: Contacted) -> Plan:
    """The same with whom it goes to, and when; or why it does not."""
    if isinstance(reached, HeldBack):
        return replace(plan, why=reached)
    verdict = _verdict(account, reached, at, contacted)
    why = HeldBack.TOO_OFTEN if verdict.too_often else None
    return replace(plan, reached=reached, why=why, wait_until=None if verdict.now else verdict.from_at)


def judged(session: Session, account: Account, reached: Reached) -> Verdict:
    """Whether the account may be contacted at this address now, by the rules that hold for it."""
    at = now(session)
    contacted = history.contacted(session, [account.id], since=at - governor.WEEK)
    return _verdict(account, reached, at, contacted[account.id])


def _verdict(account: Account, reached: Reached, at: datetime, contacted: Contacted) -> Verdict:
    profile = governor.profile_of(account.legal_form, account.country, reached.recipient)
    return governor.verdict(profile, reached.channel, at, account.time_zone, contacted)


def _act_by(account: Account, step_: DunningStep, day: date) -> date | None:
    """By when the notice asks for payment; before it is late the due day says that."""
    if is_before_due(step_):
        return None
    is_person = account.legal_form in {LegalForm.NATURAL_PERSON, LegalForm.SOLE_TRADER, LegalForm.UNKNOWN}
    protects = is_person and account.country in {"GB", None} and step_.wording is Wording.FINAL_NOTICE
    return day + timedelta(days=max(step_.act_days, PROTOCOL_DAYS) if protects else step_.act_days)
