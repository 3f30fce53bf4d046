"""Previewing: how a text reads on a real account's open invoices, before anybody is written to; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.notices.wording.composed import Composed
from domain.notices.wording.composing import Asked, Occasion, handoff_from, written
from domain.notices.wording.placeholders import ABOUT_INVOICES, usable
from domain.notices.wording.text_checks import sample
from domain.notices.wording.texts import Text
from domain.policies.contacting import CHASING, Channel, Recipient, Wording
from domain.receivables import queries as receivables
from domain.receivables.model import InvoiceKind
from domain.shared.business import Business
from domain.shared.db.session import business, today
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money

ACT_DAYS = timedelta(days=7)
"""How long a preview leaves; a step of a sequence has days of its own."""
A_DAY = timedelta(days=1)
LINK = "https://pay.example.com/l/…"
"""What stands for a pay link: a preview opens nothing."""
MOST = 5
"""So many open invoices are shown."""
BY_OCCASION = frozenset(usable(Wording.FINAL_NOTICE))
"""What a real account fills; of the rest common values are shown."""
NOT_DUE = frozenset({Wording.COURTESY, Wording.INVOICE})
"""What is written about invoices that are not late yet."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that somebody is writing, as it was typed."""

    wording: Wording
    channel: Channel
    language: str
    subject: str
    body: str


def an_account(session: Session) -> str:
    """The number of an account on which something is late, else of any that owes something; empty where none does."""
    account_id = session.scalar(receivables.late_accounts(session).limit(1))
    if account_id is None:
        account_id = session.scalar(receivables.owing_accounts(session, only_late=False).limit(1))
    return str(accounts.account(session, account_id).number) if account_id is not None else ""


def preview(session: Session, number: str, draft: Draft) -> Composed:
    """The text on what the account of this number owes today, or on made-up invoices where the number is empty.

    What a reminder asks for is what is late, or all that is open where nothing is; at most `MOST` invoices. NotFound
    for a number that no account has.
    """
    day, ours = today(session), business(session)
    if not number.strip():
        whose = _Whose("Harbour Foods Ltd", "A-1001", ours.currency, day + ACT_DAYS + A_DAY)
        return _written(draft, whose, _sample_invoices(day), day, ours)
    account_id = accounts.id_of_number(session, number.strip())
    if account_id is None:
        raise NotFound(N_("There is no account with this number."))
    account = accounts.account(session, account_id)
    from_on = handoff_from(session, account_id, draft.wording, day + ACT_DAYS)
    late = receivables.open_invoices(session, account_id, due_before=day, limit=MOST)
    early = receivables.open_invoices(session, account_id, due_from=day, limit=MOST)
    chosen = (early or late) if draft.wording in NOT_DUE else (late or early)
    invoices = [_Open(row.id, row.number, row.issued_on, row.due_on, row.open_minor, row.kind) for row in chosen]
    return _written(draft, _Whose(account.name, account.number, account.currency, from_on), invoices, day, ours)


@dataclass(frozen=True, slots=True)
class _Whose:
    name: str
    number: str
    currency: str
    handoff_from: date | None


@dataclass(frozen=True, slots=True)
class _Open:
    id: int
    number: str
    issued_on: date
    due_on: date
    open_minor: int
    kind: InvoiceKind = InvoiceKind.INVOICE


def _sample_invoices(day: date) -> list[_Open]:
    return [
        _Open(1042, "2026-1042", day - timedelta(days=42), day - timedelta(days=12), 124_050),
        _Open(1051, "2026-1051", day - timedelta(days=33), day - timedelta(days=3), 31_000),
    ]


def _written(draft: Draft, whose: _Whose, invoices: Sequence[_Open], day: date, ours: Business) -> Composed:
    nothing = Money.zero(whose.currency)
    occasion = Occasion(
        wording=draft.wording,
        channel=draft.channel,
        recipient=Recipient.CONTACT,
        language=draft.language,
        name=whose.name,
        account_name=whose.name,
        account_number=whose.number,
        currency=whose.currency,
        on=day,
        parts=[
            Asked(
                each.id,
                each.number,
                each.issued_on,
                each.due_on,
                Money(each.open_minor, whose.currency),
                nothing,
                is_charge=each.kind is InvoiceKind.DEBIT_NOTE,
            )
            for each in invoices
            if draft.wording in ABOUT_INVOICES
        ],
        act_by=day + ACT_DAYS if draft.wording in CHASING else None,
        handoff_from=whose.handoff_from,
    )
    text = Text(draft.subject, draft.body, draft.channel, None, 0)
    common = sample(draft.language)
    further = {name: common[name] for name in usable(draft.wording) if name not in BY_OCCASION}
    return written(occasion, text, ours, link=LINK, further=further)
