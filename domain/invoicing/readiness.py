"""Readiness: what an invoice that is about to be issued lacks, so that the customer has no reason to send it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Contact, LegalForm
from domain.invoicing.details import details_of
from domain.policies.ruling import RuleBook
from domain.shared.errors import N_, Invalid


class Gap(StrEnum):
    """Something that is missing."""

    ADDRESS = "address"
    PURCHASE_ORDER = "purchase_order"
    TAX_NUMBER = "tax_number"
    MAILBOX = "mailbox"
    TERMS = "terms"


GAP_WORDS = {
    Gap.ADDRESS: N_("The customer's postal address is not known; an invoice with tax has to name it."),
    Gap.PURCHASE_ORDER: N_("This customer wants their purchase order on every invoice."),
    Gap.TAX_NUMBER: N_("The customer's tax number is not known; their bookkeeping may ask for it."),
    Gap.MAILBOX: N_("Nobody at this customer has an email address; the invoice reaches them by post only."),
    Gap.TERMS: N_("No credit policy governs this invoice: no early discount, and no late charges."),
}
"""What each is called to staff."""
WITHOUT_TAX_NUMBER = frozenset({LegalForm.NATURAL_PERSON, LegalForm.UNKNOWN})
"""Who is not asked for one."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A gap; it blocks where law wants it: Directive 2006/112/EC, article 226 (5), and the UK's VAT Regulations, 14."""

    gap: Gap
    blocks: bool = False


def lacking(
    session: Session, account_id: int, issued_on: date, *, has_tax: bool, purchase_order: str | None
) -> list[Lacking]:
    """What an invoice of that day to the account lacks; what blocks stands first."""
    account, details = accounts.account(session, account_id), details_of(session, account_id)
    found = []
    if not details.address:
        found.append(Lacking(Gap.ADDRESS, blocks=has_tax))
    if details.wants_purchase_order and not purchase_order:
        found.append(Lacking(Gap.PURCHASE_ORDER))
    if has_tax and not details.tax_number and account.legal_form not in WITHOUT_TAX_NUMBER:
        found.append(Lacking(Gap.TAX_NUMBER))
    if account.email is None and not _has_mailbox(session, account_id):
        found.append(Lacking(Gap.MAILBOX))
    if RuleBook(session, [account_id]).governing(account_id, issued_on) is None:
        found.append(Lacking(Gap.TERMS))
    return found


def check_ready(
    session: Session, account_id: int, issued_on: date, *, has_tax: bool, purchase_order: str | None
) -> None:
    """Do nothing where nothing blocks; Invalid, naming what law wants, where something does."""
    for each in lacking(session, account_id, issued_on, has_tax=has_tax, purchase_order=purchase_order):
        if each.blocks:
            raise Invalid(GAP_WORDS[each.gap], field=each.gap.value)


def _has_mailbox(session: Session, account_id: int) -> bool:
    with_address = select(Contact.id).where(Contact.account_id == account_id, Contact.email.is_not(None)).limit(1)
    return session.scalar(with_address) is not None
