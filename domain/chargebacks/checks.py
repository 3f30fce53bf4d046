"""Checks: what chargebacks took from accounts is what the processor moved, and what is over holds nothing up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session, aliased

from domain.chargebacks.model import Chargeback, ChargebackMovement
from domain.chargebacks.states import OPEN
from domain.ledger.findings import Finding
from domain.receivables.model import CreditItem, CreditKind, Invoice, OwedAgain, Withdrawal, WithdrawalKind
from domain.stops.model import Stop, StopKind, StopLift

MOVED = (
    select(Chargeback.chargeback_ref, func.sum(ChargebackMovement.amount_minor).label("minor"))
    .join(ChargebackMovement, ChargebackMovement.chargeback_id == Chargeback.id)
    .where(Chargeback.account_id.is_not(None))
    .group_by(Chargeback.chargeback_ref)
)
UNDONE = aliased(Withdrawal)
SOURCE = func.coalesce(UNDONE.source, Withdrawal.source)
WITHDRAWN = (
    select(SOURCE, func.sum(Withdrawal.amount_minor))
    .outerjoin(UNDONE, UNDONE.id == Withdrawal.reverses_id)
    .where(Withdrawal.kind == WithdrawalKind.CHARGEBACK, SOURCE.startswith("chargeback:"))
    .group_by(SOURCE)
)
OWED_AGAIN = (
    select(OwedAgain.source, func.sum(Invoice.amount_minor))
    .join(Invoice, Invoice.id == OwedAgain.invoice_id)
    .where(OwedAgain.source.startswith("chargeback:"))
    .group_by(OwedAgain.source)
)
REINSTATED = (
    select(literal("chargeback:").concat(Chargeback.chargeback_ref), -func.sum(CreditItem.amount_minor))
    .join(ChargebackMovement, ChargebackMovement.chargeback_id == Chargeback.id)
    .join(CreditItem, CreditItem.source == literal("balance_transaction:").concat(ChargebackMovement.external_id))
    .where(CreditItem.kind == CreditKind.REINSTATED)
    .group_by(Chargeback.chargeback_ref)
)
OUTLIVED = (
    select(Stop.id, Stop.source)
    .outerjoin(StopLift, StopLift.stop_id == Stop.id)
    .join(Chargeback, Stop.source == literal("chargeback:").concat(Chargeback.chargeback_ref))
    .where(Stop.kind == StopKind.CHARGEBACK, StopLift.id.is_(None), Chargeback.state.not_in(OPEN))
    .order_by(Stop.id)
)


def check_chargebacks(session: Session) -> Iterator[Finding]:
    """Everything that does not add up between chargebacks, the credit they took, and the register of stops."""
    yield from _amounts(session)
    yield from _stops(session)


def _amounts(session: Session) -> Iterator[Finding]:
    expected = {f"chargeback:{row.chargeback_ref}": -int(row.minor) for row in session.execute(MOVED)}
    gone: dict[str, int] = defaultdict(int)
    for taken in (WITHDRAWN, OWED_AGAIN, REINSTATED):
        for source, minor in session.execute(taken):
            gone[source] += int(minor)
    for source in sorted(expected.keys() | gone.keys()):
        if expected.get(source, 0) != gone.get(source, 0):
            words = "a chargeback took another amount from its account than the processor moved"
            yield Finding("chargeback", source, words, str(expected.get(source, 0)), str(gone.get(source, 0)))


def _stops(session: Session) -> Iterator[Finding]:
    for row in session.execute(OUTLIVED):
        yield Finding(
            "chargeback_stop", row.source, "a chargeback is over, and still holds things up", "lifted", "live"
        )
