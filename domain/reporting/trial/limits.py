"""Limits: on which days a trial would have held new credit, and why, beside the days in the register of holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.credit.checks.model import CHECKS
from domain.credit.model import CREDIT_HOLDS, CREDIT_LIMITS, HoldReason
from domain.credit.standing import NO_LIMITS
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.policies.currencies import in_currency
from domain.policies.interest import DAY
from domain.policies.sections import Limits
from domain.reporting.trial.spells import Deltas, Spell, excess, gaps, overdue_deltas, spells
from domain.reporting.trial.values import Answer, Entry, Trying, Unit
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.stops import holding
from domain.stops.model import Held

ABOVE = N_("Tried: from {since} to {until}, at most {amount} above the limit.")
TOO_LONG = N_("Tried: from {since} to {until}, at most {amount} overdue for too long.")
EXPIRED = N_("Tried: from {since} to {until}, without a check that is good.")
WAS = N_("Happened: held from {since} to {until}.")


@dataclass(frozen=True, slots=True)
class HeldDays:
    """The column of one reason for holding new credit, in days; whether somebody let it through all the same or not.

    What is used of a limit is what the ledger says that was owed at the end of each day: what was ordered and not yet
    billed leaves no history behind.
    """

    key: str
    name: str
    reason: HoldReason
    said: str
    unit: Unit = Unit.DAYS

    def answer(self, session: Session, trying: Trying) -> Answer:
        """An entry for each spell of days, tried or happened."""
        section = trying.sections.limits or NO_LIMITS
        entries = []
        for account_id, spell in self._tried(session, trying, section):
            amount = Money(spell.most, trying.history.accounts[account_id].currency)
            words = Words.of(self.said, since=spell.since, until=spell.until, amount=amount)
            entries.append(Entry(account_id, spell.since, spell.days, 0, [words]))
        for account_id, spell in _registered(session, trying, self.reason):
            words = Words.of(WAS, since=spell.since, until=spell.until)
            entries.append(Entry(account_id, spell.since, 0, spell.days, [words]))
        return Answer(sorted(entries, key=lambda entry: (entry.account_id, entry.on)))

    def _tried(self, session: Session, trying: Trying, section: Limits) -> Iterator[tuple[int, Spell]]:
        if self.reason is HoldReason.ABOVE_LIMIT:
            return _above_limit(session, trying, section)
        if self.reason is HoldReason.OVERDUE:
            return _overdue(session, trying, section)
        return _unchecked(session, trying, section)


ABOVE_LIMIT = HeldDays("above_limit", N_("Days held above the limit"), HoldReason.ABOVE_LIMIT, ABOVE)
OVERDUE_TOO_LONG = HeldDays("overdue", N_("Days held for what is overdue"), HoldReason.OVERDUE, TOO_LONG)
CHECK_EXPIRED = HeldDays("check_expired", N_("Days held for an expired check"), HoldReason.CHECK_EXPIRED, EXPIRED)


def _above_limit(session: Session, trying: Trying, section: Limits) -> Iterator[tuple[int, Spell]]:
    """By an own limit from the day of the decision on, else by the section's, which is in our own currency."""
    if not section.hold_above_limit:
        return
    ours, own = business(session).currency, _own_limits(session, trying)
    owed = _owed(session, trying)
    for account in trying.history.accounts.values():
        by_policy = in_currency(section, account.currency, ours=ours).limit_minor
        yield from (
            (account.id, spell)
            for spell in spells(
                excess(owed.get(account.id, {}), by_policy, own.get(account.id, ())), trying.first, trying.last
            )
        )


