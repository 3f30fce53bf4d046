"""Bank candidates: what of ours the lines of a bank statement could be, looked up for many of them at once.

The number of queries does not grow with the open invoices: they are found by index, through the references, numbers,
amounts and payers of the lines, and only what is found is compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.advices.queries import open_advices
from domain.banking.candidates import BeingSettled, Candidates, KnownAccount, ToldTransfer
from domain.banking.files import FileLine
from domain.banking.model import PAYER_BANK_ACCOUNTS
from domain.banking.numbers import spellings
from domain.banking.payers import words_of
from domain.processing.bank.awaited import (
    banked_receipts,
    payouts_to_come,
    receipts_to_come,
    refunds_to_come,
    remittances_to_come,
)
from domain.processing.bank.named import alike
from domain.processing.bank.open_invoices import (
    by_amount,
    by_number,
    by_reference,
    of_accounts,
    open_among,
    open_invoices,
)
from domain.receivables import references
from domain.settlements import queries as settlements
from domain.shared.chunking import chunks
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money


def candidates_for(session: Session, lines: Sequence[FileLine], *, only_sure: bool = False) -> Candidates:
    """Everything in our books that these lines, all in one currency, could be, or surely are.

    A payer's name makes nothing sure but that a transfer has come of which we were told.
    """
    if not lines:
        return Candidates()
    currency = lines[0].amount.currency
    coming = [line for line in lines if line.amount.minor > 0]
    mentioned = list(dict.fromkeys(each for line in coming for each in references.invoices_in(words_of(line))))
    found = {row.id: row for row in by_reference(session, mentioned)}
    settled = {row.id: row.account_id for row in found.values() if not row.open_minor}
    told, offers = _told(session, {line.amount for line in coming}), _being_settled(session, mentioned)
    expected = {each.total for each in told}
    named = [line for line in lines if line.amount in expected] if only_sure else lines
    accounts = _payers(session, lines, named, currency)
    of_payers, too_many = of_accounts(session, accounts, currency)
    rows = [
        *(row for row in found.values() if row.open_minor),
        *by_number(session, coming, currency),
        *by_amount(session, {line.amount.minor for line in coming}, currency),
        *of_payers,
        *open_among(session, [invoice_id for each in told for invoice_id, _ in each.lines]),
        *open_among(session, [invoice_id for each in offers for invoice_id in each.invoice_ids]),
    ]
    return Candidates(
        invoices=open_invoices(session, rows, min(line.value_on for line in lines)),
        accounts=_known(session, accounts, too_many),
        receipts=receipts_to_come(session, {line.amount.minor for line in coming}, currency),
        banked=banked_receipts(session, {-line.amount.minor for line in lines if line.amount.minor < 0}, currency),
        payouts=payouts_to_come(session, {line.amount.minor for line in lines}, currency),
        refunds=refunds_to_come(session, currency) if len(coming) < len(lines) else [],
        remittances=remittances_to_come(session, {line.amount.minor for line in coming}, currency),
        told=told,
        being_settled=offers,
        settled=settled,
    )


def _payers(session: Session, lines: Sequence[FileLine], named: Sequence[FileLine], currency: str) -> set[int]:
    """The accounts that the lines may come from: by learned bank account, by number in the words, and by name.

    By name only those of `named` are looked for, and none that pays from a bank account that we have learned.
    """
    found: set[int] = set()
    known: set[str] = set()
    bank_accounts = sorted({line.counterparty_account for line in lines if line.counterparty_account})
    learned = PAYER_BANK_ACCOUNTS.c
    for some in chunks(bank_accounts):
        of_some = select(learned.account_id, learned.bank_account).where(learned.bank_account.in_(some))
        for account_id, bank_account in session.execute(of_some):
            found.add(account_id)
            known.add(bank_account)
    numbers = sorted(set().union(*(spellings(words_of(line)) for line in lines)))
    for some in chunks(numbers):
        found.update(session.scalars(select(ACCOUNTS.c.id).where(ACCOUNTS.c.number.in_(some))))
    names = {line.counterparty_name for line in named if line.counterparty_account not in known}
    return found | alike(session, names, currency)


def _known(session: Session, accounts: Collection[int], too_many: Collection[int]) -> list[KnownAccount]:
    learned: dict[int, set[str]] = defaultdict(set)
    labels: list[AnyRow] = []
    for some in chunks(sorted(accounts)):
        labels.extend(
            session.execute(select(ACCOUNTS.c.id, ACCOUNTS.c.number, ACCOUNTS.c.name).where(ACCOUNTS.c.id.in_(some)))
        )
        for row in session.execute(select(PAYER_BANK_ACCOUNTS).where(PAYER_BANK_ACCOUNTS.c.account_id.in_(some))):
            learned[row.account_id].add(row.bank_account)
    return [
        KnownAccount(row.id, row.number, row.name, frozenset(learned[row.id]), whole=row.id not in too_many)
        for row in labels
    ]


def _being_settled(session: Session, mentioned: Sequence[int]) -> list[BeingSettled]:
    """The accepted offers about invoices whose references stand in the lines, with all their invoices."""
    offers = {offer_id for some in chunks(mentioned) for offer_id in settlements.being_paid(session, some)}
    invoices, standings = settlements.invoice_ids(session, offers), settlements.standings(session, offers)
    return [
        BeingSettled(tuple(invoices[each.offer_id]), each.left, frozenset({each.left, each.due_now, each.next.left}))
        for each in standings.values()
        if each.next
    ]


def _told(session: Session, amounts: Collection[Money]) -> list[ToldTransfer]:
    """The transfers of these amounts that payers have told us of and that have not come."""
    waited_for = open_advices(session) if amounts else []
    return [ToldTransfer(each.account_id, each.total, each.lines) for each in waited_for if each.total in amounts]
