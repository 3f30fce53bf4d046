"""Views: plain values for the portal's templates, made from rows; no template sees an entity or a session."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.invoicing.early_discounts import Offer
from domain.payments.means import means_of
from domain.payments.model import BY_HAND, PaymentStatus
from domain.processing.aftermath import NOTHING, Aftermath
from domain.receivables.model import InvoiceKind, InvoiceStatus, WithdrawalKind
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.agreements import Agreement, Agreements, Kind
from domain.statements.view import Movement
from portal.access import Entered
from portal.links import paper_href
from web.aftermath import aftermath_badge
from web.localisation import Localisation
from web.standing import standing


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
    late_days: int
    badge: tuple[str, Words]
    void: bool
    paying: ClaimView | None
    offer: Offer | None
    disputed: Money
    """How much of what is open is in dispute, and so not asked for."""
    is_late_charge: bool
    """A debit note for paying late, which customers know as a late charge."""
    is_owed_again: bool
    """It stands for money that was taken back, which cannot be disputed here."""
    plan: int | None = None
    """The payment plan by which it is paid, and so not asked for by itself."""
    settling: Settling | None = None
    """The settlement by which it is paid, and so not asked for by itself either."""
    in_estate: bool = False
    """It falls into insolvency proceedings, and is neither asked for nor paid here."""

    @property
    def is_agreed(self) -> bool:
        """Whether it is paid by a plan or a settlement."""
        return self.plan is not None or self.settling is not None

    @property
    def undisputed(self) -> Money:
        """What is open and not in dispute."""
        return self.open - self.disputed

    @property
    def asked(self) -> Money:
        """What there is to ask for by itself: what is not in dispute; nothing of what is agreed or in an estate."""
        return Money.zero(self.open.currency) if self.is_agreed or self.in_estate else self.undisputed

    @property
    def to_pay(self) -> Money:
        """What is asked for, less what paying now saves, or what its settlement asks for next.

        Nothing where all is in dispute or on a plan.
        """
        if self.settling is not None:
            return self.settling.part
        return min(self.offer.settles, self.asked) if self.offer else self.asked

    @property
    def net(self) -> Money:
        """The amount without its tax."""
        return self.amount - self.tax

    @property
    def payable(self) -> bool:
        """Whether it can be ticked to be paid now."""
        return bool(self.open) and self.paying is None and not self.in_estate

    @property
    def contestable(self) -> bool:
        """Whether there is something that can be disputed."""
        return bool(self.undisputed) and not self.is_owed_again


@dataclass(frozen=True, slots=True)
class Settling:
    """The settlement that pays an invoice: its page below the account's, and what of the invoice is next by when.

    Of a settlement without amounts, for readers who may not know them, nothing is next.
    """

    path: str
    part: Money
    amount: Money
    on: date | None


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Somebody is paying `amount` of what is `open` of this invoice right now; `mine` when it is the reader.

    `payer` is empty where it is taken by itself, where the payer has not signed in, and for readers of a link.
    """

    payer: str
    since: datetime
    payment: str
    mine: bool
    on_its_way: bool
    is_automatic: bool
    amount: Money
    open: Money

    @property
    def rest(self) -> Money:
        """What it leaves open; nobody can pay that before it has come to its end: a claim is on the whole invoice."""
        return self.open - min(self.amount, self.open)

    @property
    def words(self) -> Words:
        """What is said of it."""
        if self.rest:
            return self._words_of_a_part()
        if self.on_its_way:
            return Words.of(N_("The money is on its way"))
        if self.mine:
            return Words.of(N_("You are paying it"))
        if self.payer:
            return Words.of(N_("{payer} is paying it"), payer=self.payer)
        if self.is_automatic:
            return Words.of(N_("It is being paid automatically"))
        return Words.of(N_("Somebody is paying it"))

    def _words_of_a_part(self) -> Words:
        part = {"amount": self.amount, "open": self.open}
        if self.on_its_way:
            return Words.of(N_("{amount} of {open} on its way"), **part)
        if self.mine:
            return Words.of(N_("You are paying {amount} of {open}"), **part)
        if self.payer:
            return Words.of(N_("{payer} is paying {amount} of {open}"), payer=self.payer, **part)
        if self.is_automatic:
            return Words.of(N_("{amount} of {open} is being paid automatically"), **part)
        return Words.of(N_("Somebody is paying {amount} of {open}"), **part)


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment in a list or on its own page; `received_on` where a person noted the day and nobody knows the hour."""

    public_id: str
    status: PaymentStatus
    amount: Money
    created_at: datetime
    occurred_at: datetime | None
    received_on: date | None
    receipt_number: str | None
    means: Words | None
    failure: str | None
    badge: tuple[str, Words]


def invoice_view(
    row: AnyRow,
    today: date,
    claims: Mapping[int, ClaimView] | None = None,
    offers: Mapping[int, Offer] | None = None,
    *,
    contested: Mapping[int, int] | None = None,
    agreed: Agreements | None = None,
    estate: Collection[int] = (),
) -> InvoiceView:
    """A row of `receivables.queries` as its template wants it.

    `contested` is what disputes say, in minor units; `agreed` what plans and settlements pay; `estate` the invoices
    that fall into insolvency proceedings.
    """
    frozen = row.id in estate and row.open_minor > 0
    agreement = agreed.of(row.id) if agreed is not None and not frozen else None
    late = max(0, (today - row.due_on).days) if row.open_minor and agreement is None and not frozen else 0
    view = InvoiceView(
        id=row.id,
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        amount=Money(row.amount_minor, row.currency),
        tax=Money(row.tax_minor, row.currency),
        open=Money(row.open_minor, row.currency),
        description=row.description,
        purchase_order=row.purchase_order,
        late_days=late,
        badge=("plan", Words.of(AGREED_WORDS[agreement.kind])) if agreement else standing(row, today),
        void=row.status is InvoiceStatus.VOID,
        paying=(claims or {}).get(row.id),
        offer=(offers or {}).get(row.id) if agreement is None and not frozen else None,
        disputed=Money(min(row.open_minor, (contested or {}).get(row.id, 0)), row.currency),
        is_late_charge=row.kind is InvoiceKind.DEBIT_NOTE,
        is_owed_again=row.kind is InvoiceKind.OWED_AGAIN,
        plan=agreement.id if agreement and agreement.kind is Kind.PLAN else None,
        settling=_settling(row.id, agreement) if agreement and agreement.kind is Kind.SETTLEMENT else None,
        in_estate=frozen,
    )
    return replace(view, badge=IN_ESTATE) if frozen else view


IN_ESTATE = ("paused", Words.of(N_("In insolvency proceedings")))
"""What is said of what falls into an estate."""


AGREED_WORDS = {Kind.PLAN: N_("On your payment plan"), Kind.SETTLEMENT: N_("Being settled")}
"""What is said of an invoice that is not asked for by itself."""


def _settling(invoice_id: int, agreement: Agreement) -> Settling:
    part = next(row.part for row in agreement.invoices if row.id == invoice_id)
    amount = agreement.next_amount or Money.zero(agreement.currency)
    return Settling(agreement.path, part, amount, agreement.next_on)


def claim_views(rows: AnyRows, login_id: int | None, link_id: int | None = None) -> dict[int, ClaimView]:
    """Live claims by invoice, as one reader sees them: by their login, or without names by the link that they hold."""
    return {
        row.invoice_id: ClaimView(
            payer=row.payer or "" if login_id else "",
            since=row.claimed_at,
            payment=row.public_id,
            mine=(row.login_id, row.pay_link_id) == (login_id, link_id),
            on_its_way=row.status is PaymentStatus.PROCESSING,
            is_automatic=row.login_id is None and row.pay_link_id is None,
            amount=Money(row.amount_minor, row.currency),
            open=Money(row.open_minor, row.currency),
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class MoveView:
    """One movement of a statement, in the reader's words."""

    day: date
    reference: str
    href: str | None
    what: str | None
    amount: Money
    balance: Money


