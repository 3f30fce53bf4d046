"""Selecting: the accounts and invoices for which a step is due, as one statement a sequence, however many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from domain.accounts.model import Account, LegalForm
from domain.dunning.model import DunningStage
from domain.dunning.rules import Book, Sequence
from domain.dunning.sequence import is_before_due
from domain.notices.model import LIVE, Notice, NoticePart, NoticeStatus
from domain.policies.contacting import Channel, Recipient
from domain.policies.sections import DunningStep
from domain.policies.whom import ruled
from domain.receivables.model import Invoice, InvoiceKind, InvoiceStatus
from domain.shared.db.base import Key

NEVER = -100_000
"""The stage of an invoice that no step was taken for."""
LATE_CHARGES = (
    select(Invoice.id, Invoice.account_id, Invoice.number, Invoice.due_on, Invoice.open_minor)
    .where(
        Invoice.account_id.in_(bindparam("accounts", expanding=True)),
        Invoice.open_minor > 0,
        Invoice.status == InvoiceStatus.ISSUED,
        Invoice.kind == InvoiceKind.DEBIT_NOTE,
        Invoice.due_on <= bindparam("on"),
    )
    .order_by(Invoice.due_on, Invoice.id)
)


@dataclass(frozen=True, slots=True)
class DueStep:
    """An invoice of which a step is due, with what is open on it.

    `rides`: a late charge, which has no sequence of its own and is asked for along with what is late.
    """

    invoice_id: int
    number: str
    due_on: date
    open_minor: int
    step: DunningStep
    version_id: int
    rides: bool = False


@dataclass(frozen=True, slots=True)
class DueAccount:
    """An account with a step due, and by what the hour is judged at which it may be contacted."""

    account_id: int
    time_zone: str
    legal_form: LegalForm
    country: str | None
    channel: Channel
    recipient: Recipient


def due_accounts(session: Session, sequences: Book, on: date) -> list[DueAccount]:
    """The accounts of which a step is due that day and was not looked at yet, each with its highest step, by id.

    Whom a sequence rules is asked last: earlier, the planner takes so few for ruled that it looks each up one by one.
    """
    whom = ruled(on)
    found: list[DueAccount] = []
    for sequence in sequences.values():
        day = _day_of_step(sequence.dunning.steps, on)
        due = _due(sequence, on).with_only_columns(Invoice.account_id, func.max(day).label("day"))
        highest = due.group_by(Invoice.account_id).subquery()
        rows = session.execute(
            select(highest.c.account_id, highest.c.day, Account.time_zone, Account.legal_form, Account.country)
            .join(Account, Account.id == highest.c.account_id)
            .join(whom, whom.c.account_id == highest.c.account_id)
            .where(whom.c.policy_id == sequence.policy_id)
        )
        steps = {step.day: step for step in sequence.dunning.steps}
        found += [
            DueAccount(
                row.account_id,
                row.time_zone,
                row.legal_form,
                row.country,
                steps[row.day].channel,
                steps[row.day].recipient,
            )
            for row in rows
        ]
    return sorted(found, key=lambda each: each.account_id)


def due_invoices(session: Session, sequences: Book, on: date, account_ids: Collection[int]) -> dict[int, list[DueStep]]:
    """What is due that day of these accounts and was not looked at yet, by account, the longest due first."""
    found: dict[int, list[DueStep]] = {}
    for sequence in sequences.values():
        steps = {step.day: step for step in sequence.dunning.steps}
        for row in session.execute(_due_of(sequence, on), {"accounts": list(account_ids)}):
            due = DueStep(row.id, row.number, row.due_on, row.open_minor, steps[row.day], sequence.version_id)
            found.setdefault(row.account_id, []).append(due)
    return found


def late_charges(session: Session, on: date, along: Mapping[int, DueStep]) -> dict[int, list[DueStep]]:
    """The late charges of accounts that are due, by account, to be asked for along with a step of what is late."""
    found: dict[int, list[DueStep]] = {}
    for row in session.execute(LATE_CHARGES, {"accounts": list(along), "on": on}):
        late = along[row.account_id]
        ridden = DueStep(row.id, row.number, row.due_on, row.open_minor, late.step, late.version_id, rides=True)
        found.setdefault(row.account_id, []).append(ridden)
    return found


def is_told(account_id: SQLColumnExpression[int] | int, on: date) -> ColumnElement[bool]:
    """Whether a step was decided for an account that day: there is one notice a customer and day."""
    return exists().where(
        Notice.account_id == account_id,
        Notice.decided_on == on,
        Notice.step_day.is_not(None),
        Notice.status.in_(LIVE),
    )


@lru_cache(maxsize=64)
def _due(sequence: Sequence, on: date) -> Select[int]:
    """Selects the open invoices of which a step would be due if this sequence ruled them.

    While a notice about an invoice waits for somebody's approval, none of its later steps comes.
    """
    waits = exists().where(
        NoticePart.invoice_id == Invoice.id, Notice.id == NoticePart.notice_id, Notice.status == NoticeStatus.WAITING
    )
    return (
        select(Invoice.id)
        .outerjoin(DunningStage, DunningStage.invoice_id == Invoice.id)
        .where(
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.kind != InvoiceKind.DEBIT_NOTE,
            Invoice.due_on <= on - timedelta(days=sequence.dunning.steps[0].day),
            or_(DunningStage.looked_on.is_(None), DunningStage.looked_on < on),
            or_(*_conditions(sequence.dunning.steps, on).values()),
            ~is_told(Invoice.account_id, on),
            ~waits,
        )
    )


@lru_cache(maxsize=64)
def _due_of(sequence: Sequence, on: date) -> Select[int, int, str, date, int, int]:
    """The same with what `DueStep` tells, of some `accounts` and where this sequence does rule them."""
    accounts = bindparam("accounts", expanding=True, type_=Key)
    whom, day = ruled(on, of=accounts), _day_of_step(sequence.dunning.steps, on)
    wanted = (
        _due(sequence, on)
        .join(whom, whom.c.account_id == Invoice.account_id)
        .where(Invoice.account_id.in_(accounts), whom.c.policy_id == sequence.policy_id)
        .with_only_columns(
            Invoice.id, Invoice.account_id, Invoice.number, Invoice.due_on, Invoice.open_minor, day.label("day")
        )
    )
    return wanted.order_by(Invoice.account_id, Invoice.due_on, Invoice.id)


def _day_of_step(steps: tuple[DunningStep, ...], on: date) -> ColumnElement[int]:
    """The day of the step that is due: what `sequence.due_step` says, in SQL."""
    return case(*((condition, day) for day, condition in _conditions(steps, on).items()))


@lru_cache(maxsize=64)
def _conditions(steps: tuple[DunningStep, ...], on: date) -> Mapping[int, ColumnElement[bool]]:
    """For each step, by its day, when it is the one that is due; at most one holds."""
    stage = func.coalesce(DunningStage.day, NEVER)
    return {
        **dict(_before_due([step for step in steps if is_before_due(step)], on, stage)),
        **dict(_after_due([step for step in steps if not is_before_due(step)], on, stage)),
    }


def _before_due(
    steps: list[DunningStep], on: date, stage: ColumnElement[int]
) -> Iterator[tuple[int, ColumnElement[bool]]]:
    """The latest one that has come counts, through the due day."""
    for step, later in pairwise([*steps, None]):
        assert step is not None
        not_later = Invoice.due_on > on - timedelta(days=later.day) if later else Invoice.due_on >= on
        yield step.day, and_(Invoice.due_on <= on - timedelta(days=step.day), not_later, stage < step.day)


def _after_due(
    steps: list[DunningStep], on: date, stage: ColumnElement[int]
) -> Iterator[tuple[int, ColumnElement[bool]]]:
    """Each follows the one before it, not sooner than its gap allows."""
    for earlier, step in pairwise([None, *steps]):
        assert step is not None
        followed = stage >= earlier.day if earlier else stage < step.day
        rested = or_(DunningStage.reached_on.is_(None), DunningStage.reached_on <= on - timedelta(days=step.gap_days))
        is_over = Invoice.due_on <= on - timedelta(days=step.day)
        yield step.day, and_(is_over, followed, stage < step.day, rested)
