"""Posting: what is refused, what is written, and that one event is posted once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from domain.ledger.balances import balance_of, receivable, trial_balance
from domain.ledger.chart import LedgerAccount
from domain.ledger.checks import check_books
from domain.ledger.model import ENTRIES, POSTINGS
from domain.ledger.posting import (
    AlreadyPosted,
    Draft,
    EntryKind,
    Leg,
    credit,
    debit,
    post,
    post_many,
    reverse,
)
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from domain.shared.money import LARGEST_MINOR, CurrencyMismatch, Money
from tests.support.entries import DAY, open_accounts, post_payment, post_sale, post_settlement, sale

POUND = Money(100, "GBP")


class Statements:
    """Counts what is sent to the database while it is entered."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.sent: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self.db.bind, "before_cursor_execute", self._note)
        return self.sent

    def __exit__(self, *problem: object) -> None:
        event.remove(self.db.bind, "before_cursor_execute", self._note)

    def _note(self, connection: object, cursor: object, statement: str, *rest: object) -> None:
        self.sent.append(statement)


def test_an_invoice_stands_on_three_ledger_accounts(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)

        post_sale(session, 1, 12_000, "I-1", tax=2_000)

        assert receivable(session, 1) == Money(12_000, "GBP")
        assert balance_of(session, LedgerAccount.SALES, "GBP") == Money(-10_000, "GBP")
        assert balance_of(session, LedgerAccount.TAX_PAYABLE, "GBP") == Money(-2_000, "GBP")


def test_a_leg_of_nothing_is_left_out(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)

        entry = post_sale(session, 1, 500, "I-1", tax=0)

        lines = session.execute(select(POSTINGS.c.ledger_account).where(POSTINGS.c.entry_id == entry.id))
        assert sorted(lines.scalars()) == ["receivable", "sales"]


def test_entries_of_a_stream_are_numbered_and_chained(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1, 2)

        posted = [post_sale(session, account, 100, f"I-{n}") for n, account in enumerate([1, 2, 1, 1])]

        assert [(entry.stream, entry.seq) for entry in posted] == [
            ("account:1", 1),
            ("account:2", 1),
            ("account:1", 2),
            ("account:1", 3),
        ]
        links = session.execute(
            select(ENTRIES.c.prev_hash, ENTRIES.c.hash).where(ENTRIES.c.account_id == 1).order_by(ENTRIES.c.seq)
        ).all()
        assert [links[0].prev_hash, links[1].prev_hash, links[2].prev_hash] == [bytes(32), links[0].hash, links[1].hash]


def test_an_event_is_posted_once(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 100, "I-1")

        with pytest.raises(AlreadyPosted) as refusal:
            post_sale(session, 1, 999, "I-1")

        assert refusal.value.params == {"kind": "invoice_issued", "source": "I-1"}
        assert receivable(session, 1) == POUND
        assert check_books(session) == []


def test_the_same_source_may_stand_under_two_kinds(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 100, "X")

        post_payment(session, 1, 100, "X")

        assert receivable(session, 1) == Money.zero("GBP")


@pytest.mark.parametrize(
    ("legs", "words"),
    [
        ([], "needs a stream"),
        ([debit(LedgerAccount.RECEIVABLE, POUND), credit(LedgerAccount.SALES, POUND)], "names its account"),
        ([debit(LedgerAccount.CARD_CLEARING, POUND), credit(LedgerAccount.SALES, POUND)], "needs a stream"),
        ([debit(LedgerAccount.RECEIVABLE, POUND, account_id=1)], r"out of balance by 1\.00 GBP"),
        (
            [debit(LedgerAccount.RECEIVABLE, POUND, account_id=1), credit(LedgerAccount.SALES, Money(99, "GBP"))],
            r"out of balance by 0\.01 GBP",
        ),
        (
            [
                debit(LedgerAccount.RECEIVABLE, POUND, account_id=1),
                credit(LedgerAccount.CURRENCY_EXCHANGE, Money(100, "USD")),
            ],
            r"out of balance by 1\.00 GBP, -1\.00 USD",
        ),
        (
            [
                debit(LedgerAccount.RECEIVABLE, POUND, account_id=1),
                credit(LedgerAccount.RECEIVABLE, POUND, account_id=2),
            ],
            "two accounts",
        ),
        ([debit(LedgerAccount.RECEIVABLE, Money(0, "GBP"), account_id=1)], "carry something"),
        (
            [
                Leg(LedgerAccount.RECEIVABLE, Money(LARGEST_MINOR + 1, "GBP"), 1),
                Leg(LedgerAccount.SALES, Money(-LARGEST_MINOR - 1, "GBP")),
            ],
            "more than a ledger can hold",
        ),
        (
            [debit(LedgerAccount.RECEIVABLE, POUND, account_id=3), credit(LedgerAccount.SALES, POUND)],
            "open it first",
        ),
    ],
)
def test_what_no_ledger_can_hold_is_refused(db: Database, legs: list[Leg], words: str) -> None:
    with db.transaction() as session:
        open_accounts(session, 1, 2)

        with pytest.raises(ValueError, match=words):
            post(session, kind=EntryKind.INVOICE_ISSUED, source="I-1", effective_on=DAY, legs=legs)

        assert trial_balance(session) == []


