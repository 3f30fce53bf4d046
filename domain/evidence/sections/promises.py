"""Promises: what was promised by when, of which invoices, and how each promise ended."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from domain.evidence.sections.parts import by_owner, put_together
from domain.evidence.sources import MOST_ROWS, Section, Sources, Table, json_file
from domain.promises.model import PROMISE_NAMES, PromiseChange, PromisePart, PromiseToPay
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

PROMISE = (
    PromiseToPay.id,
    PromiseToPay.currency,
    PromiseToPay.amount_minor,
    PromiseToPay.promised_on,
    PromiseToPay.status,
    PromiseToPay.words,
    PromiseToPay.made_at,
    PromiseToPay.ended_at,
)
PROMISE_PART = (PromisePart.promise_id, PromisePart.invoice_id, PromisePart.amount_minor)
PROMISE_CHANGE = (
    PromiseChange.promise_id,
    PromiseChange.before,
    PromiseChange.after,
    PromiseChange.at,
    PromiseChange.actor_kind,
    PromiseChange.actor_id,
    PromiseChange.why,
)


def section(sources: Sources) -> Section:
    """Every promise over the pack's invoices."""
    where: list[ColumnElement[bool]] = [PromiseToPay.account_id == sources.account.id]
    if sources.invoice_ids is not None:
        where.append(PromiseToPay.id.in_(select(PromisePart.promise_id).where(*sources.about(PromisePart.invoice_id))))
    ids = select(PromiseToPay.id).where(*where)
    rows = sources.rows(*PROMISE, where=where, order=PromiseToPay.id)
    if not rows:
        return Section(())
    told = put_together(
        sources,
        rows,
        {"about": by_owner(sources, PROMISE_PART, ids), "changes": by_owner(sources, PROMISE_CHANGE, ids)},
    )
    shown = [
        [
            row.made_at.date(),
            row.promised_on,
            Words.of(PROMISE_NAMES[row.status]),
            Money(row.amount_minor, row.currency),
        ]
        for row in rows[-MOST_ROWS:]
    ]
    table = Table(N_("Promises"), (N_("Made"), N_("Promised by"), N_("State"), N_("Amount")), 3, shown, wide=2)
    return Section([json_file("promises/promises.json", told)], (table,))
