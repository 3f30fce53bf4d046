"""Credit notes: reduce an issued invoice, with its share of the tax."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.invoicing import granted_discounts, numbering
from domain.invoicing.granted_discounts import Standing
from domain.invoicing.model import CreditNote
from domain.invoicing.numbering import Series
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.receivables import allocating
from domain.receivables.model import CreditKind, Invoice, InvoiceKind, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Effect:
    """What a credit note does: the tax in it, what it settles of its invoice, and what becomes credit.

    `discount_back` is what early discounts on the invoice shrink by, because less was bought than they were given on;
    `stays_open` is what is open of it afterwards.
    """

    amount: Money
    tax: Money
    settles: Money
    discount_back: Money
    stays_open: Money

    @property
    def becomes_credit(self) -> Money:
        """What the invoice cannot take, because it was paid before."""
        return self.amount - self.settles


def effect(session: Session, invoice: Invoice, amount: Money, *, reason: str) -> Effect:
    """What `issue_credit_note` would do now, for a preview; raises what it would raise."""
    return _plan(session, invoice, amount, reason)[0]


REDUCES = {InvoiceKind.INVOICE: LedgerAccount.SALES, InvoiceKind.DEBIT_NOTE: LedgerAccount.LATE_CHARGE_INCOME}
"""What a credit note takes back, by what it credits."""


def issue_credit_note(
    session: Session, account: Account, invoice: Invoice, amount: Money, *, reason: str, actor: Actor
) -> CreditNote:
    """Credit `amount` (tax included) of an invoice and allocate it there; what was paid already becomes credit.

    Tax follows cumulatively, so that the last credit note on an invoice ends at exactly the tax that was issued,
    whatever discounts were granted and fell in between. Discounts shrink in proportion to what is credited of what was
    settled with them.
    """
    found, shrinking = _plan(session, invoice, amount, reason)
    tax = found.tax

    note = CreditNote(
        account_id=account.id,
        invoice_id=invoice.id,
        number=numbering.take(session, Series.CREDIT_NOTE),
        issued_on=today(session),
        currency=invoice.currency,
        amount_minor=amount.minor,
        tax_minor=tax.minor,
        reason=reason.strip(),
        recorded_at=now(session),
    )
    session.add(note)
    session.flush()
    source = f"{granted_discounts.BY_CREDIT_NOTE}{note.id}"
    entry = ledger.post(
        session,
        kind=EntryKind.CREDIT_NOTE,
        source=source,
        effective_on=note.issued_on,
        legs=[
            debit(REDUCES[invoice.kind], amount - tax),
            debit(LedgerAccount.TAX_PAYABLE, tax),
            credit(LedgerAccount.RECEIVABLE, amount, account_id=account.id),
        ],
    )
    for discount, part in (each for each in shrinking if each[1]):
        granted_discounts.take_back(session, account, discount, part, source=source, effective_on=note.issued_on)
    item = allocating.add_credit(
        session, account, kind=CreditKind.CREDIT_NOTE, source=note.number, amount=amount, effective_on=note.issued_on
    )
    allocating.apply_upto(session, item, invoice, amount)
    audit.record(
        session,
        "credit_note.issued",
        actor=actor,
        subject=("credit_note", note.id),
        account_id=account.id,
        entry_id=entry.id,
        after={
            "number": note.number,
            "invoice": invoice.number,
            "amount": amount,
            "reason": note.reason,
            "discount_back": found.discount_back,
        },
    )
    return note


def discount_tax(session: Session, invoice: Invoice, amount: Money) -> Money:
    """The tax within an early discount that corrects tax: its share, after what was credited before."""
    return _tax_within(invoice, _taken_off(session, invoice), amount)


def creditable(session: Session, invoice: Invoice) -> Money:
    """What of an issued invoice can still be credited: what was demanded, less what credit notes took."""
    return invoice.amount - _taken_off(session, invoice).credited


@dataclass(frozen=True, slots=True)
class _TakenOff:
    """What an invoice came down by: `credited` by credit notes with `credited_tax`, and the discounts that stand."""

    credited: Money
    credited_tax: Money
    discounts: Sequence[Standing]

    @property
    def taxed(self) -> Money:
        """What it came down by with its tax: discounts that corrected none are left out."""
        corrected = (each.amount for each in self.discounts if each.discount.tax_minor)
        return self.credited + Money.sum(corrected, self.credited.currency)

    @property
    def tax(self) -> Money:
        """The tax that it came down by."""
        return self.credited_tax + Money.sum((each.tax for each in self.discounts), self.credited.currency)


def _taken_off(session: Session, invoice: Invoice) -> _TakenOff:
    """What credit notes, and early discounts that stand, have taken off the invoice."""
    notes = session.execute(
        select(
            func.coalesce(func.sum(CreditNote.amount_minor), 0).label("minor"),
            func.coalesce(func.sum(CreditNote.tax_minor), 0).label("tax"),
        ).where(CreditNote.invoice_id == invoice.id)
    ).one()
    return _TakenOff(
        credited=Money(int(notes.minor), invoice.currency),
        credited_tax=Money(int(notes.tax), invoice.currency),
        discounts=granted_discounts.of_invoice(session, invoice.id),
    )


def _plan(
    session: Session, invoice: Invoice, amount: Money, reason: str
) -> tuple[Effect, list[tuple[Standing, Money]]]:
    """What a credit note does, and by how much it makes which discount shrink.

    What is open is credited first: no discount was given on that.
    """
    off = _taken_off(session, invoice)
    _refuse_unreasonable(invoice, amount, invoice.amount - off.credited, reason)
    settled = invoice.amount - off.credited - invoice.open
    shrinking = granted_discounts.shrinking(off.discounts, amount - invoice.open, settled)
    if shrinking:
        off = replace(off, discounts=[Standing(each.discount, each.amount - part) for each, part in shrinking])
    back = Money.sum((part for _, part in shrinking), amount.currency)
    settles = min(amount, invoice.open + back)
    return Effect(amount, _tax_within(invoice, off, amount), settles, back, invoice.open + back - settles), shrinking


def _tax_within(invoice: Invoice, off: _TakenOff, amount: Money) -> Money:
    """The tax within the next `amount` that is taken off an invoice: what is missing to the tax within all of it.

    That is floored, so that all of the invoice carries all of its tax.
    """
    within_all = Money(invoice.tax_minor * (off.taxed + amount).minor // invoice.amount_minor, invoice.currency)
    return min(max(within_all - off.tax, Money.zero(invoice.currency)), amount)


def _refuse_unreasonable(invoice: Invoice, amount: Money, most: Money, reason: str) -> None:
    if invoice.kind not in REDUCES:
        raise Conflict(
            N_("{number} stands for money that was taken back: it cannot be credited."), number=invoice.number
        )
    if invoice.status is not InvoiceStatus.ISSUED:
        raise Conflict(N_("Invoice {number} is void already."), number=invoice.number)
    if amount.minor <= 0:
        raise Invalid(N_("A credit note must come to more than nothing."), field="amount")
    if amount > most:
        raise Invalid(
            N_("At most {amount} of invoice {number} can still be credited."),
            field="amount",
            amount=most,
            number=invoice.number,
        )
    if not reason.strip():
        raise Invalid(N_("Say what the credit note is for."), field="reason")