def test_an_account_owes_in_its_own_currency_only(db: Database) -> None:
    dollar = Money(100, "USD")
    legs = [debit(LedgerAccount.RECEIVABLE, dollar, account_id=1), credit(LedgerAccount.SALES, dollar)]
    with db.transaction() as session:
        open_accounts(session, 1, currency="GBP")

        with pytest.raises(CurrencyMismatch):
            post(session, kind=EntryKind.INVOICE_ISSUED, source="I-1", effective_on=DAY, legs=legs)


def test_the_side_says_the_sign() -> None:
    with pytest.raises(ValueError, match="not negative"):
        debit(LedgerAccount.CARD_CLEARING, -POUND)
    with pytest.raises(ValueError, match="not negative"):
        credit(LedgerAccount.CARD_CLEARING, -POUND)


def test_another_stream_than_the_accounts_is_refused(db: Database) -> None:
    draft = replace(sale(1, 100, "I-1"), stream="processor:gbp")
    with db.transaction() as session:
        open_accounts(session, 1)

        with pytest.raises(ValueError, match="two streams"):
            post_many(session, [draft])


def test_a_stream_must_say_whose_it_is(db: Database) -> None:
    legs = [debit(LedgerAccount.CARD_CLEARING, POUND), credit(LedgerAccount.AWAITING_SETTLEMENT, POUND)]
    with pytest.raises(ValueError, match="whose stream"), db.transaction() as session:
        post(session, kind=EntryKind.SETTLEMENT, source="txn_1", effective_on=DAY, legs=legs, stream="processor")


def test_a_receipt_settled_in_another_currency_is_zero_in_both(db: Database) -> None:
    dollars, pounds, fee = Money(12_000, "USD"), Money(9_480, "GBP"), Money(298, "GBP")
    legs = [
        debit(LedgerAccount.CURRENCY_EXCHANGE, dollars),
        credit(LedgerAccount.AWAITING_SETTLEMENT, dollars),
        debit(LedgerAccount.CARD_CLEARING, pounds),
        credit(LedgerAccount.CURRENCY_EXCHANGE, pounds),
        debit(LedgerAccount.PROCESSOR_FEES, fee),
        credit(LedgerAccount.CARD_CLEARING, fee),
    ]
    with db.transaction() as session:
        post(session, kind=EntryKind.SETTLEMENT, source="txn_1", effective_on=DAY, legs=legs, stream="processor:gbp")

        assert balance_of(session, LedgerAccount.CARD_CLEARING, "GBP") == Money(9_182, "GBP")
        assert balance_of(session, LedgerAccount.CURRENCY_EXCHANGE, "USD") == dollars
        assert check_books(session) == []


def test_a_posting_takes_four_statements(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 100, "I-1")

        with Statements(db) as sent:
            post_sale(session, 1, 100, "I-2", tax=20)

    assert len(sent) == 4