def _overdue(session: Session, trying: Trying, section: Limits) -> Iterator[tuple[int, Spell]]:
    if section.hold_overdue_days is None:
        return
    history = trying.history
    places = {row.id: row.account_id for row in history.invoices}
    holds = holding.holds_on(session, places, holding.kinds_that_hold(Held.CREDIT_LIMIT))
    sums: defaultdict[int, Deltas] = defaultdict(dict)
    for invoice in history.invoices:
        changes: Deltas = {}
        for row in history.allocations.get(invoice.id, ()):
            changes[row.effective_on] = changes.get(row.effective_on, 0) - row.amount_minor
        of_account = sums[invoice.account_id]
        for day, minor in overdue_deltas(
            invoice.amount_minor,
            changes,
            history.due[invoice.id],
            invoice.issued_on,
            section.hold_overdue_days,
            holds.get(invoice.id, ()),
        ).items():
            of_account[day] = of_account.get(day, 0) + minor
    ours = business(session).currency
    for account_id, deltas in sums.items():
        least = in_currency(section, history.accounts[account_id].currency, ours=ours).hold_overdue_least_minor
        found = spells(deltas, trying.first, trying.last, least=max(1, least))
        yield from ((account_id, spell) for spell in found)


def _unchecked(session: Session, trying: Trying, section: Limits) -> Iterator[tuple[int, Spell]]:
    """From the day after the last good day of all checks so far; an account that was never checked is not held."""
    if section.check_months is None:
        return
    zone = business(session).time_zone
    rows = session.execute(
        select(CHECKS.c.account_id, CHECKS.c.checked_at, CHECKS.c.expires_on)
        .where(CHECKS.c.account_id.in_(trying.history.accounts))
        .order_by(CHECKS.c.id)
    )
    checks: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for row in rows:
        checks[row.account_id].append((day_in(row.checked_at, zone), row.expires_on))
    for account_id, found in checks.items():
        yield from ((account_id, spell) for spell in spells(gaps(found), trying.first, trying.last))


def _owed(session: Session, trying: Trying) -> dict[int, Deltas]:
    """How what each account owes changed from day to day, by the ledger."""
    rows = session.execute(
        select(ENTRIES.c.account_id, ENTRIES.c.effective_on, func.sum(POSTINGS.c.amount).label("minor"))
        .join_from(POSTINGS, ENTRIES)
        .where(
            ENTRIES.c.account_id.in_(trying.history.accounts),
            ENTRIES.c.effective_on <= trying.last,
            POSTINGS.c.ledger_account == LedgerAccount.RECEIVABLE.value,
        )
        .group_by(ENTRIES.c.account_id, ENTRIES.c.effective_on)
    )
    found: defaultdict[int, Deltas] = defaultdict(dict)
    for row in rows:
        found[row.account_id][row.effective_on] = int(row.minor)
    return found


def _own_limits(session: Session, trying: Trying) -> dict[int, list[tuple[date, int | None]]]:
    """The decisions on each account's own limit, in their order; of two on one day the later counts."""
    zone = business(session).time_zone
    found: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
    rows = session.execute(
        select(CREDIT_LIMITS.c.account_id, CREDIT_LIMITS.c.decided_at, CREDIT_LIMITS.c.limit_minor)
        .where(CREDIT_LIMITS.c.account_id.in_(trying.history.accounts))
        .order_by(CREDIT_LIMITS.c.id)
    )
    for row in rows:
        found[row.account_id].append((day_in(row.decided_at, zone), row.limit_minor))
    return found


def _registered(session: Session, trying: Trying, reason: HoldReason) -> Iterator[tuple[int, Spell]]:
    """The holds of the register within the period; one that ended on a day did not hold at its end."""
    zone = business(session).time_zone
    rows: Iterable[AnyRow] = session.execute(
        select(CREDIT_HOLDS.c.account_id, CREDIT_HOLDS.c.began_on, CREDIT_HOLDS.c.ended_at)
        .where(
            CREDIT_HOLDS.c.account_id.in_(trying.history.accounts),
            CREDIT_HOLDS.c.reason == reason,
            CREDIT_HOLDS.c.began_on <= trying.last,
        )
        .order_by(CREDIT_HOLDS.c.id)
    )
    for row in rows:
        until = trying.last if row.ended_at is None else min(trying.last, day_in(row.ended_at, zone) - DAY)
        since = max(trying.first, row.began_on)
        if since <= until:
            yield row.account_id, Spell(since, until, 0)
