"""The forecast over the books: what is learned, what is agreed, what stands apart, and how it is judged later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from domain.importing.mapping import FileMapping
from domain.policies import groups
from domain.receivables.model import Invoice
from domain.reporting.forecasting import learning, making
from domain.reporting.forecasting.delays import MONTH_DAYS, THOUSAND, learned, shrunk
from domain.reporting.forecasting.expecting import WEEKS, Expected, Method
from domain.reporting.forecasting.judging import records
from domain.reporting.forecasting.owed import Apart
from domain.reporting.forecasting.soon import SOON, soon
from domain.reporting.sheets import keeping
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.money import Money
from domain.stops import writing as stops
from domain.stops.model import StopKind
from tests.support.builders import a_receipt, an_account, an_invoice, live_allocations, money, take_back
from tests.support.disputing import contest
from tests.support.ibm import IBM, IBM_MAPPING, needs_ibm
from tests.support.importing import booked
from tests.support.outside import MemoryStore
from tests.support.planning import a_running_plan
from tests.support.promising import a_promise
from tests.support.settling import an_accepted_offer

A_DAY = timedelta(days=1)


def learn(session: Session, account_ids: Sequence[int]) -> int:
    """Learn how late these accounts pay, and keep it."""
    return learning.keep(session, account_ids, learning.learned_of(session, account_ids))


def of_pounds(session: Session) -> Expected:
    """What is expected in pounds."""
    return making.forecast(session)["GBP"]


def weeks_of(found: Expected, method: Method) -> dict[int, int]:
    """The weeks in which anything is expected."""
    return {week: minor for week, minor in enumerate(found.weeks[method]) if minor}


def test_what_was_paid_says_how_late_somebody_pays(session: Session) -> None:
    account, other = an_account(session), an_account(session)
    day = today(session)
    due = day - timedelta(days=20)
    on_time, late, bounced = (
        an_invoice(session, account, "100", issued_on=due - 30 * A_DAY, due_on=due) for _ in range(3)
    )
    a_receipt(session, account, "100", due - 2 * A_DAY, on_time)
    a_receipt(session, account, "25", due + 5 * A_DAY, late)
    a_receipt(session, account, "100", due, bounced)
    take_back(session, live_allocations(session, bounced)[0], effective_on=due + 3 * A_DAY)

    assert learning.is_stale(session)
    assert learn(session, [account.id, other.id]) == 1
    assert learning.known(session, [account.id, other.id]) == {account.id: {-2: 1000, 5: 250}}
    assert not learning.is_stale(session)


def test_a_group_stands_beside_its_accounts_and_everybody_beside_the_group(session: Session) -> None:
    account, other = an_account(session), an_account(session)
    group = groups.make(session, "Retail", actor=OPERATOR)
    groups.put_in(session, group.id, account.id, actor=OPERATOR)
    due = today(session) - timedelta(days=20)
    for who, days in ((account, 5), (other, 9)):
        invoice = an_invoice(session, who, "100", issued_on=due - 30 * A_DAY, due_on=due)
        a_receipt(session, who, "100", due + days * A_DAY, invoice)
    learn(session, [account.id, other.id])

    found = learning.everybody(session)

    assert found.whole == {5: 1000, 9: 1000}
    assert found.groups == {group.id: shrunk({5: 1000}, found.whole)}
    assert learning.groups_of(session, [account.id, other.id]) == {account.id: group.id}


@needs_ibm
def test_the_real_ledger_is_learned_as_it_is_reckoned_by_hand(db: Database, clock: MovableClock) -> None:
    booked(db, IBM.read_bytes(), FileMapping.from_toml(IBM_MAPPING.read_text()))
    with db.transaction() as session:
        day = today(session)
        ids = learning.accounts_after(session, 0, 1000)
        learn(session, ids)
        found = learning.known(session, ids)
        paid: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for invoice in session.query(Invoice):
            (allocation,) = live_allocations(session, invoice)
            ago = (day - allocation.effective_on).days
            if 0 < ago <= 24 * MONTH_DAYS:
                late = (allocation.effective_on - invoice.due_on).days
                paid[invoice.account_id].append((late, ago // MONTH_DAYS, THOUSAND))

    expected = {account_id: delays for account_id, rows in paid.items() if (delays := learned(rows))}
    assert found == expected


def test_what_is_open_is_in_a_week_or_apart_by_every_method(session: Session) -> None:
    day = today(session)
    account = an_account(session)
    disputed = an_invoice(session, account, "70", due_on=day + 3 * A_DAY)
    contest(session, account, disputed, "30")
    hopeless = an_account(session)
    an_invoice(session, hopeless, "55")
    stops.write(session, hopeless.id, StopKind.BREATHING_SPACE, "staff:1", actor=OPERATOR)
    a_running_plan(session, MemoryStore(), "90")
    a_promise(session, "120", days=20, of="50")
    an_accepted_offer(session, "200", pays="150")
    credited = an_account(session)
    an_invoice(session, credited, "40")
    a_receipt(session, credited, "15", day)

    found = of_pounds(session)

    total = sum(invoice.open_minor for invoice in session.query(Invoice))
    assert [found.open_by(method) for method in Method] == [total] * 3
    assert found.apart == {Apart.CONTESTED: 3000, Apart.UNLIKELY: 5500, Apart.CREDIT: 1500, Apart.GIVEN_UP: 5000}


def test_a_promise_and_a_plan_are_expected_on_their_days(session: Session) -> None:
    day = today(session)
    _, promise = a_promise(session, "120", days=20, of="50")
    a_running_plan(session, MemoryStore(), "90")
    week = (promise.promised_on - (day - day.weekday() * A_DAY)).days // 7

    found = of_pounds(session)

    assert weeks_of(found, Method.DUE) == {0: 21000}
    agreed = weeks_of(found, Method.AGREED)
    assert (agreed[0], agreed[week]) == (7000, 5000)
    assert sum(agreed.values()) == 21000
    assert len(agreed) == 5


def test_what_came_of_a_promise_is_not_expected_again(session: Session) -> None:
    account, _ = a_promise(session, "120", days=20, of="50")
    (invoice,) = session.query(Invoice).filter_by(account_id=account.id)
    a_receipt(session, account, "30", today(session), invoice)

    found = weeks_of(of_pounds(session), Method.AGREED)

    assert sorted(found.values()) == [2000, 7000]


def test_the_accounts_behind_a_number_add_up_to_it(session: Session) -> None:
    for amount in ("10", "20", "30"):
        an_invoice(session, an_account(session), amount)

    rows = list(making.by_account(session, making.owing(session)))

    assert len(rows) == 3
    assert sum(sum(each.expected.weeks[Method.DUE]) for each in rows) == 6000
    assert [each.account_id for each in making.by_account(session, making.owing(session, largest=1))] == [
        max(rows, key=lambda each: sum(each.expected.weeks[Method.DUE])).account_id
    ]


def test_the_forecast_is_kept_and_judged_by_what_came(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        day = today(session)
        monday = day - day.weekday() * A_DAY
        account = an_account(session)
        invoice = an_invoice(session, account, "100", issued_on=monday - 40 * A_DAY, due_on=monday - 10 * A_DAY)
        assert making.keep(session, today(session), making.forecast(session)) == 3 * WEEKS
        assert making.is_kept(session, monday)
        assert making.keep(session, today(session), making.forecast(session)) == 3 * WEEKS
        assert records(session, day) == []
        a_receipt(session, account, "60", day, invoice)
        sold_later = an_invoice(session, account, "70", issued_on=day, due_on=day)
        a_receipt(session, account, "70", day, sold_later)

    clock.advance(days=7)

    with db.reading() as session:
        assert not making.is_kept(session, monday + 7 * A_DAY)
        by_due_date = records(session, today(session))[0]
        made_on, kept = making.kept_on(session, today(session)) or (date.min, {})

    assert (by_due_date.method, by_due_date.horizon, by_due_date.judged.weeks) == (Method.DUE, 1, 1)
    assert (by_due_date.judged.expected, by_due_date.judged.came) == (10000, 6000)
    assert (made_on, kept["GBP"][Method.DUE][monday]) == (day, money("100").minor)


def test_what_is_expected_soon_is_as_it_is_now_while_books_are_short(db: Database) -> None:
    with db.transaction() as session:
        day = today(session)
        an_invoice(session, an_account(session), "100", issued_on=day, due_on=day + 3 * A_DAY)
        making.keep(session, day, making.forecast(session))
        a_promise(session, "80", days=10)
        found, live = soon(session, day), of_pounds(session)

    assert not found.is_kept
    assert [amount.minor for amount in found.weeks["GBP"]] == live.weeks[Method.LEARNED][:SOON]
    assert found.together("GBP") == Money(sum(live.weeks[Method.LEARNED][:SOON]), "GBP")
    assert live.weeks[Method.LEARNED][1] >= money("80").minor
    assert found.together("USD") is None


def test_of_long_books_what_is_expected_soon_is_by_the_forecast_kept_last(
    db: Database, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "SMALL_BOOKS", 0)
    with db.transaction() as session:
        day = today(session)
        for due in (day + 3 * A_DAY, day + 40 * A_DAY):
            an_invoice(session, an_account(session), "100", issued_on=day, due_on=due)
        before = soon(session, day)
        kept = making.forecast(session)
        making.keep(session, day, kept)
        a_promise(session, "80", days=10)
    clock.advance(weeks=1)
    with db.reading() as session:
        found = soon(session, today(session))
    clock.advance(weeks=WEEKS - 4)
    with db.reading() as session:
        later = soon(session, today(session))

    assert before.weeks == {}
    assert (found.is_kept, found.made_on) == (True, day)
    assert [amount.minor for amount in found.weeks["GBP"]] == kept["GBP"].weeks[Method.LEARNED][1 : SOON + 1]
    assert later.weeks == {}
