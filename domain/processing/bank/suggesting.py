"""Bank suggesting: what each waiting line probably is, as things stand now, and accepting one or all sure of these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.banking import queries
from domain.banking.files import FileLine
from domain.banking.matching import Matcher
from domain.banking.suggestions import Confidence, Kind, Suggestion
from domain.payments.model import Payment
from domain.processing.bank import booking, linking
from domain.processing.bank.booking import Part
from domain.processing.bank.candidates import candidates_for
from domain.receivables.model import Invoice
from domain.refunds.model import Refund
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, NotFound, Refused
from domain.shared.money import Money
from domain.shared.words import Words

MOST_AT_ONCE = 1_000
"""Lines that are looked at together for what is sure."""
NO_LONGER = N_("Things have changed since this was suggested. Look at the line again.")
OVER_SEVERAL = N_("The invoices are of several accounts and do not add up to the line: split it by hand.")
ACCOUNTS_OF: dict[Kind, Select[tuple[int]]] = {
    Kind.INVOICE_PAYMENT: select(Invoice.account_id),
    Kind.RECORDED_RECEIPT: select(Payment.account_id),
    Kind.RETURNED_RECEIPT: select(Payment.account_id),
    Kind.REFUND: select(Refund.account_id),
}
IDS = {
    Kind.INVOICE_PAYMENT: Invoice.id,
    Kind.RECORDED_RECEIPT: Payment.id,
    Kind.RETURNED_RECEIPT: Payment.id,
    Kind.REFUND: Refund.id,
}
"""Where the accounts of what is suggested stand."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many lines are surely something, probably something, and nothing that we know."""

    sure: int
    suggested: int
    left: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of suggestions that were accepted together: lines booked, their sums, and why others were not."""

    booked: tuple[int, ...]
    sums: tuple[Money, ...]
    refused: tuple[tuple[int, Words], ...]


def suggestions(session: Session, rows: Sequence[AnyRow], *, only_sure: bool = False) -> dict[int, list[Suggestion]]:
    """What each of these lines may be, the surest first, by the line's id; lines told first come first.

    With `only_sure` others than sure ones may be missing: less is looked up for many lines.
    """
    found: dict[int, list[Suggestion]] = {}
    by_currency: dict[str, list[tuple[int, FileLine]]] = defaultdict(list)
    for row in sorted(rows, key=lambda each: each.id):
        by_currency[row.currency].append((row.id, queries.file_line(row)))
    for of_currency in by_currency.values():
        lines = [line for _, line in of_currency]
        suggested = Matcher(candidates_for(session, lines, only_sure=only_sure)).suggest_all(lines)
        found.update(zip((line_id for line_id, _ in of_currency), suggested, strict=True))
    return found


def tally(session: Session, import_ids: Sequence[int]) -> Tally:
    """How well the open lines of these imports are matched."""
    sure = suggested = left = 0
    after = 0
    while rows := queries.open_lines(session, import_ids=import_ids, after=after, limit=MOST_AT_ONCE):
        for each in suggestions(session, rows).values():
            if not each:
                left += 1
            elif each[0].confidence is Confidence.SURE:
                sure += 1
            else:
                suggested += 1
        after = rows[-1].id
    return Tally(sure, suggested, left)


def sure_ones(session: Session) -> list[tuple[AnyRow, Suggestion]]:
    """The open lines of which we are sure, among the thousand that wait longest."""
    rows = queries.open_lines(session, limit=MOST_AT_ONCE)
    found = suggestions(session, rows, only_sure=True)
    return [(row, found[row.id][0]) for row in rows if found[row.id] and found[row.id][0].confidence is Confidence.SURE]


def key_of(suggestion: Suggestion) -> str:
    """By what a suggestion is known again, such as `invoice_payment:7=1200,9=300` or `payout:4`."""
    parts = dict(suggestion.allocations)
    targets = (f"{each}={parts[each].minor}" if each in parts else str(each) for each in suggestion.targets)
    return f"{suggestion.kind.value}:{','.join(targets)}"


def accept(session: Session, line_id: int, key: str, *, actor: Actor, only_sure: bool = False) -> Suggestion:
    """Book an open line as what was suggested; Conflict where that no longer fits, or is not `sure` any more.

    What is suggested is found again under the locks of its accounts, so that nothing is paid that was paid meanwhile.
    """
    for account_id in _accounts_of(session, key):
        accounts.lock(session, account_id)
    row = queries.line(session, line_id)
    suggestion = next((each for each in suggestions(session, [row])[row.id] if key_of(each) == key), None)
    if suggestion is None or (only_sure and suggestion.confidence is not Confidence.SURE):
        raise Conflict(NO_LONGER)
    _book(session, row, suggestion, actor)
    return suggestion


def accept_all(database: Database, keys: Mapping[int, str], *, actor: Actor) -> Accepted:
    """Book lines, by their ids, as what was surely suggested; each by itself, so that one refusal stops no other."""
    booked: list[int] = []
    sums: dict[str, Money] = {}
    refused: list[tuple[int, Words]] = []
    for line_id, key in keys.items():
        try:
            with database.transaction() as session:
                accept(session, line_id, key, actor=actor, only_sure=True)
                amount = queries.file_line(queries.line(session, line_id)).amount
        except Refused as problem:
            refused.append((line_id, Words.of(problem.text, **problem.params)))
            continue
        booked.append(line_id)
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount
    return Accepted(tuple(booked), tuple(sums.values()), tuple(refused))


def _book(session: Session, row: AnyRow, suggestion: Suggestion, actor: Actor) -> None:
    (first, *_), confidence = suggestion.targets, suggestion.confidence.value
    if suggestion.kind is Kind.RECORDED_RECEIPT:
        booking.book_recorded(session, row.id, suggestion.targets, actor=actor, confidence=confidence)
    elif suggestion.kind is Kind.RETURNED_RECEIPT:
        booking.book_return(session, row.id, first, actor=actor, confidence=confidence)
    elif suggestion.kind is Kind.PAYOUT:
        linking.book_payout(session, row.id, first, actor=actor, confidence=confidence)
    elif suggestion.kind is Kind.REMITTANCE:
        linking.book_remittance(session, row.id, first, actor=actor, confidence=confidence)
    elif suggestion.kind is Kind.REFUND:
        linking.book_refund(session, row.id, first, actor=actor, confidence=confidence)
    else:
        parts = _parts(session, Money(row.amount_minor, row.currency), suggestion)
        booking.book_payments(session, row.id, parts, actor=actor, confidence=confidence)


def _parts(session: Session, amount: Money, suggestion: Suggestion) -> list[Part]:
    """The parts of the accounts; what goes beyond the invoices of one account is its credit."""
    if suggestion.account_id is not None:
        return [Part(suggestion.account_id, amount, dict(suggestion.allocations) or None)]
    owners = dict(
        session.execute(select(Invoice.id, Invoice.account_id).where(Invoice.id.in_(suggestion.targets))).all()
    )
    wanted: dict[int, dict[int, Money]] = defaultdict(dict)
    for invoice_id, part in suggestion.allocations:
        wanted[owners[invoice_id]][invoice_id] = part
    parts = [Part(account_id, Money.sum(of.values(), amount.currency), of) for account_id, of in wanted.items()]
    if Money.sum((part.amount for part in parts), amount.currency) != amount:
        raise Conflict(OVER_SEVERAL)
    return parts


def _accounts_of(session: Session, key: str) -> list[int]:
    """The accounts that a suggestion is about, in ascending order; NotFound for a key that is none."""
    kind, _, told = key.partition(":")
    targets = [each.partition("=")[0] for each in told.split(",")]
    if kind not in set(Kind) or not all(each.isascii() and each.isdigit() and len(each) < 19 for each in targets):
        raise NotFound
    ids = [int(each) for each in targets]
    if kind == Kind.ACCOUNT:
        return sorted(set(ids))
    if kind in (Kind.PAYOUT, Kind.REMITTANCE):
        return []
    owners = ACCOUNTS_OF[Kind(kind)].where(IDS[Kind(kind)].in_(ids))
    return sorted(set(session.scalars(owners)))
