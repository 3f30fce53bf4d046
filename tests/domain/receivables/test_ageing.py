"""Ageing: buckets meet without a gap, the past stays as it was, and everything adds up to the receivable."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.invoicing.issuing import void
from domain.receivables.ageing import BUCKETS, Bucket, ageing, ageing_of
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.builders import a_receipt, an_account, an_invoice, live_allocations, money, take_back

DUE = date(2026, 1, 31)


@pytest.mark.parametrize(
    ("days_late", "bucket"),
    [
        (-40, Bucket.CURRENT),
        (0, Bucket.CURRENT),
        (1, Bucket.DAYS_1_30),
        (30, Bucket.DAYS_1_30),
        (31, Bucket.DAYS_31_60),
        (60, Bucket.DAYS_31_60),
        (61, Bucket.DAYS_61_90),
        (90, Bucket.DAYS_61_90),
        (91, Bucket.DAYS_91_120),
        (120, Bucket.DAYS_91_120),
        (121, Bucket.OVER_120),
        (4000, Bucket.OVER_120),
    ],
)
def test_each_bucket_begins_the_day_after_the_one_before_it_ends(db: Database, days_late: int, bucket: Bucket) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "10.00", issued_on=DUE - timedelta(days=60), due_on=DUE)

        found = ageing_of(session, account.id, DUE + timedelta(days=days_late))

    assert {name: share.count for name, share in found.buckets.items() if share.count} == {bucket: 1}


def test_a_past_ageing_is_what_it_was_although_all_has_been_paid_since(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100.00", issued_on=date(2026, 1, 1), due_on=DUE)
        a_receipt(session, account, "30.00", date(2026, 2, 10), invoice)
        a_receipt(session, account, "70.00", date(2026, 3, 5), invoice)

        before = ageing_of(session, account.id, date(2026, 2, 9))
        between = ageing_of(session, account.id, date(2026, 3, 4))
        after = ageing_of(session, account.id, date(2026, 3, 5))

    assert before.buckets[Bucket.DAYS_1_30].amount == money("100.00")
    assert between.buckets[Bucket.DAYS_31_60].amount == money("70.00")
    assert (after.open, after.open_count) == (money("0"), 0)


def test_an_invoice_counts_from_the_day_it_was_issued(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "12.00", issued_on=date(2026, 3, 2))

        days = [ageing_of(session, account.id, date(2026, 3, day)).open for day in (1, 2)]

    assert days == [money("0"), money("12.00")]


def test_a_void_invoice_was_never_owed(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "12.00", issued_on=date(2026, 3, 2))
        void(session, invoice, why="Sent to the wrong customer", actor=OPERATOR)

        found = ageing_of(session, account.id, date(2026, 3, 2))

    assert found.total == money("0")


def test_unapplied_credit_stands_apart_and_the_total_is_the_receivable(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "80.00", issued_on=date(2026, 1, 1), due_on=DUE)
        a_receipt(session, account, "100.00", date(2026, 2, 10), invoice)
        an_invoice(session, account, "50.00", issued_on=date(2026, 2, 11), due_on=date(2026, 3, 11))

        found = ageing_of(session, account.id, date(2026, 2, 11))

    assert (found.current, found.late) == (money("50.00"), money("0"))
    assert (found.credit.amount, found.credit.count) == (money("20.00"), 1)
    assert found.total == money("30.00")


def test_an_allocation_taken_back_opens_the_invoice_from_that_day_on(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "80.00", issued_on=date(2026, 1, 1), due_on=DUE)
        a_receipt(session, account, "80.00", date(2026, 2, 10), invoice)
        [allocation] = live_allocations(session, invoice)
        take_back(session, allocation, effective_on=date(2026, 2, 20))

        before = ageing_of(session, account.id, date(2026, 2, 19))
        after = ageing_of(session, account.id, date(2026, 2, 20))

    assert (before.late, before.credit.amount) == (money("0"), money("0"))
    assert (after.late, after.credit.amount) == (money("80.00"), money("80.00"))


def test_the_business_is_aged_by_currency_and_an_account_alone(db: Database) -> None:
    with db.transaction() as session:
        pounds, other = an_account(session), an_account(session)
        dollars = an_account(session, currency="USD")
        an_invoice(session, pounds, "10.00", issued_on=date(2026, 1, 1), due_on=DUE)
        an_invoice(session, other, "5.00", issued_on=date(2026, 1, 1), due_on=date(2026, 3, 1))
        an_invoice(session, dollars, "7.00", issued_on=date(2026, 1, 1), due_on=DUE)

        everybody = ageing(session, date(2026, 2, 20))
        alone = ageing_of(session, pounds.id, date(2026, 2, 20))

    assert everybody["GBP"].late == money("10.00")
    assert everybody["GBP"].current == money("5.00")
    assert everybody["USD"].total == money("7.00", "USD")
    assert alone.open == money("10.00")


def test_an_account_without_anything_has_an_ageing_of_nothing_in_its_currency(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, currency="JPY")

        found = ageing_of(session, account.id, DUE)

    assert found.total == money("0", "JPY")
    assert list(found.buckets) == list(BUCKETS)
