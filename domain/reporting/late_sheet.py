"""Late sheet: who owes most, and what is late by who looks after it, by group, country or language."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, literal, select
from sqlalchemy.orm import Session

from domain.accounts.model import LEGAL_FORM_NAMES, Account, LegalForm
from domain.assignments.model import Assignment
from domain.policies.model import AccountGroup, GroupMember
from domain.receivables.aged_rows import (
    LATE,
    AgedAccount,
    AgedGroup,
    Order,
    aged_accounts,
    aged_groups,
    aged_invoices,
)
from domain.receivables.ageing import Ageing, ageing
from domain.reporting import ageing_sheet
from domain.reporting.ageing_sheet import INVOICE_COLUMNS, invoice_row
from domain.reporting.sheets import values
from domain.reporting.sheets.asking import Asked, Choice
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Column, Kind, Row, Section, Sheet, cells
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.model import StaffMember

DEBTORS_NAME, LATE_NAME = "debtors", "late"
MOST_DEBTORS = 100
NOBODY = "none"
"""Stands for the accounts that have no such thing: nobody looks after them, or they are in no group."""


class By(StrEnum):
    """What accounts share."""

    CONTROLLER = "controller"
    GROUP = "group"
    COUNTRY = "country"
    LANGUAGE = "language"
    FORM = "form"


BY_NAMES = {
    By.CONTROLLER.value: N_("By who looks after it"),
    By.GROUP.value: N_("By group"),
    By.COUNTRY.value: N_("By country"),
    By.LANGUAGE.value: N_("By language"),
    By.FORM.value: N_("By legal form"),
}
"""What the tables are called."""
DEBTOR_COLUMNS = (
    Column("account", Words(N_("Account"))),
    Column("number", Words(N_("Number"))),
    Column("invoices", Words(N_("Open invoices")), Kind.COUNT),
    Column("open", Words(N_("Open")), Kind.MONEY),
    Column("late", Words(N_("Late")), Kind.MONEY),
    Column("days", Words(N_("Days since the oldest was due")), Kind.COUNT),
    Column("share", Words(N_("Of all that is open")), Kind.PERCENT),
    Column("together", Words(N_("With those above")), Kind.PERCENT),
)
LATE_COLUMNS = (
    Column("about", Words(N_("Accounts"))),
    Column("accounts", Words(N_("Owing something")), Kind.COUNT),
    Column("open", Words(N_("Open")), Kind.MONEY),
    Column("late", Words(N_("Late")), Kind.MONEY),
    Column("share", Words(N_("Late of what is open")), Kind.PERCENT),
    Column("over_90", Words(N_("Over 90 days late")), Kind.MONEY),
)


def make_debtors(session: Session, asked: Asked) -> Sheet:
    """The accounts that owe most, with their share of the whole."""
    return Sheet(
        DEBTORS_NAME,
        Words(DEBTORS.words),
        tuple(_debtors(session, aged, asked) for aged in ageing(session, asked.last).values() if aged.open),
        lead=Words(DEBTORS.lead),
        empty=Words(N_("Nobody owed anything at the end of that day.")),
    )


def make_late(session: Session, asked: Asked) -> Sheet:
    """What is open and late by what accounts share."""
    return Sheet(
        LATE_NAME,
        Words(LATE_BY.words),
        tuple(_groups(session, aged, asked) for aged in ageing(session, asked.last).values() if aged.open),
        lead=Words(LATE_BY.lead),
        empty=Words(N_("Nobody owed anything at the end of that day.")),
    )


def late_rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The invoices of the accounts that share something: all that are open, or those that are late."""
    by, currency, key = By(asked.get("by")), asked.get("currency"), asked.get("key")
    bucket = LATE if asked.get("what") == LATE else ""
    found = aged_invoices(
        session,
        asked.last,
        currency,
        bucket=bucket,
        among=_among(by, None if key == NOBODY else key) if key else None,
        limit=None if limit is None else limit + 1,
    )
    title = Words(N_("Late") if bucket else N_("Open invoices"))
    section, more_than = values.cut(Section("rows", title, INVOICE_COLUMNS, tuple(map(invoice_row, found))), limit)
    return Sheet(
        LATE_NAME,
        Words.of(N_("Open invoices in {currency}"), currency=currency or "–"),
        (section,),
        empty=Words(N_("Nothing of this kind was open at the end of that day.")),
        back=asked.only("by").href(LATE_NAME),
        more_than=more_than,
    )


def _debtors(session: Session, aged: Ageing, asked: Asked) -> Section:
    order = Order(asked.get("order") or Order.OPEN)
    found = aged_accounts(session, asked.last, aged.currency, order=order, limit=MOST_DEBTORS)
    made, together = [], Money.zero(aged.currency)
    for each in found:
        together += each.open
        made.append(_debtor(each, aged, together, asked))
    return Section(
        key=f"debtors-{aged.currency}",
        title=Words.of(N_("Largest debtors, {currency}"), currency=aged.currency),
        columns=DEBTOR_COLUMNS,
        rows=tuple(made),
        total=Row(
            cells(
                Words(N_("All accounts")),
                "",
                aged.open_count,
                Cell(aged.open, _invoices(asked, aged.currency)),
                Cell(aged.late, _invoices(asked, aged.currency, bucket=LATE)),
                None,
                None,
                None,
            )
        ),
    )


