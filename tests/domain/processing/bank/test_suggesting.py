"""Bank suggesting: a month of lines against the books, accepted once whoever is faster, in few queries."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import func, select

from domain.accounts.model import Account
from domain.banking import queries
from domain.banking.model import BankLine, LineState
from domain.banking.suggestions import Confidence
from domain.ledger.balances import receivable
from domain.payments.model import Payment
from domain.payments.snapshots import PayoutState
from domain.policies.sections import EarlyDiscount, Sections
from domain.processing.bank.booking import Part, book_payments
from domain.processing.bank.setting_aside import park
from domain.processing.bank.suggesting import accept, accept_all, key_of, suggestions, sure_ones, tally
from domain.processing.checks import check_books
from domain.processing.reconciling.payouts import reconcile_payout
from domain.receivables.model import Invoice
from domain.receivables.references import reference_of
from domain.settlements import queries as settlements
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict, NotFound, Refused
from domain.shared.money import Money
from tests.support.bank_books import keep
from tests.support.bank_files import DAY, a_camt053, a_line, an_mt940
from tests.support.bank_months import a_month
from tests.support.banking import CLERK, at_bank, booked_as, lines_of, paying, state_of, takes
from tests.support.builders import an_account, an_invoice, money
from tests.support.clearing import a_payout
from tests.support.counting import counted
from tests.support.credit import a_cheque
from tests.support.policies import a_policy
from tests.support.settling import an_accepted_offer

Write = Callable[..., bytes]


def owing(db: Database, *amounts: str, name: str = "Harbour Café Ltd") -> tuple[int, list[int]]:
    """An account that owes an invoice of each amount."""
    with db.transaction() as session:
        account = an_account(session, name=name)
        return account.id, [an_invoice(session, account, amount).id for amount in amounts]


def keys(db: Database, line_id: int) -> list[tuple[str, Confidence]]:
    """What a line may be, by its key, and how sure."""
    with db.reading() as session:
        found = suggestions(session, [queries.line(session, line_id)])[line_id]
    return [(key_of(each), each.confidence) for each in found]


@pytest.mark.parametrize("write", [a_camt053, an_mt940], ids=["camt053", "mt940"])
def test_a_month_is_matched_booked_and_an_overlapping_file_adds_nothing(
    committed_db: Database, clock: MovableClock, write: Write
) -> None:
    db, month = committed_db, a_month(200)
    clock.advance(days=10)
    with db.transaction() as session:
        keep(session, month)
    with db.transaction() as session:
        first = takes(session, write(*month.lines[:150], opening="50000.00"))
    with db.transaction() as session:
        opening = Money.of("50000.00", "EUR") + Money.sum((each.amount for each in month.lines[:100]), "EUR")
        second = takes(session, write(*month.lines[100:], opening=str(opening.decimal)))
    with db.transaction() as session:
        third = takes(session, write(*month.lines, opening="50000.00"))

    with db.reading() as session:
        told = tally(session, [each.import_id for each in (*first, *second)])
        sure = sure_ones(session)
    done = accept_all(db, {row.id: key_of(each) for row, each in sure}, actor=CLERK)

    print(
        f"\n{write.__name__}: {len(month.lines)} lines, {told.sure} matched surely, {told.suggested} suggested, "
        f"{told.left} left; the overlapping files added {second[0].new_count} of 100 and {third[0].new_count} of 200"
    )
    assert [each[0].new_count for each in (first, second, third)] == [150, 50, 0]
    assert (told.sure + told.suggested + told.left, told.sure >= 110) == (200, True)
    assert (len(done.booked), done.refused) == (told.sure, ())
    truth = {line_id: month.truth[place] for place, line_id in enumerate(_all_lines(db))}
    assert all(truth[row.id] == (each.kind, tuple(sorted(each.targets))) for row, each in sure)
    with db.reading() as session:
        assert check_books(session) == []


def test_a_line_suggested_and_paid_meanwhile_is_not_paid_again(db: Database) -> None:
    _, (invoice,) = owing(db, "120")
    first, second = lines_of(db, paying("120", invoice), a_line("120", reference_of(invoice), name="X", currency="GBP"))
    (key, sure), *_ = keys(db, second)
    with db.transaction() as session:
        accept(session, first, keys(db, first)[0][0], actor=CLERK)

    with pytest.raises(Conflict), db.transaction() as session:
        accept(session, second, key, actor=CLERK)

    assert sure is Confidence.SURE
    assert state_of(db, second) is LineState.OPEN
    assert [confidence for _, confidence in keys(db, second)] == [Confidence.LIKELY]


@pytest.mark.parametrize("key", ["", "nonsense", "invoice_payment:", "invoice_payment:x", "payout:1,", "account:-1"])
def test_a_key_that_is_none_is_not_found(db: Database, key: str) -> None:
    owing(db, "120")
    (line,) = lines_of(db, a_line("120", currency="GBP"))

    with pytest.raises(NotFound), db.transaction() as session:
        accept(session, line, key, actor=CLERK)


def test_a_recorded_cheque_comes_before_the_invoice_it_paid_and_before_one_of_that_amount(db: Database) -> None:
    account, _ = owing(db, "70", "70")
    with db.transaction() as session:
        cheque = a_cheque(session, session.get_one(Account, account), "70", reference="700123", on=DAY).id
    (line,) = lines_of(db, a_line("70", "CHEQUE 700123", name="Harbour Cafe", account="", currency="GBP"))

    best, *others = keys(db, line)
    with db.transaction() as session:
        accept(session, line, best[0], actor=CLERK, only_sure=True)

    assert best == (f"recorded_receipt:{cheque}", Confidence.SURE)
    assert others
    assert all(confidence is not Confidence.SURE for _, confidence in others)
    assert (booked_as(db, line), at_bank(db)) == ([("recorded_receipt", "70.00")], ("70.00", "0.00", "0.00"))


def test_a_payout_is_known_and_linked_before_and_after_the_processor_said_that_it_arrived(db: Database) -> None:
    with db.transaction() as session:
        reconcile_payout(session, a_payout(money("90"), now(session), ref="po_1", arrives_on=DAY))
        reconcile_payout(session, a_payout(money("80"), now(session), PayoutState.PAID, ref="po_2", arrives_on=DAY))
    lines = lines_of(
        db,
        a_line("90", "STRIPE po_1", account="", currency="GBP"),
        a_line("80", "STRIPE po_2", account="", currency="GBP"),
        a_line("80", "STRIPE po_2 again", account="", currency="GBP"),
    )
    again = keys(db, lines[2])[0][0]
    for line in lines[:2]:
        with db.transaction() as session:
            accept(session, line, keys(db, line)[0][0], actor=CLERK, only_sure=True)

    with pytest.raises(Refused), db.transaction() as session:
        accept(session, lines[2], again, actor=CLERK)

    assert [booked_as(db, line) for line in lines] == [[("payout", "90.00")], [("payout", "80.00")], []]
    assert at_bank(db)[0] == "170.00"


def test_invoices_of_two_accounts_that_add_up_are_split_at_one_press(db: Database) -> None:
    (one, (first,)), (other, (second,)) = owing(db, "30"), owing(db, "12", name="Old Mill Ltd")
    (line,) = lines_of(db, paying("42", first, second, account=""))

    (key, confidence), *_ = keys(db, line)
    with db.transaction() as session:
        accept(session, line, key, actor=CLERK)

        assert [receivable(session, each) for each in (one, other)] == [money("0"), money("0")]
    assert confidence is Confidence.LIKELY
    assert booked_as(db, line) == [("payment", "30.00"), ("payment", "12.00")]


def test_what_was_parked_is_accepted_as_a_payment_later(db: Database) -> None:
    account, (invoice,) = owing(db, "42")
    (line,) = lines_of(db, paying("42", invoice))
    with db.transaction() as session:
        park(session, line, actor=CLERK)

    with db.transaction() as session:
        accept(session, line, keys(db, line)[0][0], actor=CLERK)

        assert receivable(session, account) == money("0")
    assert at_bank(db) == ("42.00", "0.00", "0.00")


def test_a_payer_is_known_by_the_bank_account_that_a_line_taught(db: Database) -> None:
    account, _ = owing(db, "10", "20")
    iban = "FR7630006000011234567890189"
    first, second = lines_of(
        db,
        a_line("10", "a", name="ACME Holding", account=iban, currency="GBP"),
        a_line("20", "b", name="ACME Holding", account=iban, currency="GBP"),
    )
    before = keys(db, second)
    with db.transaction() as session:
        book_payments(session, first, [Part(account, money("10"))], actor=CLERK)

    after = keys(db, second)

    assert [confidence for _, confidence in before] == [Confidence.POSSIBLE]
    assert [confidence for _, confidence in after] == [Confidence.LIKELY]


def test_many_at_once_accept_one_line_and_one_payment_comes_of_it(committed_db: Database) -> None:
    db, people = committed_db, 8
    account, (invoice,) = owing(db, "120")
    (line,) = lines_of(db, paying("120", invoice))
    (key, _), *_ = keys(db, line)
    barrier = Barrier(people)

    def press(_: int) -> str:
        barrier.wait()
        try:
            with db.transaction() as session:
                accept(session, line, key, actor=CLERK)
        except Conflict:
            return "told"
        return "booked"

    with ThreadPoolExecutor(people) as pool:
        ends = list(pool.map(press, range(people)))

    assert sorted(ends) == ["booked", *["told"] * (people - 1)]
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Payment)) == 1
        assert receivable(session, account) == money("0")


def test_one_invoice_paid_by_two_lines_at_once_is_paid_once(committed_db: Database) -> None:
    db = committed_db
    account, (invoice,) = owing(db, "120")
    lines = lines_of(db, paying("120", invoice), a_line("120", f"{reference_of(invoice)} x", currency="GBP"))
    pressed = [(line, keys(db, line)[0][0]) for line in lines]
    barrier = Barrier(2)

    def press(one: tuple[int, str]) -> bool:
        barrier.wait()
        return bool(accept_all(db, dict([one]), actor=CLERK).booked)

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(press, pressed))

    assert sorted(ends) == [False, True]
    with db.reading() as session:
        assert receivable(session, account) == money("0")


def test_the_same_file_taken_in_by_two_at_once_adds_its_lines_once(committed_db: Database) -> None:
    db, barrier = committed_db, Barrier(4)
    content = a_camt053(*(a_line(f"{number}.00", f"line {number}", currency="GBP") for number in range(1, 31)))

    def bring(_: int) -> int:
        barrier.wait()
        with db.transaction() as session:
            return takes(session, content)[0].new_count

    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(bring, range(4)))

    assert sorted(added) == [0, 0, 0, 30]
    assert len(_all_lines(db)) == 30


def test_the_number_of_queries_grows_with_neither_lines_nor_invoices(db: Database) -> None:
    _, few = owing(db, "10", "20")
    lines = lines_of(
        db, *(a_line(f"{number}.00", f"{reference_of(few[0])} {number}", currency="GBP") for number in range(1, 41))
    )

    def asked(count: int) -> int:
        with db.reading() as session:
            rows = [queries.line(session, each) for each in lines[:count]]
            with counted(session.connection()) as statements:
                suggestions(session, rows)
        return len(statements)

    assert asked(2) == asked(40) <= 15


def _all_lines(db: Database) -> list[int]:
    with db.reading() as session:
        return list(session.scalars(select(BankLine.id).order_by(BankLine.id)))


def test_what_is_open_less_the_early_discount_is_sure_and_settles_the_invoice(db: Database) -> None:
    with db.transaction() as session:
        a_policy(session, Sections(early_discount=EarlyDiscount(percent=Decimal(2), days=10)))
    account_id, (invoice_id,) = owing(db, "120")
    (line_id,) = lines_of(db, paying("117.60", invoice_id, account=""))

    ((key, confidence), *_) = keys(db, line_id)
    with db.transaction() as session:
        accept(session, line_id, key, actor=CLERK, only_sure=True)

    assert confidence is Confidence.SURE
    with db.reading() as session:
        assert receivable(session, account_id) == money("0")


def test_a_transfer_for_a_settlement_is_surely_for_its_next_part_whatever_reference_of_it_is_given(
    committed_db: Database,
) -> None:
    db = committed_db
    with db.transaction() as session:
        _, _, invoices, offer = an_accepted_offer(session, "60", "140", pays="160", parts=2)
        ids, offer_id = [each.id for each in invoices], offer.id
    line = lines_of(db, a_line("80.00", reference_of(ids[1]), currency="GBP", name="X", account=""))[0]

    with db.reading() as session:
        keys = {row.id: key_of(each) for row, each in sure_ones(session)}
    accept_all(db, keys, actor=CLERK)

    with db.reading() as session:
        standing = settlements.standing(session, offer_id)
        open_of = [session.get_one(Invoice, each).open for each in ids]
    assert list(keys) == [line]
    assert (open_of, standing and standing.left) == ([money("0"), money("120")], money("80"))
