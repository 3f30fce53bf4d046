"""Streams: opened once, locked one by one, and never in each other's way, on threads that really commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from domain.ledger.balances import receivable, trial_balance
from domain.ledger.checks import check_books
from domain.ledger.posting import AlreadyPosted, post_many
from domain.ledger.streams import open_account_stream, open_account_streams
from domain.shared.db.session import Database
from domain.shared.money import Money
from tests.support.entries import open_accounts, post_payment, post_sale, post_settlement, sale

THREADS = 8
EACH = 12


def at_once(work: Callable[[int], object]) -> list[object]:
    """Run `work` on eight threads that start together, and give what each returned."""
    barrier = Barrier(THREADS)

    def start(thread: int) -> object:
        barrier.wait()
        return work(thread)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(start, range(THREADS)))


def test_an_account_has_one_stream(db: Database) -> None:
    with db.transaction() as session:
        open_account_stream(session, 1, "GBP")

        with pytest.raises(ValueError, match="has its stream already"):
            open_account_stream(session, 1, "USD")


def test_many_accounts_get_their_streams_at_once(db: Database) -> None:
    with db.transaction() as session:
        open_account_streams(session, {1: "GBP", 2: "USD"})
        open_account_streams(session, {})

        assert [receivable(session, account) for account in (1, 2)] == [Money(0, "GBP"), Money(0, "USD")]


def test_eight_threads_post_to_one_account(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        open_accounts(session, 1)

    def work(thread: int) -> None:
        for n in range(EACH):
            with committed_db.transaction() as session:
                post_sale(session, 1, 100, f"I-{thread}-{n}")

    at_once(work)

    with committed_db.reading() as session:
        assert receivable(session, 1) == Money(100 * THREADS * EACH, "GBP")
        assert check_books(session) == []


def test_eight_threads_post_to_many_accounts_and_one_processor(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        open_accounts(session, *range(1, 6))

    def work(thread: int) -> None:
        for n in range(EACH):
            with committed_db.transaction() as session:
                post_payment(session, (thread + n) % 5 + 1, 100, f"P-{thread}-{n}")
                post_settlement(session, 100, 3, f"txn_{thread}_{n}")

    at_once(work)

    with committed_db.reading() as session:
        balances = {line.ledger_account.value: line.balance.minor for line in trial_balance(session)}
        assert balances == {
            "receivable": -100 * THREADS * EACH,
            "receipts_awaiting_settlement": 0,
            "card_clearing": 97 * THREADS * EACH,
            "processor_fees": 3 * THREADS * EACH,
        }
        assert check_books(session) == []


def test_eight_threads_post_one_event_once(committed_db: Database) -> None:
    with committed_db.transaction() as session:
        open_accounts(session, *range(1, THREADS + 1))

    def work(thread: int) -> str:
        try:
            with committed_db.transaction() as session:
                post_sale(session, thread + 1, 100, "I-1")
        except AlreadyPosted:
            return "posted already"
        return "posted"

    outcomes = Counter(at_once(work))

    assert outcomes == {"posted": 1, "posted already": THREADS - 1}


def test_eight_threads_open_the_processors_stream_on_first_use(committed_db: Database) -> None:
    def work(thread: int) -> int:
        with committed_db.transaction() as session:
            return post_settlement(session, 100, 3, f"txn_{thread}").seq

    assert sorted(at_once(work), key=str) == list(range(1, THREADS + 1))


def test_batches_of_the_same_accounts_do_not_lock_each_other_out(committed_db: Database) -> None:
    accounts = range(1, 6)
    with committed_db.transaction() as session:
        open_accounts(session, *accounts)

    def work(thread: int) -> None:
        order = list(accounts) if thread % 2 else list(reversed(accounts))
        for n in range(4):
            with committed_db.transaction() as session:
                post_many(session, [sale(account, 100, f"I-{thread}-{n}-{account}") for account in order])

    at_once(work)

    with committed_db.reading() as session:
        assert [receivable(session, account).minor for account in accounts] == [100 * THREADS * 4] * 5
        assert check_books(session) == []
