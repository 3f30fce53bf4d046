"""Charging: issue what an account is charged for lateness, and take back what was charged beyond what is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.invoicing.credit_notes import creditable, issue_credit_note
from domain.invoicing.debit_notes import issue_debit_note
from domain.late_charges.facts import Rules, debts, overdue
from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.late_charges.reckoning import Debt, Reckoned, cost_to_charge, interest_to_charge
from domain.policies.interest import Stretch
from domain.policies.rates import RateMissing
from domain.policies.sections import Part
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Speak, Speaking

REASONS = {
    ChargeKind.INTEREST: N_("Interest for late payment of {number}, through {through}"),
    ChargeKind.RECOVERY_COST: N_("Fixed charge for the late payment of {number}"),
}
"""What stands on the debit notes, in the customer's language."""
PARTS = {ChargeKind.INTEREST: Part.INTEREST, ChargeKind.RECOVERY_COST: Part.COSTS}
"""Which part of the debt each charge is."""
CORRECTION = N_("More is known of {number} than when this was charged")
"""What stands on the credit notes that take something back."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be done for lateness, and for which half-years nobody has entered a rate that it would take."""

    reckoned: list[Reckoned] = field(default_factory=list)
    missing: list[RateMissing] = field(default_factory=list)


def reckon_all(found: Iterable[Debt], ruling: Rules, through: date, *, before: date) -> Found:
    """What is to be done about these debts on a day, when days up to `before` have been done; writes nothing."""
    result = Found()
    for debt in found:
        cost_rule, interest_rule = ruling.terms[debt.version_id].recovery_cost, ruling.interest_on(debt)
        if cost_rule and (cost := cost_to_charge(debt, cost_rule, through)):
            result.reckoned.append(cost)
        try:
            if interest_rule and (
                interest := interest_to_charge(debt, interest_rule, through, ruling.table, before=before)
            ):
                result.reckoned.append(interest)
        except RateMissing as problem:
            result.missing.append(problem)
    return result


def charge_account(
    session: Session,
    account_id: int,
    ruling: Rules,
    *,
    before: date,
    since: datetime | None,
    speak: Speak,
    actor: Actor,
) -> Found:
    """Do today for an account what is to be done for lateness, under its lock; what that was. Safe to repeat.

    What is charged comes before what is taken back: every transaction takes the numbers of its papers in one order.
    The papers are worded in the account's language of today, for good: `speak` knows it.
    """
    account = accounts.lock(session, account_id)
    speaking = speak(account.language)
    day = today(session)
    found = reckon_all(debts(session, overdue(ruling, day, since=since), [account_id]), ruling, day, before=before)
    for each in sorted(found.reckoned, key=lambda each: each.to_charge.minor < 0):
        if each.to_charge.minor > 0:
            _charge(session, account, each, speaking, actor)
        else:
            _correct(session, account, each, speaking, actor)
    return found


def stored_rows(rows: Sequence[Stretch]) -> list[dict[str, Any]]:
    """The rows of a working as a JSON column keeps them."""
    return [
        {
            "first": row.first.isoformat(),
            "last": row.last.isoformat(),
            "principal": row.principal.minor,
            "rate": format(row.rate, "f"),
            "year_days": row.year_days,
        }
        for row in rows
    ]


def _charge(session: Session, account: Account, found: Reckoned, speaking: Speaking, actor: Actor) -> None:
    debt = found.debt
    parent = session.get_one(Invoice, debt.invoice_id, populate_existing=True)
    named: dict[str, object] = {"through": found.through} if found.kind is ChargeKind.INTEREST else {}
    reason = speaking.translate(REASONS[found.kind], number=debt.number, **named)
    part = PARTS[found.kind]
    note = issue_debit_note(session, account, parent, found.to_charge, reason=reason, actor=actor, part=part)
    _keep(session, found, note.id, None, found.to_charge, ChargeAct.CHARGED)


def _correct(session: Session, account: Account, found: Reckoned, speaking: Speaking, actor: Actor) -> None:
    """Take back what was charged too much, from the newest debit note on, as far as they were not credited before."""
    left = -found.to_charge
    notes = select(LateCharge.debit_note_id).where(
        LateCharge.invoice_id == found.debt.invoice_id,
        LateCharge.kind == found.kind,
        LateCharge.act == ChargeAct.CHARGED,
    )
    for note_id in session.scalars(notes.order_by(LateCharge.id.desc())).all():
        note = session.get_one(Invoice, note_id, populate_existing=True)
        if note.status is not InvoiceStatus.ISSUED:
            continue
        part = min(left, creditable(session, note))
        if part:
            reason = speaking.translate(CORRECTION, number=found.debt.number)
            paper = issue_credit_note(session, account, note, part, reason=reason, actor=actor)
            _keep(session, found, note.id, paper.id, -part, ChargeAct.CORRECTED)
            left -= part


def keep_charge(session: Session, found: Reckoned, note_id: int) -> None:
    """Keep what a debit note that somebody else has issued charges on one invoice."""
    _keep(session, found, note_id, None, found.to_charge, ChargeAct.CHARGED)


def _keep(
    session: Session, found: Reckoned, note_id: int, credit_note_id: int | None, amount: Money, act: ChargeAct
) -> None:
    session.add(
        LateCharge(
            account_id=found.debt.account_id,
            invoice_id=found.debt.invoice_id,
            debit_note_id=note_id,
            credit_note_id=credit_note_id,
            kind=found.kind,
            act=act,
            version_id=found.debt.version_id,
            through_on=found.through,
            currency=amount.currency,
            amount_minor=amount.minor,
            accrued_minor=found.accrued.minor,
            working=stored_rows(found.rows),
            recorded_at=now(session),
        )
    )
    session.flush()