def _debtor(each: AgedAccount, aged: Ageing, together: Money, asked: Asked) -> Row:
    everything = _invoices(asked, aged.currency, account=each.account_id)
    return Row(
        cells(
            each.name,
            each.number,
            Cell(each.invoices, everything),
            Cell(each.open, everything),
            Cell(each.late, _invoices(asked, aged.currency, account=each.account_id, bucket=LATE)),
            max((asked.last - each.oldest_due_on).days, 0),
            Cell(_percent(each.open, aged.open), everything),
            Cell(_percent(together, aged.open), _invoices(asked, aged.currency)),
        ),
        href=f"/accounts/{each.account_id}",
    )


def _invoices(asked: Asked, currency: str, **chosen: object) -> str:
    """Where the ageing has the invoices behind an amount."""
    return asked.only().behind(ageing_sheet.NAME, ageing_sheet.INVOICES, currency=currency, **chosen)


def _groups(session: Session, aged: Ageing, asked: Asked) -> Section:
    by = By(asked.get("by") or By.CONTROLLER)
    found = aged_groups(session, asked.last, aged.currency, _keyed(by))
    names = _names(session, by)
    return Section(
        key=f"late-{aged.currency}",
        title=Words.of(N_("{by}, {currency}"), by=Words(BY_NAMES[by.value]), currency=aged.currency),
        columns=LATE_COLUMNS,
        rows=tuple(_group(each, names, asked.having(currency=aged.currency)) for each in found),
        total=Row(
            cells(
                Words(N_("All accounts")),
                sum(each.accounts for each in found),
                Cell(aged.open, asked.behind(LATE_NAME, "open", currency=aged.currency)),
                Cell(aged.late, asked.behind(LATE_NAME, LATE, currency=aged.currency)),
                Cell(_percent(aged.late, aged.open), asked.behind(LATE_NAME, LATE, currency=aged.currency)),
                Cell(
                    Money.sum((each.over_90 for each in found), aged.currency),
                    asked.behind(LATE_NAME, LATE, currency=aged.currency),
                ),
            )
        ),
    )


def _group(each: AgedGroup, names: dict[str, str | Words], asked: Asked) -> Row:
    key = NOBODY if each.key is None else each.key
    name = Words(N_("None")) if each.key is None else names.get(each.key, each.key)
    return Row(
        cells(
            name,
            Cell(each.accounts, asked.behind(LATE_NAME, "open", key=key)),
            Cell(each.open, asked.behind(LATE_NAME, "open", key=key)),
            Cell(each.late, asked.behind(LATE_NAME, LATE, key=key)),
            Cell(_percent(each.late, each.open), asked.behind(LATE_NAME, LATE, key=key)),
            Cell(each.over_90, asked.behind(LATE_NAME, LATE, key=key)),
        )
    )


def _keyed(by: By) -> Select[int, Any]:
    match by:
        case By.CONTROLLER:
            return select(Assignment.account_id.label("id"), cast(Assignment.staff_id, String).label("key"))
        case By.GROUP:
            return select(GroupMember.account_id.label("id"), cast(GroupMember.group_id, String).label("key"))
        case By.COUNTRY:
            return select(Account.id, Account.country.label("key"))
        case By.LANGUAGE:
            return select(Account.id, Account.language.label("key"))
        case By.FORM:
            return select(Account.id, cast(Account.legal_form, String).label("key"))


def _names(session: Session, by: By) -> dict[str, str | Words]:
    match by:
        case By.CONTROLLER:
            return {str(row.id): row.name for row in session.execute(select(StaffMember.id, StaffMember.name))}
        case By.GROUP:
            return {str(row.id): row.name for row in session.execute(select(AccountGroup.id, AccountGroup.name))}
        case By.FORM:
            return {form.value: Words(words) for form, words in LEGAL_FORM_NAMES.items()}
        case _:
            return {}


def _among(by: By, key: str | None) -> ColumnElement[bool]:
    """The accounts whose key this is; those that have none where it is None."""
    match by:
        case By.COUNTRY:
            return Account.country.is_(None) if key is None else Account.country == key
        case By.LANGUAGE:
            return Account.language == (key or "")
        case By.FORM:
            return Account.legal_form == LegalForm(key) if key in set(LegalForm) else literal(False)
        case _:
            keyed = _keyed(by).subquery("keyed").c
            of_key = select(keyed.id).where(keyed.key == key)
            return Account.id.in_(of_key) if key is not None else Account.id.not_in(select(keyed.id))


def _percent(part: Money, whole: Money) -> Decimal | None:
    return round(Decimal(100 * part.minor) / whole.minor, 1) if whole.minor > 0 else None


DEBTORS = Report(
    name=DEBTORS_NAME,
    words=N_("Largest debtors"),
    lead=N_("Who owed most at the end of a day, and how much of the whole they owed together. No credit is taken off."),
    group=Group.OWED,
    make=make_debtors,
    choices=(
        Choice(
            "order",
            N_("Order of the accounts"),
            {key: ageing_sheet.ORDER_NAMES[key] for key in (Order.OPEN.value, Order.LATE.value)},
        ),
    ),
    icon="people",
)
"""Who owes most."""
LATE_BY = Report(
    name=LATE_NAME,
    words=N_("Late by kind of account"),
    lead=N_(
        "What was open and late at the end of a day, by what accounts share now: who looks after them, their group, "
        "country, language or legal form."
    ),
    group=Group.OWED,
    make=make_late,
    rows=late_rows,
    choices=(Choice("by", N_("What accounts share"), BY_NAMES),),
    more=("currency",),
    icon="late",
)
"""What is late by what accounts share."""
