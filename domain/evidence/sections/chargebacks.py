"""Chargebacks: payments that the payer's bank contested, what it took and brought back, and how each ended."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from domain.chargebacks.model import Chargeback, ChargebackChange, ChargebackMovement
from domain.chargebacks.states import REASON_NAMES, STATE_BADGES
from domain.evidence.sections.parts import by_owner, put_together
from domain.evidence.sections.payments import named, wanted
from domain.evidence.sources import MOST_ROWS, Section, Sources, Table, json_file
from domain.payments.model import Payment
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

CHARGEBACK = (
    Chargeback.id,
    Chargeback.chargeback_ref,
    Chargeback.payment_id,
    Chargeback.currency,
    Chargeback.amount_minor,
    Chargeback.reason,
    Chargeback.state,
    Chargeback.respond_by,
    Chargeback.opened_at,
    Chargeback.closed_at,
)
CHARGEBACK_CHANGE = (
    ChargebackChange.chargeback_id,
    ChargebackChange.before,
    ChargebackChange.after,
    ChargebackChange.processor_state,
    ChargebackChange.at,
    ChargebackChange.actor_kind,
    ChargebackChange.actor_id,
)
MOVEMENT = (
    ChargebackMovement.chargeback_id,
    ChargebackMovement.external_id,
    ChargebackMovement.amount_minor,
    ChargebackMovement.occurred_at,
)
BETWEEN_BANKS = ("processor_state", "respond_by")
"""What is between the bank and us, and not in what a customer gets."""


def section(sources: Sources) -> Section:
    """Every chargeback against the pack's payments."""
    payments = select(Payment.id).where(*wanted(sources))
    where = [Chargeback.payment_id.in_(payments), Chargeback.account_id == sources.account.id]
    rows = sources.rows(*CHARGEBACK, where=where, order=Chargeback.id)
    if not rows:
        return Section(())
    ids = select(Chargeback.id).where(*where)
    parts = {
        "changes": by_owner(sources, CHARGEBACK_CHANGE, ids, ours=BETWEEN_BANKS),
        "moved": by_owner(sources, MOVEMENT, ids),
    }
    names = sources.session.execute(select(Payment.id, Payment.public_id).where(*wanted(sources)))
    told = named(put_together(sources, rows, parts, ours=BETWEEN_BANKS), {row.id: row.public_id for row in names})
    return Section([json_file("chargebacks/chargebacks.json", told)], (_table(rows[-MOST_ROWS:]),))


def _table(rows: Collection[AnyRow]) -> Table:
    head = (N_("Opened"), N_("Reason"), N_("State"), N_("Amount"))
    told = [
        [
            row.opened_at.date(),
            _reason(row.reason),
            Words.of(STATE_BADGES[row.state][1]),
            Money(row.amount_minor, row.currency),
        ]
        for row in rows
    ]
    return Table(N_("Chargebacks"), head, 3, told, wide=1)


def _reason(reason: str) -> Words | str:
    return Words.of(REASON_NAMES[reason]) if reason in REASON_NAMES else reason.replace("_", " ")
