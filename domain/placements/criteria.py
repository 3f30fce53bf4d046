"""Criteria: what the terms ask of a debt before it may be handed over, each with its yes or no; from values alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.policies.currencies import in_currency
from domain.policies.sections import Handoff, Part
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.stops.model import STOP_NAMES, StopKind


class Criterion(StrEnum):
    """What is asked, in the order in which it is shown."""

    ALLOWED = "allowed"
    AGE = "age"
    FREE = "free"
    NOT_PAYING = "not_paying"
    FINAL_NOTICE = "final_notice"
    ENFORCEABLE = "enforceable"
    AMOUNT = "amount"
    NOTICES = "notices"
    COUNTRY = "country"
    DISPUTES = "disputes"


CRITERION_NAMES = {
    Criterion.ALLOWED: N_("The terms of the account allow it"),
    Criterion.AGE: N_("Late for long enough"),
    Criterion.FREE: N_("No dispute, plan, promise or insolvency holds it"),
    Criterion.NOT_PAYING: N_("No payment is under way"),
    Criterion.FINAL_NOTICE: N_("The day of the final notice is over"),
    Criterion.ENFORCEABLE: N_("It can still be enforced"),
    Criterion.AMOUNT: N_("Large enough"),
    Criterion.NOTICES: N_("Reminded often enough"),
    Criterion.COUNTRY: N_("In a country that we hand over in"),
    Criterion.DISPUTES: N_("No history of disputes that were right"),
}
"""What each criterion is called on the screen."""


@dataclass(frozen=True, slots=True)
class Late:
    """One late invoice: what is open of it, what holds it, whether it is being paid, whether it was warned of.

    `warned`: a final notice asked for it, and the day that it named is over. What is charged on top of an invoice
    (`parent_id`) goes where that invoice goes, and needs neither age nor warning of its own. `barred`: it is known
    that no court would help any more; `extinguished`: the debt itself is gone with that.
    """

    invoice_id: int
    number: str
    part: Part
    due_on: date
    open: Money
    parent_id: int | None = None
    held: frozenset[StopKind] = frozenset()
    paying: bool = False
    warned: bool = False
    barred: bool = False
    extinguished: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """All that is known of an account's late debts on a day."""

    account_id: int
    currency: str
    country: str | None
    late: Sequence[Late]
    notices: int = 0
    upheld: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One criterion: whether it is met, and what was found, in words that say by themselves why where it is not."""

    criterion: Criterion
    met: bool
    words: Words


@dataclass(frozen=True, slots=True)
class Judged:
    """What all criteria come to: `ready` are the invoices that could be handed over as far as they alone go.

    `can_force`: others are ready but can no longer be enforced, and the debt itself is not gone. `forced`: they are
    among those that are ready.
    """

    findings: Sequence[Finding]
    ready: Sequence[Late]
    total: Money
    can_force: bool = False
    forced: bool = False

    @property
    def is_candidate(self) -> bool:
        """Whether every criterion is met."""
        return all(finding.met for finding in self.findings)

    def missing(self) -> list[Finding]:
        """Those that are not met and stand in its way."""
        return [finding for finding in self.findings if not finding.met and not self._is_forced(finding)]

    def _is_forced(self, finding: Finding) -> bool:
        return self.forced and finding.criterion is Criterion.ENFORCEABLE


def judge(section: Handoff | None, case: Case, day: date, *, ours: str, home: str, force: bool = False) -> Judged:
    """Every criterion of `section` for an account on a day; amounts are in `ours`, the business's currency.

    `home` is the business's country. One invoice that is disputed or paid in parts stays, and the others may go; one
    that can no longer be enforced goes only where somebody forces it, and never where the debt itself is gone.
    """
    if section is None:
        return Judged([_said(Criterion.ALLOWED, met=False)], [], Money.zero(case.currency))
    section = in_currency(section, case.currency, ours=ours)
    old = [late for late in case.late if late.parent_id is None and (day - late.due_on).days >= section.late_days]
    free = [late for late in old if not late.held]
    idle = [late for late in free if not late.paying]
    warned = [late for late in idle if late.warned or not section.after_final_notice]
    goes = [late for late in warned if not late.barred or (force and not late.extinguished)]
    ready = _with_what_came_on_top(goes, case.late, force=force)
    total = Money.sum((late.open for late in ready), case.currency)
    findings = [
        _said(Criterion.ALLOWED, met=True),
        _age(section, case, old, day),
        _free(old, free),
        _not_paying(free, idle),
        *([_warned(idle, warned)] if section.after_final_notice else []),
        _enforceable(warned),
        _amount(section, total),
        _notices(section, case.notices),
        *([_country(case.country, home)] if not section.abroad else []),
        *([_upheld(section.most_upheld, case.upheld)] if section.most_upheld is not None else []),
    ]
    can_force = any(late.barred and not late.extinguished for late in warned)
    return Judged(findings, ready, total, can_force, force and any(late.barred for late in ready))


def _with_what_came_on_top(invoices: Sequence[Late], late: Sequence[Late], *, force: bool) -> list[Late]:
    ids = {each.invoice_id for each in invoices}
    return [
        each
        for each in late
        if each.invoice_id in ids
        or (
            each.parent_id in ids
            and not each.held
            and not each.paying
            and (not each.barred or (force and not each.extinguished))
        )
    ]


def _said(criterion: Criterion, *, met: bool) -> Finding:
    has, none = (
        N_("The policy of this account has a section on handing over."),
        N_("The policy of this account has no section on handing over."),
    )
    return Finding(criterion, met, Words.of(has if met else none))


def _age(section: Handoff, case: Case, old: Collection[Late], day: date) -> Finding:
    if not case.late:
        return Finding(Criterion.AGE, False, Words.of(N_("Nothing is late.")))
    longest = max((day - late.due_on).days for late in case.late)
    text = N_("The oldest debt is {days} days late; {least} are asked for.")
    return Finding(Criterion.AGE, bool(old), Words.of(text, days=longest, least=section.late_days))


def _free(old: Sequence[Late], free: Collection[Late]) -> Finding:
    kinds = sorted({kind for late in old for kind in late.held})
    if not kinds:
        return Finding(Criterion.FREE, bool(old), Words.of(N_("Nothing holds it.")))
    names = tuple(Words.of(STOP_NAMES[kind]) for kind in kinds)
    if not free:
        return Finding(Criterion.FREE, False, Words.of(N_("Something holds all of it: {why}."), why=names))
    text = N_("Invoices that nothing holds: {free} of {all}. The others: {why}.")
    return Finding(Criterion.FREE, bool(free), Words.of(text, free=len(free), all=len(old), why=names))


def _not_paying(free: Collection[Late], idle: Collection[Late]) -> Finding:
    if len(free) == len(idle):
        return Finding(Criterion.NOT_PAYING, bool(free), Words.of(N_("No payment is under way for it.")))
    if not idle:
        return Finding(Criterion.NOT_PAYING, False, Words.of(N_("A payment is under way for all of it.")))
    text = N_("Invoices that nobody is paying right now: {idle} of {all}.")
    return Finding(Criterion.NOT_PAYING, bool(idle), Words.of(text, idle=len(idle), all=len(free)))


def _warned(idle: Collection[Late], warned: Collection[Late]) -> Finding:
    if not warned:
        return Finding(Criterion.FINAL_NOTICE, False, Words.of(N_("No final notice of it has run out yet.")))
    text = N_("Invoices of which the final notice has run out: {warned} of {all}.")
    return Finding(Criterion.FINAL_NOTICE, bool(warned), Words.of(text, warned=len(warned), all=len(idle)))


def _enforceable(warned: Sequence[Late]) -> Finding:
    """Met where something is left that a court would help with; what nobody knows the law of counts as that."""
    still = [late for late in warned if not late.barred]
    if len(still) == len(warned):
        return Finding(Criterion.ENFORCEABLE, True, Words.of(N_("As far as we know the time for it is not over.")))
    gone = sum(late.extinguished for late in warned)
    if not still and not gone:
        none = N_("Nothing of it can be enforced any more: the time for it is over.")
        return Finding(Criterion.ENFORCEABLE, False, Words.of(none))
    text = N_("Invoices that can still be enforced: {still} of {all}.")
    if gone:
        text = N_("Invoices that can still be enforced: {still} of {all}. Owed no more in law: {gone}.")
    return Finding(Criterion.ENFORCEABLE, bool(still), Words.of(text, still=len(still), all=len(warned), gone=gone))


def _amount(section: Handoff, total: Money) -> Finding:
    least = Money(section.least_minor, total.currency)
    text = N_("{total} is ready for it; at least {least} is asked for.")
    return Finding(Criterion.AMOUNT, 0 < total.minor >= least.minor, Words.of(text, total=total, least=least))


def _notices(section: Handoff, many: int) -> Finding:
    text = N_("Notices that went out: {many}; {least} are asked for.")
    return Finding(
        Criterion.NOTICES, many >= section.least_notices, Words.of(text, many=many, least=section.least_notices)
    )


def _country(country: str | None, home: str) -> Finding:
    if country is None:
        return Finding(Criterion.COUNTRY, True, Words.of(N_("Its country is not known, so it counts as ours.")))
    if country != home:
        text = N_("Its country is {country}, and we hand over at home alone.")
        return Finding(Criterion.COUNTRY, False, Words.of(text, country=country))
    return Finding(Criterion.COUNTRY, True, Words.of(N_("Its country is {country}."), country=country))


def _upheld(most: int, many: int) -> Finding:
    text = N_("Disputes of the last twelve months that were right: {many}; at most {most} are asked for.")
    return Finding(Criterion.DISPUTES, many <= most, Words.of(text, many=many, most=most))
