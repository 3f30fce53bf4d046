"""Views: plain values for the back office's templates, made from rows; no template sees an entity or a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.accounts.model import LEGAL_FORM_NAMES
from domain.payments.means import means_of
from domain.payments.model import PAYMENT_NAMES, PaymentMethod, PaymentStatus
from domain.processing.aftermath import NOTHING, Aftermath
from domain.receivables.model import InvoiceKind, InvoiceStatus
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.wording import Subject, SubjectKind
from web.aftermath import aftermath_badge
from web.standing import standing

PAYMENT_KINDS = {
    PaymentStatus.PENDING: "waiting",
    PaymentStatus.REQUIRES_ACTION: "waiting",
    PaymentStatus.PROCESSING: "waiting",
    PaymentStatus.SUCCEEDED: "paid",
    PaymentStatus.FAILED: "failed",
    PaymentStatus.CANCELED: "void",
}
PAYMENT_BADGES = {status: (kind, PAYMENT_NAMES[status]) for status, kind in PAYMENT_KINDS.items()}
"""How each state of a payment is shown to staff."""

METHOD_NAMES = {
    PaymentMethod.CHECKOUT: N_("Card, in the portal"),
    PaymentMethod.SAVED: N_("Saved method, in the portal"),
    PaymentMethod.AUTOMATIC: N_("Automatic payment"),
    PaymentMethod.CHEQUE: N_("Cheque"),
    PaymentMethod.TRANSFER: N_("Bank transfer"),
    PaymentMethod.CASH: N_("Cash"),
    PaymentMethod.IMPORTED: N_("Imported"),
    PaymentMethod.AGENT: N_("Paid to a partner"),
}
"""What each way of paying is called."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """The account that a page is about."""

    id: int
    number: str
    name: str
    currency: str
    legal_form: str
    language: str
    time_zone: str
    country: str | None
    email: str | None
    phone: str | None
    address: str | None
    terms_days: int

    @property
    def path(self) -> str:
        """Where its pages begin."""
        return f"/accounts/{self.id}"

    def href(self, subject: Subject | None) -> str | None:
        """The page of the paper behind a movement; None for what has no page."""
        if subject is None or subject.kind is SubjectKind.CREDIT_NOTE:
            return None
        if subject.kind is SubjectKind.PAYMENT:
            return f"/payments/{subject.key}"
        return f"{self.path}/invoices/{subject.key}"


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice in a list or on its own page."""

    id: int
    number: str
    issued_on: date
    due_on: date
    amount: Money
    tax: Money
    open: Money
    description: str | None
    purchase_order: str | None
    delivered_on: date | None
    badge: tuple[str, Words]
    is_void: bool
    may_be_charged: bool
    """Whether a debit note can be charged on top of it."""


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment in a list or on its own page."""

    public_id: str
    account_id: int
    badge: tuple[str, Words]
    method: str
    amount: Money
    at: datetime
    effective_on: date | None
    receipt_number: str | None
    means: Words | None
    failure: str | None


def account_view(row: AnyRow) -> AccountView:
    """A row of the accounts as pages want it."""
    return AccountView(
        id=row.id,
        number=row.number,
        name=row.name,
        currency=row.currency,
        legal_form=LEGAL_FORM_NAMES[row.legal_form],
        language=row.language,
        time_zone=row.time_zone,
        country=row.country,
        email=row.email,
        phone=row.phone,
        address=row.address,
        terms_days=row.terms_days,
    )


def invoice_view(row: AnyRow, today: date) -> InvoiceView:
    """A row of `receivables.queries` as its template wants it."""
    return InvoiceView(
        id=row.id,
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        amount=Money(row.amount_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        open=Money(row.open_minor, row.currency),
        description=row.description,
        purchase_order=row.purchase_order,
        delivered_on=row.delivered_on,
        badge=standing(row, today),
        is_void=row.status is InvoiceStatus.VOID,
        may_be_charged=row.status is InvoiceStatus.ISSUED and row.kind is InvoiceKind.INVOICE,
    )


def payment_view(row: AnyRow, became: Aftermath = NOTHING) -> PaymentView:
    """A payment, and what became of it, as its template wants it; takes a row of the lists or the payment itself."""
    kind, words = PAYMENT_BADGES[row.status]
    amount = Money(row.amount_minor, row.currency)
    return PaymentView(
        public_id=row.public_id,
        account_id=row.account_id,
        badge=aftermath_badge(amount, became) or (kind, Words.of(words)),
        method=METHOD_NAMES[row.method],
        amount=amount,
        at=row.occurred_at or row.created_at,
        effective_on=row.effective_on,
        receipt_number=row.receipt_number,
        means=means_of(row.method, row.means),
        failure=row.failure,
    )
