"""Concessions: what is given up on each invoice once an offer is paid, its entries and its tax, and how it falls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.invoicing import credit_notes, numbering
from domain.invoicing.numbering import Series
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, Leg, PostedEntry, credit, debit
from domain.receivables import allocating, withdrawing
from domain.receivables.model import CreditItem, CreditKind, Invoice, Withdrawal, WithdrawalKind
from domain.settlements import queries
from domain.settlements.model import Concession, SettlementOffer
from domain.settlements.rules import rules
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.money import Money


def grant(session: Session, account: Account, offer: SettlementOffer, *, effective_on: date, actor: Actor) -> None:
    """Give up what is left on each invoice of a paid offer, of what was open on it when it was accepted.

    What came on top since, because money from before went back, is no part of the offer and stays open.
    """
    settled = queries.settled_since(session, offer.id)
    corrects = rules(session, offer.id).corrects_tax
    for row in queries.invoices(session, offer.id):
        invoice = session.get_one(Invoice, row.id, populate_existing=True)
        left = Money(row.offered_minor - settled.get(row.id, 0), offer.currency)
        amount = min(left, invoice.open)
        if amount.minor > 0:
            _grant(session, account, offer, invoice, amount, corrects, effective_on, actor)


def revoke(
    session: Session, account: Account, offer: SettlementOffer, *, effective_on: date, actor: Actor
) -> list[tuple[int, Money]]:
    """Take back what was given up by an offer: which invoices are open by how much again."""
    opened = []
    for concession in standing(session, offer.id):
        item = withdrawing.item_of(session, CreditKind.CONCESSION, concession.source)
        withdrawal, _ = withdrawing.withdraw_covering(
            session,
            item,
            concession.amount,
            kind=WithdrawalKind.REVOKED,
            source=offer.source,
            effective_on=effective_on,
        )
        entry = _post(session, account, EntryKind.CONCESSION_REVOKED, concession, withdrawal.effective_on)
        invoice = session.get_one(Invoice, concession.invoice_id)
        _tell(session, "concession.revoked", invoice, concession, entry, actor)
        opened.append((invoice.id, concession.amount))
    return opened


def standing(session: Session, offer_id: int) -> Sequence[Concession]:
    """The concessions of an offer that were not revoked."""
    gone = (
        select(CreditItem.source)
        .join(Withdrawal, Withdrawal.credit_item_id == CreditItem.id)
        .where(CreditItem.kind == CreditKind.CONCESSION)
    )
    rows = session.scalars(select(Concession).where(Concession.offer_id == offer_id).order_by(Concession.id)).all()
    fallen = set(session.scalars(gone.where(CreditItem.source.in_([row.source for row in rows]))))
    return [row for row in rows if row.source not in fallen]


def _grant(
    session: Session,
    account: Account,
    offer: SettlementOffer,
    invoice: Invoice,
    amount: Money,
    corrects: bool,
    effective_on: date,
    actor: Actor,
) -> None:
    tax = credit_notes.discount_tax(session, invoice, amount) if corrects else Money.zero(amount.currency)
    concession = Concession(
        account_id=account.id,
        offer_id=offer.id,
        invoice_id=invoice.id,
        number=numbering.take(session, Series.CREDIT_NOTE) if tax else None,
        currency=amount.currency,
        amount_minor=amount.minor,
        tax_minor=tax.minor,
        effective_on=effective_on,
        recorded_at=now(session),
    )
    session.add(concession)
    session.flush()
    entry = _post(session, account, EntryKind.CONCESSION, concession, effective_on)
    item = allocating.add_credit(
        session,
        account,
        kind=CreditKind.CONCESSION,
        source=concession.source,
        amount=amount,
        effective_on=effective_on,
    )
    allocating.apply(session, item, invoice, amount)
    _tell(session, "concession.granted", invoice, concession, entry, actor)


def _post(
    session: Session, account: Account, kind: EntryKind, concession: Concession, effective_on: date
) -> PostedEntry:
    """Debts forgiven and tax against the receivable; the other way round where it is taken back."""
    tax = concession.tax
    legs = [
        debit(LedgerAccount.DEBTS_FORGIVEN, concession.amount - tax),
        debit(LedgerAccount.TAX_PAYABLE, tax),
        credit(LedgerAccount.RECEIVABLE, concession.amount, account_id=account.id),
    ]
    if kind is EntryKind.CONCESSION_REVOKED:
        legs = [Leg(leg.ledger_account, -leg.amount, leg.account_id) for leg in legs]
    return ledger.post(session, kind=kind, source=concession.source, effective_on=effective_on, legs=legs)


def _tell(
    session: Session, act: str, invoice: Invoice, concession: Concession, entry: PostedEntry, actor: Actor
) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("invoice", invoice.id),
        account_id=concession.account_id,
        entry_id=entry.id,
        after={
            "invoice": invoice.number,
            "amount": concession.amount,
            "tax": concession.tax,
            "number": concession.number,
        },
    )
