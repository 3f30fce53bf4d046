"""Bank naming: what people call the things that bank lines are, or may be, and the keys of their pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, literal, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.banking.model import BookedAs
from domain.banking.suggestions import Kind, Suggestion
from domain.clearing.model import PAYOUTS
from domain.payments.model import Payment
from domain.receivables.model import Invoice
from domain.refunds.model import Refund
from domain.remittances.model import Remittance
from domain.shared.db.rows import AnyRow

AT_ONCE = 900
INVOICES = select(Invoice.id, Invoice.number.label("words"), Invoice.id.label("key"), Invoice.account_id)
PAYMENTS = select(Payment.id, Payment.receipt_number.label("words"), Payment.public_id.label("key"), Payment.account_id)
PAYOUTS_NAMED = select(PAYOUTS.c.id, PAYOUTS.c.external_id.label("words"), PAYOUTS.c.id.label("key"))
REFUNDS = select(
    Refund.id, Payment.receipt_number.label("words"), Refund.public_id.label("key"), Refund.account_id
).join(Payment, Payment.id == Refund.payment_id)
REMITTANCES = select(Remittance.id, Remittance.reference.label("words"), Remittance.id.label("key"))
REMITTANCE_SOURCE = literal("remittance:") + cast(Remittance.id, String)
QUERIES: Mapping[Kind, tuple[Select[*tuple[Any, ...]], Any]] = {
    Kind.INVOICE_PAYMENT: (INVOICES, Invoice.id),
    Kind.RECORDED_RECEIPT: (PAYMENTS, Payment.id),
    Kind.RETURNED_RECEIPT: (PAYMENTS, Payment.id),
    Kind.PAYOUT: (PAYOUTS_NAMED, PAYOUTS.c.id),
    Kind.REFUND: (REFUNDS, Refund.id),
    Kind.REMITTANCE: (REMITTANCES, Remittance.id),
}
"""How the targets of suggestions are looked up."""
SUBJECTS: Mapping[BookedAs, tuple[Select[*tuple[Any, ...]], Any]] = {
    BookedAs.PAYMENT: (PAYMENTS, Payment.public_id),
    BookedAs.RECORDED_RECEIPT: (PAYMENTS, Payment.public_id),
    BookedAs.RETURN: (PAYMENTS, Payment.public_id),
    BookedAs.PAYOUT: (PAYOUTS_NAMED, PAYOUTS.c.external_id),
    BookedAs.REFUND: (REFUNDS, Refund.public_id),
    BookedAs.REMITTANCE: (REMITTANCES, REMITTANCE_SOURCE),
}
"""How the subjects of bookings are looked up."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a thing is called (None where it bears no number yet), the key of its page, and whose it is."""

    words: str | None
    key: str
    account_id: int | None


@dataclass(frozen=True, slots=True)
class Names:
    """The targets of suggestions by kind and id, and the accounts by their id."""

    targets: Mapping[Kind, Mapping[int, Named]]
    accounts: Mapping[int, AnyRow]


def names_of(session: Session, suggestions: Iterable[Suggestion]) -> Names:
    """The names of everything that is suggested, in a few queries however many suggestions there are."""
    wanted: dict[Kind, set[int]] = defaultdict(set)
    for each in suggestions:
        wanted[each.kind].update(each.targets)
    targets = {kind: _found(session, *QUERIES[kind], ids) for kind, ids in wanted.items() if kind in QUERIES}
    owners = {named.account_id for of_kind in targets.values() for named in of_kind.values()}
    owners |= wanted[Kind.ACCOUNT]
    return Names(targets, accounts.labels(session, {each for each in owners if each is not None}))


def names_of_bookings(session: Session, bookings: Sequence[AnyRow]) -> dict[tuple[BookedAs, str], Named]:
    """The names of what lines were booked as, by kind and subject."""
    wanted: dict[BookedAs, set[str]] = defaultdict(set)
    for each in bookings:
        wanted[each.booked_as].add(each.subject)
    return {
        (kind, subject): named
        for kind, subjects in wanted.items()
        if kind in SUBJECTS
        for subject, named in _found(session, *SUBJECTS[kind], subjects).items()
    }


def _found(session: Session, query: Select[*tuple[Any, ...]], column: Any, keys: Collection[Any]) -> dict[Any, Named]:
    found: dict[Any, Named] = {}
    ordered = sorted(keys)
    for start in range(0, len(ordered), AT_ONCE):
        chosen = query.add_columns(column.label("wanted")).where(column.in_(ordered[start : start + AT_ONCE]))
        for row in session.execute(chosen):
            found[row.wanted] = Named(row.words, str(row.key), getattr(row, "account_id", None))
    return found
