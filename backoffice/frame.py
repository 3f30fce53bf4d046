"""Frame: what stands around every part of an account's page: who it is, where it stands, what waits or stops us."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from backoffice.assignment_views import keeper_context
from backoffice.relation_views import guarantor_views, related_views
from backoffice.views import AccountView, account_view
from backoffice.wording import Doer, with_doers
from domain.accounts import queries as accounts
from domain.collecting import queries as collecting
from domain.credit.standing import standing_of
from domain.disputes.ageing import disputed
from domain.notes import queries as notes
from domain.placements.acting import acting
from domain.policies.ruling import RuleBook
from domain.policies.sections import DueRule
from domain.policies.told_sentences import TOLD_PHRASES
from domain.receivables import queries as receivables
from domain.receivables.ageing import ageing_of
from domain.shared.actor import ActorKind
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.agreements import agreements
from domain.stops import queries as stops
from domain.stops.model import BY_STAFF, STOP_NAMES, StopKind
from domain.tasks import queries as tasks

STOP_PAGES = {
    StopKind.CHARGEBACK: "/chargebacks/{}",
    StopKind.DISPUTE: "/disputes/{}",
    StopKind.PROMISE: "/promises/{}",
    StopKind.OFFER: "/settlements/{}",
    StopKind.PLAN: "/plans/{}",
    StopKind.PLAN_BEARING: "/plans/{}",
    StopKind.PLACEMENT: "/handoffs/{}",
    StopKind.JUDGMENT: "/cases/{}",
    StopKind.WRITE_OFF: "/write-offs/{}",
    StopKind.INSOLVENCY: "/insolvencies/{}",
}
"""Where what a stop belongs to has its page."""


@dataclass(frozen=True, slots=True)
class StopView:
    """Something that holds us back: its words, who set it, why or whose page says why, and what it is about."""

    id: int
    kind: StopKind
    words: str
    href: str | None
    why: str | None
    is_by_staff: bool
    by: Doer
    since: date
    until: date | None
    invoice_id: int | None
    number: str | None
    amount: Money | None


@dataclass(frozen=True, slots=True)
class StopLine:
    """What holds us back as one line: the same thing of several invoices once, with all of them."""

    stop: StopView
    invoices: Sequence[tuple[int, str]]
    amount: Money | None


def frame(session: Session, account_id: int, part: str) -> dict[str, object]:
    """The context of one part of the account's page; NotFound where there is no such account."""
    account = account_view(accounts.account(session, account_id))
    day = today(session)
    stopped = _stopped(session, account_id, account.currency)
    return {
        "account": account,
        "part": part,
        "due": _due(session, account),
        "totals": receivables.totals(session, account_id, account.currency),
        "ageing": ageing_of(session, account_id, day),
        "agreed": agreements(session, account_id, account.currency),
        "disputed": Money.sum(disputed(session, day, account_id).get(account.currency, {}).values(), account.currency),
        "waiting": tasks.tasks_of(session, account_id),
        "credit_holds": standing_of(session, account_id).holds,
        "stopped": stopped,
        "stop_lines": stop_lines(stopped),
        "acting": acting(session, account_id),
        "taken_next": _taken_next(session, account_id),
        "contacts": accounts.contacts(session, account_id),
        "keeper": keeper_context(session, account_id),
        "tags": notes.tags_of(session, account_id),
        "guarantors": guarantor_views(session, account_id, account.currency),
        "related": related_views(session, account_id),
    }


def stop_lines(stopped: Sequence[StopView]) -> list[StopLine]:
    """What holds us back, each thing once: first what holds the whole account."""
    together: dict[object, list[StopView]] = defaultdict(list)
    for stop in sorted(stopped, key=lambda stop: stop.invoice_id is not None):
        whole = stop.id if stop.invoice_id is None else None
        together[stop.kind, stop.href, stop.why, stop.since, stop.until, whole].append(stop)
    return [
        StopLine(
            each[0],
            [(stop.invoice_id, stop.number or "") for stop in each if stop.invoice_id is not None],
            Money.sum(amounts, amounts[0].currency)
            if (amounts := [one.amount for one in each if one.amount])
            else None,
        )
        for each in together.values()
    ]


def _due(session: Session, account: AccountView) -> Sequence[Words]:
    """When its next invoice is due: by the version that would govern it, else by the account's own days."""
    governing = RuleBook(session, [account.id]).governing(account.id, today(session))
    terms = governing.sections.terms if governing else None
    if terms is None or terms.rule is DueRule.ACCOUNT:
        return [Words.of(N_("Payment is due within {n} days."), n=account.terms_days)]
    return [words for phrase in TOLD_PHRASES["terms"] for words in phrase.says(terms, account.currency)]


def entered(session: Session, account_id: int) -> AccountView:
    """The account alone, for pages that are about something on it."""
    return account_view(accounts.account(session, account_id))


def _taken_next(session: Session, account_id: int) -> Words | None:
    """What automatic payment is about: the next money that it takes; None where it is off."""
    running = collecting.running(session, account_id)
    if running is None:
        return None
    coming = collecting.coming(session, account_id)
    if not coming:
        return Words.of(N_("Automatic payment is on; nothing is open"))
    first = coming[0]
    return Words.of(N_("{amount} on {day} from {method}"), amount=first.amount, day=first.day, method=first.row.method)


def _page_of(kind: StopKind, source: str) -> str | None:
    """Where what a stop belongs to has its page; None for what staff have set by hand."""
    owner, _, number = source.partition(":")
    return None if kind not in STOP_PAGES or owner == ActorKind.STAFF else STOP_PAGES[kind].format(number)


def _stopped(session: Session, account_id: int, currency: str) -> list[StopView]:
    rows = stops.live(session, account_id)
    numbers = receivables.numbers(session, {row.invoice_id for row in rows if row.invoice_id is not None})
    return [
        StopView(
            id=row.id,
            kind=row.kind,
            words=STOP_NAMES[row.kind],
            href=_page_of(row.kind, row.source),
            why=row.why,
            is_by_staff=row.kind in BY_STAFF,
            by=by,
            since=row.from_on,
            until=row.until_on,
            invoice_id=row.invoice_id,
            number=numbers.get(row.invoice_id),
            amount=Money(row.amount_minor, currency) if row.amount_minor else None,
        )
        for row, by in with_doers(session, rows)
    ]
