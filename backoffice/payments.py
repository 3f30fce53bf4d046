"""Payments: all of them, newest first, and everything that is known of one."""

from __future__ import annotations

from datetime import date

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.chargebacks import chargeback_view
from backoffice.frame import entered
from backoffice.given import PublicId
from backoffice.refund_views import refund_view
from backoffice.views import PAYMENT_BADGES, payment_view
from backoffice.wording import with_doers
from domain.accounts import queries as accounts
from domain.chargebacks import queries as contested
from domain.chargebacks.states import OTHER_WARNING, WARNING_NAMES
from domain.clearing import queries as clearing
from domain.ledger.chart import CHART
from domain.ledger.reading import entries_of
from domain.payments import listing, slips
from domain.payments import queries as payments
from domain.payments.model import BY_HAND, AttemptState, PaymentStatus
from domain.processing import aftermath
from domain.processing.receipts.returning import RETURN_REASONS
from domain.receivables import credits
from domain.receivables.model import CreditKind
from domain.refunds import queries as refunds
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
ATTEMPT_WORDS = {
    AttemptState.PREPARED: N_("prepared"),
    AttemptState.SENT: N_("sent, no answer yet"),
    AttemptState.UNKNOWN: N_("outcome unknown, being found out"),
    AttemptState.ANSWERED: N_("answered"),
}
"""What we know of a request to the processor."""


@get("/payments", guards=admit(Permission.SEE_PAYMENTS), sync_to_thread=True)
def list_payments(
    request: AnyRequest,
    database: GivenDatabase,
    status: FromQuery[str] = "",
    before: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Payments of all accounts."""
    wanted = PaymentStatus(status) if status in set(PaymentStatus) else None
    with database.reading() as session:
        rows = listing.payments(session, status=wanted, before=before, limit=PAGE + 1)
        labels = accounts.labels(session, {row.account_id for row in rows})
        became = aftermath.aftermath_of(session, [row.id for row in rows[:PAGE]])
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {
        "payments": [(payment_view(row, became[row.id]), labels[row.account_id]) for row in rows[:PAGE]],
        "older": last and with_query("/payments", status=wanted and wanted.value, before=last.id),
        "filters": [(N_("All"), "/payments", wanted is None, None)]
        + [
            (words, with_query("/payments", status=one.value), one is wanted, None)
            for one, (_, words) in PAYMENT_BADGES.items()
        ],
    }
    return page(request, "backoffice/payments/list.html", context)


@get("/payments/{public_id:str}", guards=admit(Permission.SEE_PAYMENTS), sync_to_thread=True)
def show_payment(request: AnyRequest, database: GivenDatabase, public_id: PublicId) -> Response[bytes]:
    """One payment: what it was meant for and settled, each request and change, its entries, the processor's names."""
    with database.reading() as session:
        payment = payments.by_public_id(session, public_id)
        changes = listing.changes(session, payment.id)
        movements = clearing.movements_of_payment(session, payment.id)
        sources = [
            f"payment:{public_id}",
            f"return:{public_id}",
            *(f"balance_transaction:{row.external_id}" for row in movements),
        ]
        settled = payments.settled(session, public_id)
        context = {
            "account": entered(session, payment.account_id),
            "payment": payment_view(payment, aftermath.aftermath_of(session, [payment.id])[payment.id]),
            "left": credits.left_of(session, CreditKind.PAYMENT, public_id, payment.currency),
            "meant": [(row, Money(row.amount_minor, payment.currency)) for row in payments.lines(session, payment.id)],
            "settled": [(row, Money(row.amount_minor, payment.currency)) for row in settled],
            "chargebacks": [chargeback_view(session, row) for row in contested.of_payment(session, payment.id)],
            "warnings": [
                (row, WARNING_NAMES.get(row.kind, OTHER_WARNING)) for row in contested.warnings_of(session, payment.id)
            ],
            "attempts": [(row, ATTEMPT_WORDS[row.state]) for row in listing.attempts(session, payment.id)],
            "changes": [
                (row, PAYMENT_BADGES[row.after], who)
                for row, who in with_doers(session, changes)
                if payment.method not in BY_HAND or row.after is not PaymentStatus.PENDING
            ],
            "slip": slips.slip_of(session, payment.id),
            "returned": _returned(session, payment.id),
            "may_be_returned": payment.method in BY_HAND and slips.return_of(session, payment.id) is None,
            "entries": [
                (entry, [(CHART[leg.ledger_account].name, leg.amount) for leg in entry.legs])
                for entry in entries_of(session, sources)
            ],
            "movements": [
                (row, *(Money(minor, row.currency) for minor in (row.amount_minor, row.fee_minor, row.net_minor)))
                for row in movements
            ],
            "refunds": [refund_view(row) for row in refunds.of_payment(session, payment.id)],
            "refundable": aftermath.refundable(session, payment),
            "names": [
                (N_("Ours"), payment.public_id),
                (N_("Checkout Session"), payment.checkout_id),
                (N_("Payment intent"), payment.intent_id),
                (N_("Charge"), payment.charge_id),
            ],
        }
    return page(request, "backoffice/payments/show.html", context)


def _returned(session: Session, payment_id: int) -> tuple[date, str] | None:
    """When and why a receipt came back; the reason is ours, a message id, or the bank's own words."""
    found = slips.return_of(session, payment_id)
    if found is None:
        return None
    ours = {reason.value: words for reason, words in RETURN_REASONS.items()}
    return found.returned_on, ours.get(found.reason, found.reason)
