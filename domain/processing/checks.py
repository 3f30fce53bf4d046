"""Checks: the one question *are the books whole?*, asked of the ledger and of every package that leans on it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.chargebacks.checks import check_chargebacks
from domain.clearing.checks import check_clearing, check_payouts
from domain.collecting.checks import check_collections
from domain.disputes.checks import check_disputes
from domain.insolvencies.checks import check_insolvencies
from domain.invoicing.checks import check_discounts
from domain.late_charges.checks import check_late_charges
from domain.ledger import checks
from domain.ledger.checks import Check
from domain.ledger.findings import Finding
from domain.legal_cases.checks import check_legal_cases
from domain.payments.checks import check_payments
from domain.placements.checks import check_placements
from domain.plans.checks import check_plans
from domain.processing.bank.checks import check_bank
from domain.promises.checks import check_promises
from domain.receivables.checks import check_receivables
from domain.refunds.checks import check_refunds
from domain.remittances.checks import check_remittances
from domain.settlements.checks import check_settlements
from domain.write_offs.checks import check_write_offs


def check_books(session: Session, also: Sequence[Check] = ()) -> list[Finding]:
    """Everything that is wrong, with its place; empty when the books are whole. `also` asks further checks."""
    ours = (
        check_receivables,
        check_payments,
        check_clearing,
        check_payouts,
        check_refunds,
        check_chargebacks,
        check_collections,
        check_bank,
        check_disputes,
        check_promises,
        check_plans,
        check_late_charges,
        check_discounts,
        check_settlements,
        check_placements,
        check_remittances,
        check_legal_cases,
        check_write_offs,
        check_insolvencies,
    )
    return checks.check_books(session, also=(*ours, *also))
