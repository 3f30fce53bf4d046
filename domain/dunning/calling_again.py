"""Calling again: some days after nobody was reached, somebody is asked to call once more, if that is still right."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.dunning import pausing
from domain.dunning.planning import judged
from domain.dunning.second_look import look, why_nothing
from domain.dunning.selecting import DueStep
from domain.notices.deciding import Part, What, decide, hold_back, waited
from domain.notices.model import Call, HeldBack, Notice
from domain.notices.reach import reaching
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import Channel, Recipient, Wording
from domain.policies.sections import DunningStep
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor

REST = timedelta(days=2)
"""So long a customer is left alone after a call that nobody answered."""


def call_again(session: Session, call_id: int, invoice_ids: Collection[int], *, actor: Actor) -> Notice | None:
    """Decide on the next call about these invoices, or hold it back with the reason; None where it was decided already.

    Asked again under the lock, as for every notice: is it still owed, may they be called, at which number.
    """
    call = session.get_one(Call, call_id)
    account = accounts.lock(session, call.account_id)
    before = session.get(Notice, call.notice_id) if call.notice_id is not None else None
    wording = before.wording if before else Wording.FIRST_REMINDER
    recipient = before.recipient if before else Recipient.CONTACT
    subject = ("call", call_id)
    decided = select(Notice.id).where(
        Notice.account_id == account.id, Notice.subject_kind == subject[0], Notice.subject_id == call_id
    )
    if session.scalar(decided) is not None:
        return None
    what = What(
        wording,
        version_id=before.version_id if before else None,
        act_by=before.act_by + waited(session, before) if before and before.act_by else None,
        sender=before.sender if before else None,
        subject=subject,
    )
    due = _open(session, account.id, invoice_ids, wording)
    parts = [replace(part, step_day=None) for part in look(session, account, due)]
    reached = reaching.reach(session, account, wording=wording, channel=Channel.CALL, recipient=recipient)
    why = _why_not(session, account, parts, reached)
    if isinstance(reached, Reached) and why is None:
        return decide(session, account, what, reached, parts, actor=actor)
    why = why or HeldBack.NO_ADDRESS
    return hold_back(session, account, what, why, parts, channel=Channel.CALL, recipient=recipient, actor=actor)


def _why_not(session: Session, account: Account, parts: Sequence[Part], reached: Reached | HeldBack) -> HeldBack | None:
    if not any(part.asked.minor > 0 for part in parts):
        return why_nothing(parts)
    if pausing.paused(session) is not None:
        return HeldBack.PAUSED
    if isinstance(reached, HeldBack):
        return reached
    if reached.channel is not Channel.CALL:
        return HeldBack.NO_ADDRESS
    return HeldBack.TOO_OFTEN if judged(session, account, reached).too_often else None


def _open(session: Session, account_id: int, invoice_ids: Collection[int], wording: Wording) -> list[DueStep]:
    """What is open of these invoices now, as the second look asks for it; no step of the sequence is taken."""
    rows = session.execute(
        select(Invoice.id, Invoice.number, Invoice.due_on, Invoice.open_minor)
        .where(
            Invoice.account_id == account_id,
            Invoice.id.in_(invoice_ids),
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.open_minor > 0,
        )
        .order_by(Invoice.due_on, Invoice.id)
    )
    step = DunningStep(day=0, channel=Channel.CALL, wording=wording)
    return [DueStep(row.id, row.number, row.due_on, row.open_minor, step, 0) for row in rows]
