"""Details: what invoices to an account have to bear: its postal address, its tax number, whether it wants an order."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts import checking, numbers
from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.invoicing.model import InvoicingDetails
from domain.shared.actor import Actor
from domain.shared.errors import N_, Invalid

LONGEST_ADDRESS = 500
LONGEST_TAX_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Details:
    """The address as it is written on paper, the number by which the tax office knows them, and their wish."""

    address: str | None = None
    tax_number: str | None = None
    wants_purchase_order: bool = False


def details_of(session: Session, account_id: int) -> Details:
    """What is known for an account's invoices; NotFound where there is no such account."""
    account = accounts.account(session, account_id)
    kept = session.get(InvoicingDetails, account_id)
    if kept is None:
        return Details(address=account.address)
    return Details(account.address, kept.tax_number, kept.wants_purchase_order)


def change_details(session: Session, account_id: int, details: Details, *, actor: Actor) -> None:
    """Replace what is known. Raises NotFound, and Invalid where something is too long.

    Invalid too for a new tax number that cannot be right by the rules of the account's country. It is kept as it was
    written: on an invoice its country's letters belong to it.
    """
    account = accounts.lock(session, account_id)
    before = details_of(session, account_id)
    given = Details(
        address=_address(details.address),
        tax_number=checking.optional_text(details.tax_number, field="tax_number", length=LONGEST_TAX_NUMBER),
        wants_purchase_order=details.wants_purchase_order,
    )
    if given == before:
        return
    if given.tax_number and account.country and given.tax_number != before.tax_number:
        numbers.tax_number(given.tax_number, account.country)
    account.address = given.address
    kept = session.get(InvoicingDetails, account_id, populate_existing=True)
    if kept is None:
        kept = InvoicingDetails(account_id=account_id)
        session.add(kept)
    kept.tax_number, kept.wants_purchase_order = given.tax_number, given.wants_purchase_order
    session.flush()
    record(
        session,
        "account.invoicing_changed",
        actor=actor,
        subject=("account", account_id),
        account_id=account_id,
        before=_told(before),
        after=_told(given),
    )


def _told(details: Details) -> dict[str, object]:
    return {
        "address": details.address,
        "tax_number": details.tax_number,
        "wants_purchase_order": details.wants_purchase_order,
    }


def _address(given: str | None) -> str | None:
    lines = [" ".join(line.split()) for line in (given or "").splitlines()]
    address = "\n".join(line for line in lines if line)
    if len(address) > LONGEST_ADDRESS:
        raise Invalid(N_("Use at most {longest} characters."), field="address", longest=LONGEST_ADDRESS)
    return address or None
