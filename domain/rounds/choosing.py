"""Choosing: what somebody could pay over several accounts, and what of it they want to pay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.accounts.queries import OwnAccount
from domain.invoicing.early_discounts import Offer
from domain.payments import queries as payments
from domain.payments.discount_quotes import offered_on
from domain.receivables import queries as receivables
from domain.receivables.held import DISPUTED, ON_PLAN, held_parts
from domain.receivables.model import Invoice, InvoiceStatus
from domain.rounds.queries import NO_MORE
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today
from domain.shared.errors import N_, Invalid, NotFound
from domain.shared.money import Money
from domain.stops.model import StopKind

NOT_ASKED = DISPUTED | ON_PLAN | {StopKind.OFFER, StopKind.INSOLVENCY}
"""The stops over what nobody asks for: disputed, paid by a plan, offered to be settled, or owed by an insolvent."""
MOST_SHOWN = 50
"""Open invoices of one account that are shown to be chosen, the longest due first."""


@dataclass(frozen=True, slots=True)
class Owing:
    """An account with something to pay that a login may pay.

    `open` and `late` are without what is `disputed`, paid by a plan, or offered to be settled for less.
    """

    account: OwnAccount
    open: Money
    late: Money
    disputed: Money


@dataclass(frozen=True, slots=True)
class PlannedInvoice:
    """So much is to be paid of an invoice: what is open without what is `disputed` and what an `offer` takes off."""

    id: int
    number: str
    amount: Money
    disputed: Money
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be paid for one account, of each invoice but for those that `claims` are of."""

    account: OwnAccount
    invoices: tuple[PlannedInvoice, ...]
    claimed: tuple[AnyRow, ...]
    claims: tuple[AnyRow, ...]

    @property
    def total(self) -> Money:
        """What its payment comes to."""
        return Money.sum((each.amount for each in self.invoices), self.account.currency)


def owing(session: Session, login_id: int) -> list[Owing]:
    """The accounts for which this login may pay and where something is open and not disputed: late first, by name."""
    own = _payable(session, login_id)
    owed = receivables.owed_by_account(session, list(own))
    left_out, disputed = _not_asked(session, list(own)), held_parts(session, list(own), DISPUTED)
    found = []
    for account in own.values():
        still_open, late = owed.get(account.id, (0, 0))
        parts = [(row, part.minor) for row, part in left_out if row.account_id == account.id]
        out, out_late = sum(part for _, part in parts), sum(part for row, part in parts if row.due_on < today(session))
        contested = sum(disputed[row.id].minor for row, _ in parts if row.id in disputed)
        amounts = (still_open - out, late - out_late, contested)
        found.append(Owing(account, *(Money(minor, account.currency) for minor in amounts)))
    return sorted((each for each in found if each.open), key=lambda each: not each.late)