def test_a_reversal_is_the_mirror_image_in_the_same_stream(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        invoice = post_sale(session, 1, 12_000, "I-1", tax=2_000)

        void = reverse(session, invoice.id, kind=EntryKind.INVOICE_VOIDED, source="I-1")

        assert (void.stream, void.seq, void.effective_on) == ("account:1", 2, date(2026, 3, 16))
        assert {line.balance.minor for line in trial_balance(session)} == {0}
        assert session.scalar(select(ENTRIES.c.reverses_id).where(ENTRIES.c.id == void.id)) == invoice.id
        assert check_books(session) == []


def test_a_settlement_is_reversed_in_its_own_stream(db: Database) -> None:
    with db.transaction() as session:
        settled = post_settlement(session, 12_000, 378, "txn_1")

        back = reverse(session, settled.id, kind=EntryKind.FOREIGN_RECEIPT, source="txn_2", effective_on=DAY)

        assert (back.stream, back.effective_on) == ("processor:gbp", DAY)
        assert {line.balance.minor for line in trial_balance(session)} == {0}


def test_an_entry_is_reversed_once(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        invoice = post_sale(session, 1, 100, "I-1")
        reverse(session, invoice.id, kind=EntryKind.INVOICE_VOIDED, source="I-1")

        with pytest.raises(AlreadyPosted):
            reverse(session, invoice.id, kind=EntryKind.IMPORT_REVERSED, source="I-1")


def test_what_is_not_there_is_not_reversed(db: Database) -> None:
    with pytest.raises(NotFound), db.transaction() as session:
        reverse(session, 999, kind=EntryKind.INVOICE_VOIDED, source="I-1")


@pytest.mark.parametrize("table", ["journal_entry", "posting"])
@pytest.mark.parametrize("act", ["UPDATE {} SET account_id = 2", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_is_posted(db: Database, table: str, act: str) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 100, "I-1")

        refusal = pytest.raises(IntegrityError, match=f"rows of {table} are never changed or deleted")
        with refusal, session.begin_nested():
            session.connection().exec_driver_sql(act.format(table))


def test_many_entries_are_the_same_as_one_after_the_other(db: Database) -> None:
    drafts = [sale(n % 3 + 1, 100 + n, f"I-{n}", tax=n % 5) for n in range(50)]
    settlement = Draft(
        EntryKind.FOREIGN_RECEIPT,
        "txn_1",
        DAY,
        [debit(LedgerAccount.PROCESSOR_FEES, POUND), credit(LedgerAccount.CARD_CLEARING, POUND)],
        stream="processor:gbp",
    )
    with db.transaction() as session:
        open_accounts(session, 1, 2, 3)

        posted = post_many(session, [*drafts, settlement])

        owed: dict[int, int] = defaultdict(int)
        for n in range(50):
            owed[n % 3 + 1] += 100 + n
        assert {account: receivable(session, account).minor for account in (1, 2, 3)} == owed
        assert [entry.account_id for entry in posted] == [*(n % 3 + 1 for n in range(50)), None]
        assert [entry.seq for entry in posted if entry.account_id == 2] == list(range(1, 18))
        assert check_books(session) == []


def test_of_many_entries_none_is_posted_when_one_was_before(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1)
        post_sale(session, 1, 100, "I-7")

        with pytest.raises(AlreadyPosted) as refusal:
            post_many(session, [sale(1, 100, f"I-{n}") for n in range(10)])

        assert refusal.value.params["source"] == "I-7"
        assert receivable(session, 1) == POUND
        assert check_books(session) == []


def test_of_many_entries_none_is_posted_twice_in_one_go(db: Database) -> None:
    with db.transaction() as session:
        open_accounts(session, 1, 2)

        with pytest.raises(AlreadyPosted):
            post_many(session, [sale(1, 100, "I-1"), sale(2, 100, "I-1")])

        assert trial_balance(session) == []


def test_nothing_is_posted_for_nothing(db: Database) -> None:
    with db.transaction() as session:
        assert post_many(session, []) == []


def test_twenty_thousand_entries_take_few_statements(db: Database) -> None:
    drafts = (sale(n % 40 + 1, 100, f"I-{n}", tax=20) for n in range(20_000))
    with db.transaction() as session:
        open_accounts(session, *range(1, 41))

        with Statements(db) as sent:
            post_many(session, drafts)

        print(f"20,000 entries: {len(sent)} statements")
        assert len(sent) <= 80
        assert balance_of(session, LedgerAccount.TAX_PAYABLE, "GBP") == Money(-400_000, "GBP")


amounts = st.integers(min_value=1, max_value=10**9)
currencies = st.sampled_from(["GBP", "USD", "JPY"])
names = st.sampled_from([account for account in LedgerAccount if account is not LedgerAccount.RECEIVABLE])


@given(st.lists(st.tuples(names, names, amounts, currencies), min_size=1, max_size=8))
def test_any_balanced_legs_are_posted_and_keep_the_books_whole(
    db: Database, pairs: list[tuple[LedgerAccount, LedgerAccount, int, str]]
) -> None:
    legs = [
        leg
        for left, right, minor, currency in pairs
        for leg in (debit(left, Money(minor, currency)), credit(right, Money(minor, currency)))
    ]

    with db.transaction() as session:
        savepoint = session.begin_nested()
        post(session, kind=EntryKind.SETTLEMENT, source="any", effective_on=DAY, legs=legs, stream="processor:any")
        totals: dict[str, int] = defaultdict(int)
        for line in trial_balance(session):
            totals[line.balance.currency] += line.balance.minor
        found = check_books(session)
        savepoint.rollback()

    assert set(totals.values()) == {0}
    assert found == []


@given(st.lists(amounts, min_size=1, max_size=6), st.integers(1, 1000), st.sampled_from([1, -1]))
def test_any_legs_out_of_balance_are_refused(db: Database, parts: list[int], off: int, side: int) -> None:
    legs = [Leg(LedgerAccount.CARD_CLEARING, Money(part, "GBP")) for part in parts]
    legs.append(Leg(LedgerAccount.SALES, Money(off * side - sum(parts), "GBP")))

    with pytest.raises(ValueError, match="out of balance"), db.transaction() as session:
        post(session, kind=EntryKind.SETTLEMENT, source="any", effective_on=DAY, legs=legs, stream="processor:any")
