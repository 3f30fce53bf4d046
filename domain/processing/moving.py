"""Moving: unapplied credit goes from one account to another, by two entries through *transfers in transit*."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, Leg, PostedEntry, credit, debit
from domain.processing.applying import settle_surplus
from domain.receivables import allocating, credits, withdrawing
from domain.receivables.model import CreditItem, CreditKind, CreditMove, WithdrawalKind
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money


def check_credit_move(session: Session, from_account_id: int, to_account_id: int, amount: Money) -> None:
    """Raise Invalid, NotFound or Conflict where credit cannot be moved this way; change nothing."""
    source, target = (accounts.account(session, one) for one in (from_account_id, to_account_id))
    if source.id == target.id:
        raise Invalid(N_("Choose another account."), field="account")
    if source.currency != target.currency or amount.currency != source.currency:
        raise Invalid(
            N_("{account} is kept in {currency}: credit stays in its currency."),
            field="account",
            account=target.name,
            currency=target.currency,
        )
    there = credits.unapplied(session, from_account_id, source.currency)
    if amount.minor <= 0 or amount > there:
        raise Invalid(N_("Enter an amount up to {credit}."), field="amount", credit=there)


def nobody_sees_both(session: Session, one: int, other: int) -> bool:
    """Whether no login may see both accounts: then they are hardly of one customer, and a person should look twice."""
    return not {row.id for row in accounts.logins_on(session, one)} & {
        row.id for row in accounts.logins_on(session, other)
    }


def move_credit(
    session: Session, from_account_id: int, to_account_id: int, amount: Money, *, reason: str, actor: Actor
) -> CreditMove:
    """Move unapplied credit to another account in the same currency, the oldest credit first, as of today.

    Both accounts are locked, in ascending id. It arrives as credit: which invoices it settles there is another act.
    """
    locked = {one: accounts.lock(session, one) for one in sorted({from_account_id, to_account_id})}
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    check_credit_move(session, from_account_id, to_account_id, amount)
    move = CreditMove(
        from_account_id=from_account_id,
        to_account_id=to_account_id,
        currency=amount.currency,
        amount_minor=amount.minor,
        reason=reason.strip(),
        moved_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(move)
    session.flush()
    settle_surplus(session, _withdraw(session, from_account_id, move))
    out, into = _post(session, move)
    allocating.add_credit(
        session,
        locked[to_account_id],
        kind=CreditKind.MOVED,
        source=move.source,
        amount=amount,
        effective_on=today(session),
    )
    source, target = locked[from_account_id], locked[to_account_id]
    _record(session, move, "credit.moved_out", out, source, target, actor)
    _record(session, move, "credit.moved_in", into, target, source, actor)
    return move


def _withdraw(session: Session, account_id: int, move: CreditMove) -> Collection[CreditItem]:
    """Take it from the oldest credit first."""
    items, rest = credits.unapplied_items(session, account_id), move.amount
    for item in items:
        part = min(rest, item.unapplied)
        if part:
            withdrawing.withdraw(session, item, part, kind=WithdrawalKind.MOVED, source=move.source)
            rest -= part
    if rest:
        raise Conflict(N_("There is only {credit} of credit to move."), credit=move.amount - rest)
    return items


def _post(session: Session, move: CreditMove) -> tuple[PostedEntry, PostedEntry]:
    """No entry touches two accounts: one takes it out, the other brings it in."""

    def post(kind: EntryKind, *legs: Leg) -> PostedEntry:
        return ledger.post(session, kind=kind, source=move.source, effective_on=today(session), legs=legs)

    in_transit = LedgerAccount.TRANSFERS_IN_TRANSIT
    out = post(
        EntryKind.CREDIT_MOVED_OUT,
        debit(LedgerAccount.RECEIVABLE, move.amount, account_id=move.from_account_id),
        credit(in_transit, move.amount),
    )
    into = post(
        EntryKind.CREDIT_MOVED_IN,
        debit(in_transit, move.amount),
        credit(LedgerAccount.RECEIVABLE, move.amount, account_id=move.to_account_id),
    )
    return out, into


def _record(
    session: Session, move: CreditMove, act: str, entry: PostedEntry, account: Account, other: Account, actor: Actor
) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("credit_move", move.id),
        account_id=account.id,
        entry_id=entry.id,
        after={"amount": move.amount, "name": other.name, "number": other.number, "why": move.reason},
    )
