"""Booking: post one movement of our balance at the processor, once, against what it came from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.clearing.model import BALANCE_TRANSACTIONS
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, Leg, PostedEntry
from domain.payments.model import Payment
from domain.payments.snapshots import Movement
from domain.shared.clock import day_in
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import business, now
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Against:
    """What a movement is booked against: a ledger account, or the receivable of a customer's account.

    `amount` is signed like the movement's own and in the payer's currency; where the processor settled in another
    one, the entry passes through currency exchange.
    """

    ledger_account: LedgerAccount
    amount: Money
    account_id: int | None = None


def book(
    session: Session, movement: Movement, against: Against, *, kind: EntryKind, payment: Payment | None = None
) -> PostedEntry | None:
    """Post a movement with its fee; None where it was booked before, or is of nothing and costs nothing.

    The amount goes between card clearing and `against`, the fee from card clearing to processor fees. The entry stands
    on the customer's account's stream where `against` names one (whose lock the caller holds), else on the processor's.
    """
    row = {
        "external_id": movement.external_id,
        "category": movement.category,
        "source_ref": movement.source_ref,
        "payment_id": payment.id if payment else None,
        "currency": movement.amount.currency,
        "amount_minor": movement.amount.minor,
        "fee_minor": movement.fee.minor,
        "net_minor": (movement.amount - movement.fee).minor,
        "created_at": movement.created_at,
        "available_on": movement.available_on,
        "recorded_at": now(session),
    }
    if insert_if_new(session, BALANCE_TRANSACTIONS, ("external_id",), row) is None:
        return None
    if not (movement.amount or movement.fee or against.amount):
        return None
    legs = [
        Leg(LedgerAccount.CARD_CLEARING, movement.amount),
        Leg(LedgerAccount.PROCESSOR_FEES, movement.fee),
        Leg(LedgerAccount.CARD_CLEARING, -movement.fee),
        Leg(against.ledger_account, -against.amount, against.account_id),
    ]
    if movement.amount.currency != against.amount.currency:
        legs.append(Leg(LedgerAccount.CURRENCY_EXCHANGE, against.amount))
        legs.append(Leg(LedgerAccount.CURRENCY_EXCHANGE, -movement.amount))
    return ledger.post(
        session,
        kind=kind,
        source=f"balance_transaction:{movement.external_id}",
        effective_on=day_in(movement.created_at, business(session).time_zone),
        legs=legs,
        stream=None if against.account_id is not None else f"processor:{movement.amount.currency.lower()}",
    )
