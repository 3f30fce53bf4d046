"""Discounts: honoured when confirmed in time, posted with their tax, gone with the payment that earned them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, Login
from domain.invoicing import numbering
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.early_discounts import Offer, offers
from domain.invoicing.model import EarlyDiscount as Granted
from domain.invoicing.numbering import Series
from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment
from domain.policies.sections import EarlyDiscount, Sections
from domain.processing.money_left import would_uncover
from domain.processing.receipts.returning import return_receipt
from domain.processing.reconciling.payments import reconcile_intent
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now, today
from domain.shared.money import Money
from domain.stops.model import StopKind
from domain.stops.writing import write
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque, open_of, stands
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import Debt, fail_late, open_page, succeed
from tests.support.policies import a_policy

TWO_TEN = EarlyDiscount(percent=Decimal(2), days=10)


def a_discounted(session: Session, terms: EarlyDiscount = TWO_TEN, tax: str = "20") -> tuple[Account, Invoice]:
    """An invoice of 120 by these terms, issued today."""
    a_policy(session, Sections(early_discount=terms))
    account = an_account(session)
    return account, an_invoice(session, account, "120", tax=tax)


def paid(session: Session, account: Account, invoice: Invoice, amount: str, on: date | None = None) -> Payment:
    """A cheque for the invoice."""
    return a_cheque(session, account, amount, on=on, wanted={invoice.id: money(amount)})


def ledger(session: Session) -> list[Money]:
    """What stands on discounts allowed and on tax payable."""
    return [balance_of(session, each, "GBP") for each in (LedgerAccount.DISCOUNTS_ALLOWED, LedgerAccount.TAX_PAYABLE)]


def granted(session: Session) -> list[tuple[int, int]]:
    """Every discount with its tax, in minor units."""
    return [(row.amount_minor, row.tax_minor) for row in session.scalars(select(Granted).order_by(Granted.id))]


def test_a_payment_in_time_settles_the_invoice_with_its_discount_and_its_tax(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)

        paid(session, account, invoice, "117.60")

        assert granted(session) == [(240, 40)]
        assert open_of(session, invoice) == [money("0")]
        assert ledger(session) == [money("2.00"), money("-19.60")]


@pytest.mark.parametrize(("days", "left"), [(10, "0"), (11, "2.40")])
def test_the_tenth_day_is_in_time_and_the_eleventh_is_not(
    db: Database, clock: MovableClock, days: int, left: str
) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
    clock.advance(days=days)

    with db.transaction() as session:
        paid(session, account, invoice, "117.60")

        assert open_of(session, invoice) == [money(left)]


def test_a_cheque_counts_from_the_day_on_which_it_was_received(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
    clock.advance(days=12)

    with db.transaction() as session:
        paid(session, account, invoice, "117.60", on=today(session) - timedelta(days=2))

        assert open_of(session, invoice) == [money("0")]


def test_whoever_pays_more_than_enough_keeps_the_rest_as_credit_and_who_pays_too_little_has_no_discount(
    db: Database,
) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        other = an_invoice(session, account, "120", tax="20")

        paid(session, account, invoice, "120")
        paid(session, account, other, "117.59")

        assert granted(session) == [(240, 40)]
        assert open_of(session, invoice, other) == [money("0"), money("2.41")]
        assert stands(session, account) == (money("2.41"), money("2.40"))


def test_a_card_that_paid_everything_in_time_has_its_discount_and_the_rest_is_credit(
    db: Database,
) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        debt = Debt(account.id, [invoice.id], _login(session), 0)

    started = open_page(db, FakeProcessor(), debt, {invoice.id: money("120")})
    succeed(db, started.public_id, money("120"))

    with db.transaction() as session:
        assert granted(session) == [(240, 40)]
        assert stands(session, account) == (money("0"), money("2.40"))


def test_an_invoice_that_was_credited_while_its_payment_ran_has_the_discount_of_what_was_left(
    db: Database,
) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        debt = Debt(account.id, [invoice.id], _login(session), 0)
    started = open_page(db, FakeProcessor(), debt, {invoice.id: money("117.60")})
    with db.transaction() as session:
        again = session.get_one(Account, account.id), session.get_one(Invoice, invoice.id)
        issue_credit_note(session, *again, money("60"), reason="Came broken", actor=OPERATOR)

    succeed(db, started.public_id, money("117.60"))

    with db.transaction() as session:
        assert [amount for amount, _ in granted(session)] == [120]
        assert stands(session, account) == (money("0"), money("58.80"))


def test_money_without_a_word_that_is_just_enough_settles_the_oldest_with_their_discounts(db: Database) -> None:
    with db.transaction() as session:
        account, first = a_discounted(session)
        second, third = an_invoice(session, account, "120", tax="20"), an_invoice(session, account, "120", tax="20")

        a_cheque(session, account, "235.20")

        assert open_of(session, first, second, third) == [money("0"), money("0"), money("120")]
        assert granted(session) == [(240, 40), (240, 40)]


def test_money_without_a_word_that_is_more_than_enough_goes_on_to_the_next_invoice(db: Database) -> None:
    with db.transaction() as session:
        account, first = a_discounted(session)
        second = an_invoice(session, account, "120", tax="20")

        a_cheque(session, account, "120")

        assert open_of(session, first, second) == [money("0"), money("117.60")]
        assert granted(session) == [(240, 40)]


def test_a_part_earns_its_share_where_the_terms_say_so(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session, EarlyDiscount(percent=Decimal(2), days=10, shares=True))

        paid(session, account, invoice, "58.80")
        paid(session, account, invoice, "58.80")

        assert [amount for amount, _ in granted(session)] == [120, 120]
        assert open_of(session, invoice) == [money("0")]


def test_without_shares_the_last_part_in_time_earns_the_whole(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)

        paid(session, account, invoice, "60")
        paid(session, account, invoice, "57.60")

        assert granted(session) == [(240, 40)]


def test_a_receipt_takes_its_number_before_its_discount_does(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        taken: list[Series] = []

        def take(_: Session, series: Series) -> str:
            taken.append(series)
            return f"{series.value}1"

        monkeypatch.setattr(numbering, "take", take)

        paid(session, account, invoice, "117.60")

        assert taken == [Series.RECEIPT, Series.CREDIT_NOTE]


def test_tax_is_left_alone_where_the_terms_leave_it(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(
            session, EarlyDiscount(percent=Decimal(2), days=10, tax_in_base=False, corrects_tax=False)
        )

        paid(session, account, invoice, "118.00")

        assert granted(session) == [(200, 0)]
        assert ledger(session) == [money("2.00"), money("-20.00")]


def test_a_disputed_part_is_not_asked_for_and_earns_nothing(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        write(
            session,
            account.id,
            StopKind.DISPUTE,
            "dispute:1",
            actor=OPERATOR,
            invoice_id=invoice.id,
            amount=money("20"),
        )

        paid(session, account, invoice, "98.00")

        assert granted(session) == [(200, 33)]
        assert open_of(session, invoice) == [money("20.00")]


def test_a_returned_cheque_takes_its_discount_along(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_discounted(session)
        cheque = paid(session, account, invoice, "117.60")

        foreseen = would_uncover(session, cheque, cheque.amount)
        return_receipt(session, cheque, today(session), reason="No funds", actor=OPERATOR)

        assert [each.amount for each in foreseen] == [money("120")]
        assert open_of(session, invoice) == [money("120")]
        assert ledger(session) == [money("0"), money("-20.00")]


@pytest.mark.parametrize(("minutes", "left"), [(0, "0"), (1, "2.40")])
def test_a_quote_is_honoured_until_the_day_ends_where_the_customer_is(
    db: Database, clock: MovableClock, minutes: int, left: str
) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(early_discount=TWO_TEN))
        account = an_account(session, time_zone="America/New_York")
        invoice = an_invoice(session, account, "120", tax="20")
        debt = Debt(account.id, [invoice.id], _login(session), 0)
    clock.advance(days=10, hours=15, minutes=30)
    started = open_page(db, FakeProcessor(), debt, {invoice.id: money("117.60")})
    clock.advance(minutes=29 + minutes)

    with db.transaction() as session:
        reconcile_intent(session, a_success(started.public_id, money("117.60"), now(session)))

        assert open_of(session, invoice) == [money(left)]


def test_a_debit_that_failed_does_not_make_a_later_try_early(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(early_discount=TWO_TEN))
        account = an_account(session)
        invoice = an_invoice(session, account, "120", tax="20")
        debt = Debt(account.id, [invoice.id], _login(session), 0)
    started = open_page(db, FakeProcessor(), debt, {invoice.id: money("117.60")})
    fail_late(db, started.public_id, money("117.60"))
    clock.advance(days=11)

    with db.transaction() as session:
        reconcile_intent(session, a_success(started.public_id, money("117.60"), now(session)))

        assert open_of(session, invoice) == [money("2.40")]


AMOUNTS = some.integers(1, 10_000_000)


@given(payable=AMOUNTS, percent=some.decimals("0.01", "99", places=2), paid=AMOUNTS, shares=some.booleans())
def test_no_payment_earns_more_than_the_saving_and_none_below_enough_more_than_is_missing(
    payable: int, percent: Decimal, paid: int, shares: bool
) -> None:
    saves = money("0.01").times(payable * percent / 100)
    offer = Offer(
        1,
        Money(payable, "GBP"),
        min(saves, Money(max(payable - 1, 0), "GBP")),
        date(2026, 3, 26),
        date(2026, 3, 26),
        shares,
        1,
    )

    earned = offer.earned_by(Money(min(paid, payable), "GBP"))

    assert 0 <= earned.minor <= offer.saves.minor
    assert earned.minor + min(paid, offer.settles.minor) <= payable
    assert offer.earned_by(offer.settles) == offer.earned_by(offer.payable) == offer.saves


def test_an_invoice_without_terms_offers_nothing(db: Database) -> None:
    with db.transaction() as session:
        invoice = an_invoice(session, an_account(session), "120")
        a_policy(session, Sections(early_discount=TWO_TEN))

        assert offers(session, [invoice.id], today(session)) == {}


def _login(session: Session) -> int:
    login = Login(email="ana@example.com", name="Ana", language="en", created_at=now(session))
    session.add(login)
    session.flush()
    return login.id
