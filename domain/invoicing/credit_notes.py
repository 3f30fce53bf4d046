"""Credit notes: reduce an issued invoice, with its share of the tax."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.invoicing import early_discounts, numbering
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
    """What a credit note does: the tax in it, what it settles of its invoice, and what becomes credit."""

    amount: Money
    tax: Money
    settles: Money

    @property
    def becomes_credit(self) -> Money:
        """What the invoice cannot take, because it was paid before."""
        return self.amount - self.settles


def effect(session: Session, invoice: Invoice, amount: Money, *, reason: str) -> Effect:
    """What `issue_credit_note` would do now, for a preview; raises what it would raise."""
    off = _taken_off(session, invoice)
    _refuse_unreasonable(invoice, amount, invoice.amount - off.taxed - off.untaxed, reason)
    return Effect(amount, _tax_within(invoice, off, amount), min(amount, invoice.open))


REDUCES = {InvoiceKind.INVOICE: LedgerAccount.SALES, InvoiceKind.DEBIT_NOTE: LedgerAccount.LATE_CHARGE_INCOME}
"""What a credit note takes back, by what it credits."""


def issue_credit_note(
    session: Session, account: Account, invoice: Invoice, amount: Money, *, reason: str, actor: Actor
) -> CreditNote:
    """Credit `amount` (tax included) of an invoice and allocate it there; what was paid already becomes credit.

    Tax follows cumulatively, so that the last credit note on an invoice ends at exactly the tax that was issued,
    whatever discounts were granted and fell in between.
    """
    tax = effect(session, invoice, amount, reason=reason).tax

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
    entry = ledger.post(
        session,
        kind=EntryKind.CREDIT_NOTE,
        source=f"credit_note:{note.id}",
        effective_on=note.issued_on,
        legs=[
            debit(REDUCES[invoice.kind], amount - tax),
            debit(LedgerAccount.TAX_PAYABLE, tax),
            credit(LedgerAccount.RECEIVABLE, amount, account_id=account.id),
        ],
    )
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
        after={"number": note.number, "invoice": invoice.number, "amount": amount, "reason": note.reason},
    )
    return note


def discount_tax(session: Session, invoice: Invoice, amount: Money) -> Money:
    """The tax within an early discount that corrects tax: its share, after what was credited before."""
    return _tax_within(invoice, _taken_off(session, invoice), amount)


def creditable(session: Session, invoice: Invoice) -> Money:
    """What of an issued invoice can still be credited: what was demanded, less what credit notes and discounts took."""
    off = _taken_off(session, invoice)
    return invoice.amount - off.taxed - off.untaxed


@dataclass(frozen=True, slots=True)
class _TakenOff:
    """What an invoice came down by: with its tax (`tax` of it), and without, by discounts that corrected none."""

    taxed: Money
    tax: Money
    untaxed: Money


def _taken_off(session: Session, invoice: Invoice) -> _TakenOff:
    """What credit notes, and early discounts that stand, have taken off the invoice."""
    notes = session.execute(
        select(
            func.coalesce(func.sum(CreditNote.amount_minor), 0).label("minor"),
            func.coalesce(func.sum(CreditNote.tax_minor), 0).label("tax"),
        ).where(CreditNote.invoice_id == invoice.id)
    ).one()
    discounts = early_discounts.standing(session, invoice.id)
    corrected = sum(row.amount_minor for row in discounts if row.tax_minor)
    return _TakenOff(
        taxed=Money(int(notes.minor) + corrected, invoice.currency),
        tax=Money(int(notes.tax) + sum(row.tax_minor for row in discounts), invoice.currency),
        untaxed=Money(sum(row.amount_minor for row in discounts if not row.tax_minor), invoice.currency),
    )


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
