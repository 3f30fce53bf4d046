"""Notices: which reminders a trial would have sent, beside those that were decided on in fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notices.model import LIVE, Notice, NoticePart
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES, Channel, Wording
from domain.policies.currencies import in_currency
from domain.receivables.model import Invoice
from domain.reporting.trial.known import known
from domain.reporting.trial.sequences import Sent, sent
from domain.reporting.trial.values import Answer, Entry, Kind, Trying, Unit
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

KIND = N_("{wording} ({channel})")
WOULD = N_("Tried: {amount} asked for, of {numbers}.")
WAS = N_("Happened: {amount} asked for, of {numbers}.")
"""`numbers` are those of the invoices."""


@dataclass(frozen=True, slots=True)
class Notices:
    """The column of notices: an entry for each, tried or happened; the same text by the same way that day is one.

    Tried is what a run on each day would have sent; at which hours, to which address and how often somebody may be
    contacted is left out, and so is what leaves no history: payments that were just being made, transfers that we were
    told of, and collections to come. What waits for approval counts as sent.
    """

    key: str = "notices"
    name: str = N_("Notices")
    unit: Unit = Unit.NOTICES

    def answer(self, session: Session, trying: Trying) -> Answer:
        """An entry for each notice, tried or happened."""
        was = {(entry.account_id, *entry.about): entry for entry in _was(session, trying)}
        entries = []
        for entry in _would(session, trying):
            same = was.pop((entry.account_id, *entry.about), None)
            entries.append(replace(entry, was=same.was, said=[*entry.said, *same.said]) if same else entry)
        return Answer(sorted([*entries, *was.values()], key=lambda entry: (entry.account_id, entry.on)))


NOTICES = Notices()


def _would(session: Session, trying: Trying) -> Iterator[Entry]:
    """An entry for each notice that would have been sent in the period."""
    dunning = trying.sections.dunning
    if dunning is None or not dunning.steps:
        return
    ours = business(session).currency
    for account_id, account in known(session, trying).items():
        currency = trying.history.accounts[account_id].currency
        for notice in sent(account, in_currency(dunning, currency, ours=ours), trying.last):
            if trying.covers(notice.on):
                yield _tried(account_id, notice, currency)


def _tried(account_id: int, notice: Sent, currency: str) -> Entry:
    numbers = tuple(owed.number for owed, _ in notice.parts)
    said = [Words.of(WOULD, amount=Money(notice.minor, currency), numbers=numbers)]
    only = notice.parts[0][0] if len(notice.parts) == 1 else None
    return Entry(
        account_id,
        notice.on,
        1,
        0,
        said,
        only.invoice_id if only else None,
        only.number if only else None,
        about=_about(notice.on, notice.step.wording, notice.step.channel),
        kind=_kind(notice.step.wording, notice.step.channel),
    )


def _was(session: Session, trying: Trying) -> Iterator[Entry]:
    """An entry for each notice of a sequence that was decided on in the period, and not called off."""
    rows = session.execute(
        select(
            Notice.id,
            Notice.account_id,
            Notice.decided_on,
            Notice.wording,
            Notice.channel,
            Notice.currency,
            NoticePart.invoice_id,
            NoticePart.asked_minor,
            Invoice.number,
        )
        .join(NoticePart, NoticePart.notice_id == Notice.id)
        .join(Invoice, Invoice.id == NoticePart.invoice_id)
        .where(
            Notice.account_id.in_(trying.history.accounts),
            Notice.step_day.is_not(None),
            Notice.status.in_(LIVE),
            Notice.decided_on.between(trying.first, trying.last),
            NoticePart.asked_minor > 0,
        )
        .order_by(Notice.id, Invoice.due_on, Invoice.id)
    )
    for _, parts in groupby(rows, key=lambda row: row.id):
        first, *more = parts
        amount = Money(first.asked_minor + sum(row.asked_minor for row in more), first.currency)
        yield Entry(
            first.account_id,
            first.decided_on,
            0,
            1,
            [Words.of(WAS, amount=amount, numbers=(first.number, *(row.number for row in more)))],
            None if more else first.invoice_id,
            None if more else first.number,
            about=_about(first.decided_on, first.wording, first.channel),
            kind=_kind(first.wording, first.channel),
        )


def _about(on: date, wording: Wording, channel: Channel) -> tuple[object, ...]:
    """What makes two notices to one account the same."""
    return on, wording, channel


def _kind(wording: Wording, channel: Channel) -> Kind:
    name = Words.of(KIND, wording=Words.of(WORDING_NAMES[wording]), channel=Words.of(CHANNEL_NAMES[channel]))
    place = (list(Wording).index(wording), list(Channel).index(channel))
    return Kind(f"{wording}-{channel}", place, name)