def move_views(movements: Iterable[Movement], account: Entered, speaking: Localisation) -> list[MoveView]:
    """The movements of a statement as its table wants them; adjustments stand apart and are left out."""
    return [
        MoveView(
            day=movement.on,
            reference=speaking.translate(movement.words.text, **movement.words.params),
            href=paper_href(account, movement.subject),
            what=None,
            amount=movement.amount,
            balance=movement.balance,
        )
        for movement in movements
        if movement.balance is not None
    ]


GONE_WORDS = {
    WithdrawalKind.RETURN: N_("Returned by the bank"),
    WithdrawalKind.CHARGEBACK: N_("Taken back by your bank"),
    WithdrawalKind.MOVED: N_("Moved to another account"),
}
"""What became of money that a payment brought and that is no longer there; refunds have words of their own."""

PAYMENT_BADGES = {
    PaymentStatus.PENDING: ("waiting", N_("Not finished")),
    PaymentStatus.REQUIRES_ACTION: ("waiting", N_("Waiting for you")),
    PaymentStatus.PROCESSING: ("waiting", N_("On its way")),
    PaymentStatus.SUCCEEDED: ("paid", N_("Paid")),
    PaymentStatus.FAILED: ("failed", N_("Did not go through")),
    PaymentStatus.CANCELED: ("void", N_("Cancelled")),
}
"""How each state of a payment is shown to the customer."""


def payment_view(row: AnyRow, became: Aftermath = NOTHING) -> PaymentView:
    """A payment, and what became of it, as its template wants it; takes a row of `payments.queries` or the payment."""
    kind, words = PAYMENT_BADGES[row.status]
    amount = Money(row.amount_minor, row.currency)
    return PaymentView(
        public_id=row.public_id,
        status=row.status,
        amount=amount,
        created_at=row.created_at,
        occurred_at=row.occurred_at,
        received_on=row.effective_on if row.method in BY_HAND else None,
        receipt_number=row.receipt_number,
        means=means_of(row.method, row.means),
        failure=row.failure,
        badge=aftermath_badge(amount, became) or (kind, Words.of(words)),
    )
