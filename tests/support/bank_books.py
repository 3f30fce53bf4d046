"""Bank books: the customers, invoices, cheques and payouts of a made-up month of bank lines, in a database."""

from __future__ import annotations

from datetime import UTC, datetime, time

from sqlalchemy import insert
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.banking.model import PAYER_BANK_ACCOUNTS
from domain.processing.reconciling.payouts import reconcile_payout
from domain.shared.db.session import now
from tests.support.bank_months import Month
from tests.support.builders import an_account, an_invoice
from tests.support.clearing import a_payout
from tests.support.credit import a_cheque


def keep(session: Session, month: Month) -> None:
    """Put everything that the month's lines can be into an empty database, under the ids that the month gave it.

    Cheques are recorded before there is an invoice that they could settle.
    """
    known = month.candidates
    accounts: dict[int, Account] = {}
    for each in known.accounts:
        accounts[each.id] = an_account(session, number=each.number, name=each.name, currency="EUR")
        assert accounts[each.id].id == each.id
        learned = [
            {"account_id": each.id, "bank_account": bank_account, "learned_at": now(session)}
            for bank_account in each.bank_accounts
        ]
        if learned:
            session.execute(insert(PAYER_BANK_ACCOUNTS), learned)
    for receipt in known.receipts:
        paid = a_cheque(
            session,
            accounts[receipt.account_id],
            str(receipt.amount.decimal),
            on=receipt.received_on,
            reference=receipt.reference,
        )
        assert paid.id == receipt.id
    for invoice in known.invoices:
        issued = an_invoice(
            session,
            accounts[invoice.account_id],
            str(invoice.open.decimal),
            number=invoice.number,
            due_on=invoice.due_on,
            issued_on=invoice.due_on,
        )
        assert issued.id == invoice.id
    for payout in known.payouts:
        moment = datetime.combine(payout.arrives_on, time(6), tzinfo=UTC)
        kept = reconcile_payout(
            session, a_payout(payout.amount, moment, ref=payout.external_id, arrives_on=payout.arrives_on)
        )
        assert kept.id == payout.id
