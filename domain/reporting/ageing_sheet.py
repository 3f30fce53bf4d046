"""Ageing sheet: what was open at the end of any day, by bucket and account, and the invoices behind each amount."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.disputes.ageing import disputed
from domain.receivables.aged_rows import (
    LATE,
    AgedAccount,
    AgedInvoice,
    FreeCredit,
    Order,
    aged_accounts,
    aged_invoices,
    free_by_account,
    free_credits,
)
from domain.receivables.ageing import BUCKET_NAMES, BUCKETS, Ageing, Bucket, ageing
from domain.receivables.model import CreditKind
from domain.reporting.sheets import values
from domain.reporting.sheets.asking import Asked, Choice
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Chart, ChartKind, Column, Kind, Row, Section, Series, Sheet, cells
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

NAME = "ageing"
INVOICES, CREDITS, ACCOUNTS = "invoices", "credits", "accounts"
MOST_ACCOUNTS = 100
"""So many accounts stand on the report itself; all of them are behind its total."""
ORDER_NAMES = {Order.LATE.value: N_("Most in arrears first"), Order.OPEN.value: N_("Owing most first")}
CREDIT_NAMES = {
    CreditKind.PAYMENT: N_("Payment"),
    CreditKind.CREDIT_NOTE: N_("Credit note"),
    CreditKind.MOVED: N_("Moved credit"),
    CreditKind.REINSTATED: N_("Credit given back"),
    CreditKind.DISCOUNT: N_("Discount"),
    CreditKind.CONCESSION: N_("Concession"),
    CreditKind.WRITE_OFF: N_("Write-off"),
}
"""What each kind of credit is called in a list of them."""
BUCKET_COLUMNS = (
    Column("bucket", Words(N_("How late"))),
    Column("invoices", Words(N_("Invoices")), Kind.COUNT),
    Column("open", Words(N_("Open")), Kind.MONEY),
    Column("disputed", Words(N_("Of which disputed")), Kind.MONEY),
)
ACCOUNT_COLUMNS = (
    Column("account", Words(N_("Account"))),
    Column("number", Words(N_("Number"))),
    *(Column(bucket.value, Words(words), Kind.MONEY) for bucket, words in BUCKET_NAMES.items()),
    Column("credit", Words(N_("Unapplied credit")), Kind.MONEY),
    Column("total", Words(N_("Receivable")), Kind.MONEY),
)
INVOICE_COLUMNS = (
    Column("invoice", Words(N_("Invoice"))),
    Column("account", Words(N_("Account"))),
    Column("issued_on", Words(N_("Issued")), Kind.DAY),
    Column("due_on", Words(N_("Due")), Kind.DAY),
    Column("days", Words(N_("Days late")), Kind.COUNT),
    Column("amount", Words(N_("Invoiced")), Kind.MONEY),
    Column("open", Words(N_("Open")), Kind.MONEY),
)
CREDIT_COLUMNS = (
    Column("kind", Words(N_("Credit"))),
    Column("account", Words(N_("Account"))),
    Column("effective_on", Words(N_("Date")), Kind.DAY),
    Column("amount", Words(N_("Amount")), Kind.MONEY),
    Column("free", Words(N_("Not applied")), Kind.MONEY),
)


def make(session: Session, asked: Asked) -> Sheet:
    """The ageing of the whole business, by bucket and for the accounts that owe most."""
    contested, sections = disputed(session, asked.last), []
    for currency, aged in ageing(session, asked.last).items():
        sections.append(_by_bucket(aged, contested.get(currency, {}), asked))
        sections.append(_by_account(session, aged, asked))
    return Sheet(
        NAME,
        Words(AGEING.words),
        tuple(sections),
        lead=Words(AGEING.lead),
        empty=Words(N_("Nothing was open at the end of that day.")),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """What is behind an amount: invoices, unapplied credits, or all accounts."""
    what, currency = asked.get("what"), asked.get("currency")
    account_id = asked.number("account")
    more = None if limit is None else limit + 1
    if what == CREDITS:
        found = free_credits(session, asked.last, currency, account_id=account_id, limit=more)
        whole = _section(N_("Unapplied credit"), CREDIT_COLUMNS, tuple(map(_credit, found)))
    elif what == ACCOUNTS:
        order = Order(asked.get("order") or Order.LATE)
        accounts = aged_accounts(session, asked.last, currency, order=order, limit=more)
        credit = free_by_account(session, asked.last, currency)
        whole = _section(N_("By account"), ACCOUNT_COLUMNS, tuple(_account(each, credit, asked) for each in accounts))
    else:
        bucket = asked.get("bucket")
        bucket = bucket if bucket == LATE or bucket in set(Bucket) else ""
        invoices = aged_invoices(session, asked.last, currency, bucket=bucket, account_id=account_id, limit=more)
        words = N_("Late") if bucket == LATE else BUCKET_NAMES[Bucket(bucket)] if bucket else N_("Open invoices")
        whole = _section(words, INVOICE_COLUMNS, tuple(map(invoice_row, invoices)))
    section, more_than = values.cut(whole, limit)
    return Sheet(
        NAME,
        Words.of(N_("Ageing in {currency}: {what}"), currency=currency or "–", what=whole.title),
        (section,),
        empty=Words(N_("Nothing of this kind was open at the end of that day.")),
        back=asked.only("order").href(NAME),
        more_than=more_than,
    )


def invoice_row(one: AgedInvoice) -> Row:
    """An open invoice in the columns of INVOICE_COLUMNS."""
    return Row(
        cells(
            one.number,
            Cell(one.account_name, f"/accounts/{one.account_id}"),
            one.issued_on,
            one.due_on,
            one.days_late,
            one.amount,
            one.open,
        ),
        href=f"/accounts/{one.account_id}/invoices/{one.invoice_id}",
    )


def _section(words: str, columns: tuple[Column, ...], found: tuple[Row, ...]) -> Section:
    return Section("rows", Words(words), columns, found)


def _by_bucket(aged: Ageing, contested: Mapping[Bucket, Money], asked: Asked) -> Section:
    nothing = Money.zero(aged.currency)

    def behind(bucket: str) -> str:
        return asked.behind(NAME, INVOICES, currency=aged.currency, bucket=bucket)

    found = [
        Row(
            cells(
                Words(BUCKET_NAMES[bucket]),
                Cell(share.count, behind(bucket)),
                Cell(share.amount, behind(bucket)),
                contested.get(bucket, nothing),
            )
        )
        for bucket, share in aged.buckets.items()
    ]
    credit_href = asked.behind(NAME, CREDITS, currency=aged.currency)
    credit = Row(
        cells(
            Words(N_("Unapplied credit")),
            Cell(aged.credit.count, credit_href),
            Cell(-aged.credit.amount, credit_href),
            None,
        )
    )
    return Section(
        key=f"buckets-{aged.currency}",
        title=Words.of(N_("By how late it is, {currency}"), currency=aged.currency),
        columns=BUCKET_COLUMNS,
        rows=(*found, credit),
        total=Row(
            cells(
                Words(N_("Receivable")),
                Cell(aged.open_count, behind("")),
                Cell(aged.total, behind("")),
                Money.sum(contested.values(), aged.currency),
            )
        ),
        chart=Chart(
            ChartKind.COLUMNS,
            Words.of(N_("Open by how late it is, {currency}"), currency=aged.currency),
            tuple(_short(bucket) for bucket in BUCKETS),
            (Series(Words(N_("Open")), tuple(share.amount.decimal for share in aged.buckets.values())),),
            Kind.MONEY,
            aged.currency,
        ),
    )


def _by_account(session: Session, aged: Ageing, asked: Asked) -> Section:
    order = Order(asked.get("order") or Order.LATE)
    found = aged_accounts(session, asked.last, aged.currency, order=order, limit=MOST_ACCOUNTS)
    credit = free_by_account(session, asked.last, aged.currency)

    def behind(bucket: str) -> str:
        return asked.behind(NAME, INVOICES, currency=aged.currency, bucket=bucket)

    everybody = asked.behind(NAME, ACCOUNTS, currency=aged.currency)
    return Section(
        key=f"accounts-{aged.currency}",
        title=Words.of(N_("By account, {currency}"), currency=aged.currency),
        columns=ACCOUNT_COLUMNS,
        rows=tuple(_account(each, credit, asked) for each in found),
        total=Row(
            cells(
                Cell(Words(N_("All accounts")), everybody),
                "",
                *(Cell(share.amount, behind(bucket)) for bucket, share in aged.buckets.items()),
                Cell(-aged.credit.amount, asked.behind(NAME, CREDITS, currency=aged.currency)),
                Cell(aged.total, behind("")),
            )
        ),
        notes=(Words.of(N_("The first {most} accounts; all of them are behind the last line."), most=MOST_ACCOUNTS),)
        if len(found) == MOST_ACCOUNTS
        else (),
    )


def _short(bucket: Bucket) -> Words | str:
    """What a bucket is called under its column."""
    if bucket is Bucket.CURRENT:
        return Words(BUCKET_NAMES[bucket])
    return Words(N_("over 120")) if bucket is Bucket.OVER_120 else bucket.value.replace("-", "–")


def _account(each: AgedAccount, credit: Mapping[int, Money], asked: Asked) -> Row:
    free = credit.get(each.account_id, Money.zero(each.open.currency))

    def behind(bucket: str) -> str:
        return asked.behind(NAME, INVOICES, currency=free.currency, account=each.account_id, bucket=bucket)

    return Row(
        cells(
            each.name,
            each.number,
            *(Cell(amount, behind(bucket)) for bucket, amount in each.buckets.items()),
            Cell(-free, asked.behind(NAME, CREDITS, currency=free.currency, account=each.account_id)),
            Cell(each.open - free, behind("")),
        ),
        href=f"/accounts/{each.account_id}",
    )


def _credit(one: FreeCredit) -> Row:
    return Row(
        cells(
            Words(CREDIT_NAMES[one.kind]),
            Cell(one.account_name, f"/accounts/{one.account_id}"),
            one.effective_on,
            one.amount,
            one.free,
        ),
        href=f"/accounts/{one.account_id}/ledger",
    )


AGEING = Report(
    name=NAME,
    words=N_("Ageing"),
    lead=N_(
        "What was open at the end of a day, by how long it had been due then, less what was not applied yet. "
        "Any day can be asked for. Every amount opens its invoices."
    ),
    group=Group.OWED,
    make=make,
    rows=rows,
    choices=(Choice("order", N_("Order of the accounts"), ORDER_NAMES),),
    more=("currency", "account", "bucket"),
)
"""What is open, by how late it is, as of any day."""
