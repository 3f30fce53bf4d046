"""Trying: what ruled all along gives what happened; another draft is told apart; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import LegalForm
from domain.invoicing.credit_notes import issue_credit_note
from domain.late_charges.charging import charge_account
from domain.late_charges.facts import rules
from domain.payments.model import Payment
from domain.policies.sections import DueRule, EarlyDiscount, LateInterest, Limits, Reference, Sections, Terms
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import Invoice
from domain.reporting.trial.scope import ALL, accounts_of
from domain.reporting.trial.trying import AccountRow, Trial, try_out
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.base import Base
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.lateness import DAILY, FORTY
from tests.support.policies import a_policy
from tests.support.speaking import Spoken

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 31)
TWO_TEN = EarlyDiscount(percent=Decimal(2), days=10)
RULED = Sections(
    terms=Terms(rule=DueRule.NET, days=20), early_discount=TWO_TEN, late_interest=DAILY, recovery_cost=FORTY
)
Act = Callable[[Session], None]


class Quarter:
    """Accounts whose days are lived one by one: the charges of a day are made, then what is planned for it happens."""

    def __init__(self, db: Database, clock: MovableClock, ruling: Sections | None = RULED) -> None:
        self.db, self.clock = db, clock
        self.go_to(FIRST)
        self.plans: dict[date, list[Act]] = {}
        self.account_ids: list[int] = []
        self.numbers: list[int] = []
        if ruling is not None:
            with db.transaction() as session:
                a_policy(session, ruling)

    def go_to(self, day: date) -> None:
        """Early on that day."""
        self.clock.move_to(datetime.combine(day, time(3), UTC))

    def account(self, **more: str) -> int:
        """One more account, of a company."""
        with self.db.transaction() as session:
            found = an_account(session, legal_form=LegalForm.COMPANY, **more).id
        self.account_ids.append(found)
        return found

    def plan(self, day: date, act: Act) -> None:
        """Let something happen on a day, if it is within the quarter."""
        self.plans.setdefault(day, []).append(act)

    def invoice(self, account_id: int, amount: str, on: date = FIRST, **more: object) -> Callable[[Session], Invoice]:
        """An invoice of that day; what comes back finds it in a later session."""
        made: list[int] = []

        def issue(session: Session) -> None:
            account = accounts.lock(session, account_id)
            made.append(an_invoice(session, account, amount, issued_on=on, **more).id)  # type: ignore[arg-type]

        self.plan(on, issue)
        return lambda session: session.get_one(Invoice, made[0])

    def pay(
        self, invoice: Callable[[Session], Invoice], amount: str, on: date, *, entered: date | None = None
    ) -> list[int]:
        """A cheque of a day for it, which may be entered later; its id is in the list once it is there."""
        paid: list[int] = []

        def enter(session: Session) -> None:
            found = invoice(session)
            account = accounts.lock(session, found.account_id)
            paid.append(a_cheque(session, account, amount, on=on, wanted={found.id: money(amount)}).id)

        self.plan(entered or on, enter)
        return paid

    def live(self, last: date = LAST) -> None:
        """Each day: its charges first, then what was planned for it."""
        for number in range((last - FIRST).days + 1):
            day = FIRST + number * DAY
            self.go_to(day)
            for account_id in self.account_ids:
                with self.db.transaction() as session:
                    charge_account(
                        session, account_id, rules(session), before=day - DAY, since=None, speak=Spoken, actor=WORKER
                    )
            for act in self.plans.get(day, ()):
                with self.db.transaction() as session:
                    act(session)
        self.go_to(last + DAY)

    def tried(self, sections: Sections, first: date = FIRST, last: date = LAST) -> Trial:
        """The trial of these sections."""
        with self.db.reading() as session:
            return try_out(session, sections, accounts_of(session, 0, ALL), first, last)


def sums(trial: Trial, key: str) -> tuple[int, int]:
    """What would have been and what was, of all in pounds."""
    (of_pounds,) = trial.currencies or (None,)
    return (of_pounds.totals[key].would, of_pounds.totals[key].was) if of_pounds else (0, 0)


def only(trial: Trial) -> AccountRow:
    """The one account of which there is something to say."""
    ((row,),) = (each.rows for each in trial.currencies)
    return row


def some_history(quarter: Quarter, random: Random) -> None:
    """Invoices that are paid early, in parts, late, too late to be seen, not at all, and by cheques that bounce."""
    for _ in range(3):
        account_id = quarter.account()
        for _ in range(3):
            issued = FIRST + random.randrange(40) * DAY
            minor = random.randrange(20_000, 200_000)
            amount = f"{minor / 100:.2f}"
            invoice = quarter.invoice(account_id, amount, issued, tax=f"{minor // 6 / 100:.2f}")
            habit = random.choice(["discount", "full", "parts", "late", "entered_late", "never", "bounces", "note"])
            on = issued + random.randrange(1, 25) * DAY
            less = f"{(minor - round(minor * 0.02)) / 100:.2f}"
            if habit == "discount":
                quarter.pay(invoice, less, issued + random.randrange(1, 11) * DAY)
            elif habit == "full":
                quarter.pay(invoice, amount, on)
            elif habit == "parts":
                quarter.pay(invoice, f"{minor // 3 / 100:.2f}", on)
                quarter.pay(invoice, f"{(minor - minor // 3) / 100:.2f}", on + 17 * DAY)
            elif habit == "late":
                quarter.pay(invoice, amount, issued + 33 * DAY)
            elif habit == "entered_late":
                quarter.pay(invoice, amount, on, entered=on + 11 * DAY)
            elif habit == "bounces":
                _bounces(quarter, quarter.pay(invoice, less, issued + 5 * DAY), issued + 14 * DAY)
            elif habit == "note":
                quarter.plan(on, lambda session, found=invoice: _credited(session, found(session)))  # type: ignore[misc]


def _bounces(quarter: Quarter, paid: list[int], on: date) -> None:
    def come_back(session: Session) -> None:
        payment = session.get_one(Payment, paid[0])
        return_receipt(session, payment, on, reason="no cover", actor=OPERATOR)

    quarter.plan(on, come_back)


def _credited(session: Session, invoice: Invoice) -> None:
    account = accounts.lock(session, invoice.account_id)
    issue_credit_note(session, account, invoice, money("50"), reason="short", actor=OPERATOR)


@pytest.mark.parametrize("seed", range(4))
def test_the_sections_that_ruled_all_along_give_what_happened(db: Database, clock: MovableClock, seed: int) -> None:
    quarter = Quarter(db, clock)
    some_history(quarter, Random(seed))
    quarter.live()

    trial = quarter.tried(RULED)

    behind = [
        entry
        for each in trial.currencies
        for row in each.rows
        for key in ("late_interest", "recovery_cost", "early_discount")
        for entry in row.entries.get(key, ())
    ]
    assert [entry for entry in behind if entry.would != entry.was] == []
    assert len(behind) > 3


def test_every_column_of_that_history_has_something_to_say(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock)
    account_id = quarter.account()
    quarter.pay(quarter.invoice(account_id, "1000"), "980", FIRST + 10 * DAY)
    quarter.invoice(account_id, "500", FIRST + DAY)
    quarter.live()

    trial = quarter.tried(RULED)

    assert sums(trial, "early_discount") == (20_00, 20_00)
    assert sums(trial, "recovery_cost") == (40_00, 40_00)
    assert sums(trial, "late_interest") == (19_00, 19_00)


def test_a_draft_is_tried_on_invoices_that_nothing_governed(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, None)
    account_id = quarter.account()
    quarter.pay(quarter.invoice(account_id, "1000"), "1000", FIRST + 10 * DAY)
    quarter.pay(quarter.invoice(account_id, "2000"), "2000", FIRST + 11 * DAY)
    late = quarter.invoice(account_id, "300", due_on=FIRST + 30 * DAY)
    quarter.pay(late, "300", FIRST + 40 * DAY)
    quarter.live()

    trial = quarter.tried(RULED)

    assert sums(trial, "early_discount") == (20_00, 0)
    assert sums(trial, "recovery_cost") == (40_00, 0)
    assert sums(trial, "late_interest") == (20 * 30, 0)
    row = only(trial)
    (discount,) = row.entries["early_discount"]
    assert [str(words) for words in discount.said] == [
        "Tried: for 1000.00 GBP that came on 2026-01-11 and was due on 2026-01-21. Days sooner: 10."
    ]
    (interest,) = row.entries["late_interest"]
    assert [(piece.days, piece.principal) for piece in interest.rows] == [(20, money("300"))]
    assert row.difference == (20_00 + 40_00 + 6_00, 0, 0, 0, 20_00 + 40_00 + 6_00, 0, 0, 0)


def test_a_draft_is_compared_with_the_version_in_force_tried_on_the_same_days(
    db: Database, clock: MovableClock
) -> None:
    quarter = Quarter(db, clock, None)
    account_id = quarter.account()
    quarter.pay(quarter.invoice(account_id, "1000"), "1000", FIRST + 10 * DAY)
    quarter.pay(quarter.invoice(account_id, "300", due_on=FIRST + 30 * DAY), "300", FIRST + 40 * DAY)
    quarter.live()
    with db.transaction() as session:
        a_policy(session, msgspec.structs.replace(RULED, limits=Limits(limit_minor=100_00)), valid_from=LAST)

    without_costs = quarter.tried(Sections(terms=RULED.terms, late_interest=DAILY))

    (totals,) = [each.totals for each in without_costs.currencies]
    interest, costs, held = (totals[key] for key in ("late_interest", "recovery_cost", "above_limit"))
    assert (interest.would, interest.in_force, interest.was) == (20 * 30, 20 * 30, 0)
    assert interest.difference == 0
    assert (costs.would, costs.in_force, costs.difference) == (0, 40_00, -40_00)
    assert (held.would, held.in_force) == (0, 40)
    (row,) = without_costs.currencies[0].rows
    (entry,) = row.entries["late_interest"]
    assert (entry.would, entry.in_force) == (20 * 30, 20 * 30)
    assert all(each.said for each in row.entries["recovery_cost"])


def test_a_due_day_set_by_hand_stays_where_the_draft_leaves_the_terms_alone(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, None)
    invoice = quarter.invoice(quarter.account(), "300", due_on=FIRST + 30 * DAY)
    quarter.pay(invoice, "300", FIRST + 40 * DAY)
    quarter.live()

    trial = quarter.tried(Sections(late_interest=DAILY))

    assert sums(trial, "late_interest") == (10 * 30, 0)


def test_a_discount_that_was_granted_by_other_terms_is_beside_what_the_draft_gives(
    db: Database, clock: MovableClock
) -> None:
    quarter = Quarter(db, clock)
    quarter.pay(quarter.invoice(quarter.account(), "1000"), "980", FIRST + 10 * DAY)
    quarter.live()

    more, less, none = (
        sums(quarter.tried(Sections(early_discount=section)), "early_discount")
        for section in (
            EarlyDiscount(percent=Decimal(3), days=10),
            EarlyDiscount(percent=Decimal(1), days=14),
            None,
        )
    )

    assert (more, less, none) == ((30_00, 20_00), (10_00, 20_00), (0, 20_00))


@pytest.mark.parametrize(("shares", "granted"), [(False, 20_00), (True, 10_00)])
def test_parts_earn_their_shares_only_where_the_draft_says_so(
    db: Database, clock: MovableClock, shares: bool, granted: int
) -> None:
    quarter = Quarter(db, clock, None)
    invoice = quarter.invoice(quarter.account(), "1000")
    quarter.pay(invoice, "500", FIRST + 4 * DAY)
    quarter.pay(invoice, "500", FIRST + (8 if not shares else 20) * DAY)
    quarter.live()

    draft = Sections(early_discount=EarlyDiscount(percent=Decimal(2), days=10, shares=shares))

    assert sums(quarter.tried(draft), "early_discount") == (granted, 0)


def test_only_what_falls_into_the_period_counts(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock)
    quarter.invoice(quarter.account(), "1000")
    quarter.live()

    whole, march = quarter.tried(RULED), quarter.tried(RULED, date(2026, 3, 1), LAST)

    assert sums(whole, "late_interest") == (39_00, 39_00)
    assert sums(march, "late_interest") == (28_00, 28_00)
    assert sums(march, "recovery_cost") == (0, 0)


def test_a_rate_that_is_missing_is_told_and_nothing_is_guessed(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, None)
    quarter.invoice(quarter.account(), "1000", due_on=FIRST + 10 * DAY)
    quarter.live()

    trial = quarter.tried(Sections(late_interest=LateInterest(margin=Decimal(8), reference=Reference.BOE)))

    assert trial.missing == {(Reference.BOE, date(2025, 12, 31)): 1}
    assert trial.currencies == []


def test_accounts_with_the_biggest_differences_come_first_by_currency(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock, None)
    small, large = quarter.account(number="B-1"), quarter.account(number="A-1")
    dollars = quarter.account(number="C-1", currency="USD")
    quarter.account(number="D-1")
    for account_id, amount in ((small, "100"), (large, "900"), (dollars, "500")):
        quarter.invoice(account_id, amount, due_on=FIRST + 10 * DAY)
    quarter.live()

    trial = quarter.tried(Sections(late_interest=DAILY))

    assert [(each.currency, [row.account.number for row in each.rows]) for each in trial.currencies] == [
        ("GBP", ["A-1", "B-1"]),
        ("USD", ["C-1"]),
    ]
    assert trial.accounts == 4


def test_a_trial_writes_nothing(db: Database, clock: MovableClock) -> None:
    quarter = Quarter(db, clock)
    some_history(quarter, Random(5))
    quarter.live()
    before = everything(db)

    quarter.tried(Sections(late_interest=DAILY, limits=Limits(limit_minor=1, hold_overdue_days=1, check_months=1)))

    assert everything(db) == before
    assert sum(len(rows) for rows in before.values()) > 100


def everything(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with db.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


@pytest.mark.parametrize(("first", "last"), [(LAST, FIRST), (FIRST, LAST + 10 * DAY), (FIRST - 1200 * DAY, LAST)])
def test_a_period_that_cannot_be_meant_is_refused(db: Database, clock: MovableClock, first: date, last: date) -> None:
    quarter = Quarter(db, clock, None)
    quarter.go_to(LAST)

    with pytest.raises(Invalid):
        quarter.tried(Sections(), first, last)