def open_invoices(session: Session, login_id: int, account_ids: Collection[int]) -> dict[OwnAccount, AnyRows]:
    """The first open invoices of each of these accounts, the longest due first; NotFound where they may not pay."""
    chosen = _own(session, login_id, account_ids)
    place = func.row_number().over(partition_by=Invoice.account_id, order_by=(Invoice.due_on, Invoice.id))
    ranked = (
        select(*receivables.COLUMNS, place.label("place"))
        .where(Invoice.account_id.in_(chosen), Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
        .subquery()
    )
    found: dict[int, list[AnyRow]] = defaultdict(list)
    query = select(ranked).where(ranked.c.place <= MOST_SHOWN).order_by(ranked.c.due_on, ranked.c.id)
    for row in session.execute(query):
        found[row.account_id].append(row)
    return {account: found[account.id] for account in chosen.values()}


def due(session: Session, account_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """What is due until today on accounts that have been looked up before: its sum in minor units, and how many.

    What is disputed is left out, what is paid by a plan, and what is offered to be settled for less.
    """
    rows = session.execute(
        select(Invoice.account_id, func.sum(Invoice.open_minor), func.count())
        .where(
            Invoice.account_id.in_(account_ids),
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.due_on <= today(session),
        )
        .group_by(Invoice.account_id)
    )
    found = {account_id: (int(minor), count) for account_id, minor, count in rows}
    for row, part in _not_asked(session, account_ids, Invoice.due_on <= today(session)):
        minor, count = found[row.account_id]
        found[row.account_id] = (minor - part.minor, count - (part.minor == row.open_minor))
    return {account_id: (minor, count) for account_id, (minor, count) in found.items() if minor}


def plan(
    session: Session,
    login_id: int,
    *,
    all_due_of: Collection[int] = (),
    invoice_ids: Collection[int] = (),
    at_most: Mapping[int, Money] = NO_MORE,
) -> list[Planned]:
    """What is to be paid where somebody wants all that is due of some accounts, and these invoices.

    What is settled meanwhile is left out, and what nobody asks for; an invoice of which nothing is asked for is paid
    whole by who names it, but for those of `at_most`, which is as in `queries.items`. Raises NotFound for what they may
    not pay, Invalid when nothing is left or when it is too much for one payment.
    """
    own = _payable(session, login_id)
    if not own.keys() >= set(all_due_of):
        raise NotFound(accounts.NO_SUCH_ACCOUNT)
    due = _issued(session, Invoice.account_id.in_(all_due_of), Invoice.due_on <= today(session), Invoice.open_minor > 0)
    named = _issued(session, Invoice.id.in_(invoice_ids))
    if {row.id for row in named} != set(invoice_ids) or not own.keys() >= {row.account_id for row in named}:
        raise NotFound(receivables.NO_SUCH_INVOICE)
    parts = {row.id: part for row, part in _not_asked(session, {row.account_id for row in (*due, *named)})}
    undisputed = [row for row in due if row.id not in parts or parts[row.id].minor < row.open_minor]
    wanted = {row.id: row for row in (*undisputed, *named) if row.open_minor and at_most.get(row.id, row.open_minor)}
    claims = {claim.invoice_id: claim for claim in payments.live_claims(session, wanted)}
    offers = offered_on(session, {row.id: row.account_id for row in wanted.values()})
    planned = [_planned(account, wanted.values(), claims, parts, offers, at_most) for account in own.values()]
    found = [each for each in planned if each.invoices or each.claimed]
    if not any(each.invoices for each in found):
        raise Invalid(N_("Choose at least one invoice that nobody is paying."))
    for each in found:
        if len(each.invoices) > receivables.MOST_AT_ONCE:
            raise Invalid(
                N_("One payment can settle {most} invoices. Choose fewer of {account}."),
                most=receivables.MOST_AT_ONCE,
                account=each.account.name,
            )
    return found


def _planned(
    account: OwnAccount,
    rows: Collection[AnyRow],
    claims: Mapping[int, AnyRow],
    disputed: Mapping[int, Money],
    offers: Mapping[int, Offer],
    at_most: Mapping[int, Money],
) -> Planned:
    of_account = sorted((row for row in rows if row.account_id == account.id), key=lambda row: (row.due_on, row.id))
    return Planned(
        account,
        tuple(
            _invoice(row, disputed.get(row.id), offers.get(row.id), at_most.get(row.id))
            for row in of_account
            if row.id not in claims
        ),
        tuple(row for row in of_account if row.id in claims),
        tuple(claims[row.id] for row in of_account if row.id in claims),
    )


def _invoice(row: AnyRow, disputed: Money | None, offer: Offer | None, at_most: Money | None) -> PlannedInvoice:
    """What is to be paid of an invoice: all that is open, but for a part that is disputed, less its early discount.

    No more than `at_most`, where that is all that is asked of it.
    """
    still_open, none = Money(row.open_minor, row.currency), Money.zero(row.currency)
    left_out = none if disputed is None or disputed == still_open else disputed
    undisputed = still_open - left_out if at_most is None else min(still_open, at_most)
    return PlannedInvoice(row.id, row.number, min(offer.settles, undisputed) if offer else undisputed, left_out, offer)


def _not_asked(
    session: Session, account_ids: Collection[int], *which: ColumnElement[bool]
) -> list[tuple[AnyRow, Money]]:
    """The open invoices of these accounts of which something is not asked for, with how much of what is open."""
    parts = held_parts(session, account_ids, NOT_ASKED)
    return [(row, parts[row.id]) for row in _issued(session, Invoice.id.in_(parts), *which)]


def _payable(session: Session, login_id: int) -> dict[int, OwnAccount]:
    return {each.id: each for each in accounts.accounts_of(session, login_id) if Right.PAY in each.rights}


def _own(session: Session, login_id: int, account_ids: Collection[int]) -> dict[int, OwnAccount]:
    own = _payable(session, login_id)
    if not own.keys() >= set(account_ids):
        raise NotFound(accounts.NO_SUCH_ACCOUNT)
    return {key: each for key, each in own.items() if key in set(account_ids)}


def _issued(session: Session, *which: ColumnElement[bool]) -> Sequence[AnyRow]:
    return session.execute(select(*receivables.COLUMNS).where(Invoice.status == InvoiceStatus.ISSUED, *which)).all()
