"""Credit notes: reduce an issued invoice, with its share of the tax."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.invoicing import granted_discounts, numbering
from domain.invoicing.granted_discounts import Standing
from domain.invoicing.model import CreditedLine, CreditNote
from domain.invoicing.numbering import Series
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.receivables import allocating
from domain.receivables.model import (
    Allocation,
    CreditItem,
    CreditKind,
    Invoice,
    InvoiceKind,
    InvoiceLine,
    InvoiceStatus,
)
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


def effect(session: Session, invoice: Invoice, amount: Money, *, reason: str, line_id: int | None = None) -> Effect:
    """What `issue_credit_note` would do now, for a preview; raises what it would raise."""
    return _plan(session, invoice, amount, reason, line_id)[0]


REDUCES = {InvoiceKind.INVOICE: LedgerAccount.SALES, InvoiceKind.DEBIT_NOTE: LedgerAccount.LATE_CHARGE_INCOME}
"""What a credit note takes back, by what it credits."""
GIVEN_UP = (CreditKind.CONCESSION, CreditKind.WRITE_OFF)
"""The credit that gives a part of an invoice up."""


def issue_credit_note(
    session: Session,
    account: Account,
    invoice: Invoice,
    amount: Money,
    *,
    reason: str,
    actor: Actor,
    line_id: int | None = None,
) -> CreditNote:
    """Credit `amount` (tax included) of an invoice and allocate it there; what was paid already becomes credit.

    A credit note about one line bears that line's share of tax, any other what its part of the rest of the invoice
    bears. Tax follows cumulatively, so that the last credit note on an invoice ends at exactly the tax that was
    issued, whatever discounts were granted and fell in between, and never beyond. Discounts shrink in proportion to
    what is credited of what was settled with them.
    """
    found, shrinking = _plan(session, invoice, amount, reason, line_id)
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
    if line_id is not None:
        session.add(CreditedLine(credit_note_id=note.id, line_id=line_id))
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
    """What an invoice came down by: `credited` by credit notes with `credited_tax`, and the discounts that stand.

    `lines` is what was credited, and its tax, of each line that a credit note named.
    """

    credited: Money
    credited_tax: Money
    discounts: Sequence[Standing]
    lines: Mapping[int, tuple[Money, Money]]

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
            CreditedLine.line_id,
            func.sum(CreditNote.amount_minor).label("minor"),
            func.sum(CreditNote.tax_minor).label("tax"),
        )
        .outerjoin(CreditedLine, CreditedLine.credit_note_id == CreditNote.id)
        .where(CreditNote.invoice_id == invoice.id)
        .group_by(CreditedLine.line_id)
    ).all()
    taken = {
        row.line_id: (Money(int(row.minor), invoice.currency), Money(int(row.tax), invoice.currency)) for row in notes
    }
    return _TakenOff(
        credited=Money.sum((amount for amount, _ in taken.values()), invoice.currency),
        credited_tax=Money.sum((tax for _, tax in taken.values()), invoice.currency),
        discounts=granted_discounts.of_invoice(session, invoice.id),
        lines={line_id: both for line_id, both in taken.items() if line_id is not None},
    )


def _plan(
    session: Session, invoice: Invoice, amount: Money, reason: str, line_id: int | None
) -> tuple[Effect, list[tuple[Standing, Money]]]:
    """What a credit note does, and by how much it makes which discount shrink.

    What is open is credited first: no discount was given on that.
    """
    off = _taken_off(session, invoice)
    if _is_given_up(session, invoice.id):
        raise Conflict(N_("Part of {number} was given up: it cannot be credited any more."), number=invoice.number)
    _refuse_unreasonable(invoice, amount, invoice.amount - off.credited, reason)
    settled = invoice.amount - off.credited - invoice.open
    shrinking = granted_discounts.shrinking(off.discounts, amount - invoice.open, settled)
    if shrinking:
        off = replace(off, discounts=[Standing(each.discount, each.amount - part) for each, part in shrinking])
    back = Money.sum((part for _, part in shrinking), amount.currency)
    settles = min(amount, invoice.open + back)
    tax = _tax_within(invoice, off, amount)
    if line_id is not None:
        tax = _tax_of_line(invoice, _line(session, invoice, line_id), off, amount)
    return Effect(amount, tax, settles, back, invoice.open + back - settles), shrinking


def _tax_within(invoice: Invoice, off: _TakenOff, amount: Money) -> Money:
    """The tax within the next `amount` that is taken off an invoice: what is missing to the tax within all of it.

    That is floored, so that all of the invoice carries all of its tax. What was credited of single lines, with their
    own tax, is no part of the sums that it is apportioned over.
    """
    of_lines = Money.sum((credited for credited, _ in off.lines.values()), invoice.currency)
    tax_of_lines = Money.sum((tax for _, tax in off.lines.values()), invoice.currency)
    rest, rest_tax = invoice.amount - of_lines, invoice.tax_minor - tax_of_lines.minor
    within_all = Money(rest_tax * (off.taxed - of_lines + amount).minor // rest.minor, invoice.currency)
    return _bounded(invoice, off, amount, within_all + tax_of_lines - off.tax)


def _tax_of_line(invoice: Invoice, line: InvoiceLine, off: _TakenOff, amount: Money) -> Money:
    """The tax within the next `amount` that is credited of one line: its own share, at its own rate."""
    nothing = Money.zero(invoice.currency)
    credited, tax = off.lines.get(line.id, (nothing, nothing))
    whole = Money(line.amount_minor + line.tax_minor, invoice.currency)
    if amount > whole - credited:
        raise Invalid(
            N_("At most {amount} of this line of invoice {number} can still be credited."),
            field="amount",
            amount=whole - credited,
            number=invoice.number,
        )
    within_all = Money(line.tax_minor * (credited + amount).minor // whole.minor, invoice.currency)
    return _bounded(invoice, off, amount, within_all - tax)


def _bounded(invoice: Invoice, off: _TakenOff, amount: Money, tax: Money) -> Money:
    """That tax, within what is left of the invoice's tax; and so much that what then is left can bear the rest."""
    left = Money(invoice.tax_minor, invoice.currency) - off.tax
    least = left - max(invoice.amount - off.taxed - amount, Money.zero(invoice.currency))
    return max(min(max(tax, least), left, amount), Money.zero(invoice.currency))


def _is_given_up(session: Session, invoice_id: int) -> bool:
    """Whether anything that was given up of the invoice stands, to settle it or for good."""
    given_up = (
        select(func.coalesce(func.sum(Allocation.amount_minor), 0))
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(Allocation.invoice_id == invoice_id, CreditItem.kind.in_(GIVEN_UP))
    )
    return bool(session.scalar(given_up))


def _line(session: Session, invoice: Invoice, line_id: int) -> InvoiceLine:
    line = session.get(InvoiceLine, line_id)
    if line is None or line.invoice_id != invoice.id:
        raise Invalid(N_("Choose a line of this invoice."), field="line")
    return line


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
