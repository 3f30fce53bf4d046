"""Insolvency views: proceedings, claims and dividends as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.insolvencies.dividends import HUNDREDTH
from domain.insolvencies.model import OUTCOME_NAMES, PROCEEDING_NAMES, ProofOfClaim
from domain.insolvencies.queries import Came
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class ProceedingView:
    """A proceeding as a list shows it; `due_on` is the last day for our claim while none was filed."""

    id: int
    account_id: int
    account_name: str
    kind: str
    number: str | None
    court: str | None
    practitioner: str | None
    email: str | None
    phone: str | None
    address: str | None
    started_on: date
    due_on: date | None
    filed_on: date | None
    claimed: Money | None
    outcome: str | None
    closed_on: date | None
    came: Came
    badge: tuple[str, str]

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/insolvencies/{self.id}"


@dataclass(frozen=True, slots=True)
class ProofView:
    """One version of our claim."""

    number: int
    total: Money
    principal: Money
    interest: Money
    costs: Money
    computed: Money
    reason: str | None
    filed_on: date
    document_id: int | None


@dataclass(frozen=True, slots=True)
class DividendView:
    """One dividend: what was declared, and the receipt that brought it; `went_back_on` where it did not stay."""

    id: int
    amount: Money
    hundredths: Decimal | None
    declared_on: date
    is_withdrawn: bool
    is_here: bool
    payment: str | None
    receipt: str | None
    received_on: date | None
    banked_on: date | None
    went_back_on: date | None


def proceeding_view(row: AnyRow, came: Came, day: date) -> ProceedingView:
    """A row of the queries, with what came and what is expected."""
    claimed = None if row.claimed_minor is None else Money(row.claimed_minor, row.currency)
    return ProceedingView(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account_name,
        kind=PROCEEDING_NAMES[row.kind],
        number=row.number,
        court=row.court,
        practitioner=row.practitioner,
        email=row.email,
        phone=row.phone,
        address=row.address,
        started_on=row.started_on,
        due_on=row.proof_due_on,
        filed_on=row.filed_on,
        claimed=claimed,
        outcome=OUTCOME_NAMES[row.outcome] if row.outcome else None,
        closed_on=row.closed_on,
        came=came,
        badge=_badge(row, day),
    )


def proof_view(proof: ProofOfClaim) -> ProofView:
    """A version of the claim."""
    of = proof.currency
    return ProofView(
        number=proof.number,
        total=proof.total,
        principal=Money(proof.principal_minor, of),
        interest=Money(proof.interest_minor, of),
        costs=Money(proof.costs_minor, of),
        computed=Money(proof.computed_minor, of),
        reason=proof.reason,
        filed_on=proof.filed_on,
        document_id=proof.document_id,
    )


def dividend_view(row: AnyRow) -> DividendView:
    """A row of `queries.dividends`."""
    hundredths = None if row.per_million is None else Decimal(row.per_million) / HUNDREDTH
    return DividendView(
        id=row.id,
        amount=Money(row.amount_minor, row.currency),
        hundredths=hundredths,
        declared_on=row.declared_on,
        is_withdrawn=row.withdrawn_at is not None,
        is_here=bool(row.is_here),
        payment=row.public_id,
        receipt=row.receipt_number,
        received_on=row.effective_on,
        banked_on=row.banked_on,
        went_back_on=row.returned_on,
    )


def _badge(row: AnyRow, day: date) -> tuple[str, str]:
    if row.closed_on is not None:
        return "paused", N_("Ended")
    if row.filed_on is not None:
        return "accent", N_("Claim filed")
    if row.proof_due_on is not None and row.proof_due_on < day:
        return "late", N_("Last day for our claim is over")
    return "soon", N_("Claim to be filed")
