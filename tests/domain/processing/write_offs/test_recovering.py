"""Recovering: what comes in for what was written off in the books, what is credited, and tax that was claimed back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers import write_off_turns
from domain.accounts.model import Account
from domain.invoicing.credit_notes import issue_credit_note
from domain.ledger.chart import LedgerAccount
from domain.payments.model import Payment
from domain.processing import applying
from domain.processing.checks import check_books
from domain.processing.write_offs import deciding
from domain.receivables.model import Allocation, Invoice
from domain.receivables.queries import invoice as invoice_row
from domain.settlements.accepting import accept
from domain.settlements.offering import offer
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Refused
from domain.staff.model import Role
from domain.statements.queries import statement
from domain.statements.story import story_of
from domain.stops.queries import live
from domain.tasks.model import Task, TaskKind
from domain.write_offs import queries, relief
from domain.write_offs.following import follow_account
from domain.write_offs.model import TaxRelief, WriteOff, WriteOffStatus
from domain.write_offs.undoing import relief_standing
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque, open_of
from tests.support.planning import somebody_who_binds
from tests.support.settling import a_late_debtor, wanted
from tests.support.writing_off import balance, gone, proposed, released, written_off

ALLOWANCE, BAD_DEBT = LedgerAccount.BAD_DEBT_ALLOWANCE, LedgerAccount.BAD_DEBT
RECOVERED, TAX = LedgerAccount.BAD_DEBT_RECOVERED, LedgerAccount.TAX_PAYABLE


def a_written_off_debt(
    session: Session, amount: str = "120", tax: str = "20", *, late_days: int = 200
) -> tuple[Account, Invoice, WriteOff]:
    """An invoice that was due so many days ago, and stands written off in the books."""
    account = an_account(session)
    due_on = today(session) - timedelta(days=late_days)
    invoice = an_invoice(session, account, amount, tax=tax, issued_on=due_on - timedelta(days=30), due_on=due_on)
    return account, invoice, written_off(session, account, invoice)


def pays(session: Session, account: Account, invoice: Invoice, amount: str) -> Payment:
    """A cheque for an invoice."""
    return a_cheque(session, account, amount, wanted={invoice.id: money(amount)})


def test_what_comes_in_is_income_and_what_went_again_is_not(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, written = a_written_off_debt(session)
        pays(session, account, invoice, "50")
        assert (written.left, written.status) == (money("70"), WriteOffStatus.STANDING)
        assert (balance(session, RECOVERED), balance(session, ALLOWANCE)) == (-50_00, -70_00)

        rest = pays(session, account, invoice, "70")
        assert (written.left, written.status) == (money("0"), WriteOffStatus.RECOVERED)
        assert list(live(session, account.id)) == []

        gone(session, account, rest, "70")
        assert (written.left, written.status) == (money("70"), WriteOffStatus.STANDING)
        assert (balance(session, RECOVERED), balance(session, ALLOWANCE), balance(session, BAD_DEBT)) == (
            -50_00,
            -70_00,
            120_00,
        )
        assert len(live(session, account.id)) == 1


def test_following_again_posts_nothing(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, written = a_written_off_debt(session)
        pays(session, account, invoice, "50")
        again = follow_account(session, account.id, None, actor=OPERATOR)

        assert again == 0
        assert [row.amount_minor for row in queries.recoveries(session, written.id)] == [50_00]


def test_credit_that_is_used_is_a_recovery_too(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        a_cheque(session, account, "30")
        invoice = an_invoice(session, account, "120")
        written = written_off(session, account, invoice)
        applying.use_credit(session, account.id, {invoice.id: money("30")}, actor=OPERATOR)

        assert (written.left, balance(session, RECOVERED)) == (money("90"), -30_00)


def test_a_credit_note_makes_the_bad_debt_less_and_the_worker_sees_it(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, written = a_written_off_debt(session)
        issue_credit_note(session, account, invoice, money("60"), reason="Broken.", actor=OPERATOR)
        write_off_id = written.id

    did = write_off_turns.take_due(db)

    with db.transaction() as session:
        written = session.get_one(WriteOff, write_off_id)
        assert (did.done, written.left) == (2, money("60"))
        assert (balance(session, BAD_DEBT), balance(session, ALLOWANCE)) == (60_00, -60_00)
        assert balance(session, RECOVERED) == 0


def test_a_settlement_of_what_was_written_off_recovers_what_is_paid_and_loses_the_rest_once(db: Database) -> None:
    with db.transaction() as session:
        account, (invoice,) = a_late_debtor(session, "100")
        written = written_off(session, account, invoice)
        made = offer(session, account.id, wanted(session, "80", invoice), role=Role.MANAGER, actor=OPERATOR)
        accept(session, account.id, made.id, parts=1, actor=somebody_who_binds(session, account))
        pays(session, account, invoice, "80")

        assert written.status is WriteOffStatus.RECOVERED
        assert (balance(session, RECOVERED), balance(session, BAD_DEBT)) == (-80_00, 80_00)
        assert balance(session, LedgerAccount.DEBTS_FORGIVEN) == 20_00


def test_an_invoice_that_was_given_up_cannot_be_credited_and_what_gave_it_up_stays_with_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice, other = an_invoice(session, account, "120"), an_invoice(session, account, "50")
        released(session, account, invoice)
        with pytest.raises(Conflict):
            issue_credit_note(session, account, invoice, money("10"), reason="x", actor=OPERATOR)
        allocation = session.scalars(select(Allocation.id).where(Allocation.invoice_id == invoice.id)).one()
        with pytest.raises(Conflict):
            applying.check_move(session, account.id, allocation, other.id)


def test_a_proposal_follows_what_is_open_and_ends_with_it(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", tax="20")
        made = proposed(session, account, invoice)
        pays(session, account, invoice, "60")
        assert (made.status, made.amount, made.tax) == (WriteOffStatus.PROPOSED, money("60"), money("10"))

        pays(session, account, invoice, "60")
        assert made.status is WriteOffStatus.DROPPED
        assert session.scalars(select(Task.id).where(Task.done_at.is_(None))).all() == []


def test_once_it_is_written_off_again_what_came_in_before_is_history(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, first = a_written_off_debt(session)
        cheque = pays(session, account, invoice, "120")
        follow_account(session, account.id, None, actor=OPERATOR)
        gone(session, account, cheque, "120")
        deciding.take_back(session, account.id, first.id, why="Start again.", actor=OPERATOR)
        second = written_off(session, account, invoice)

        assert (first.status, second.left) == (WriteOffStatus.TAKEN_BACK, money("120"))
        assert (balance(session, BAD_DEBT), balance(session, RECOVERED)) == (120_00, 0)


def test_a_customer_reads_kindly_of_a_release_and_nothing_of_a_write_off_in_the_books(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, written = a_written_off_debt(session)
        number, day = invoice.number, today(session)
        before = len(lines(session, account, day))
        deciding.release(session, account.id, written.id, why="Gone.", role=Role.MANAGER, actor=OPERATOR)
        deciding.take_back(session, account.id, written.id, why="A slip.", actor=OPERATOR)
        told = lines(session, account, day)
        steps = [str(step.words) for step in story_of(session, invoice_row(session, account.id, invoice.id))]

    assert told[before:] == [
        f"Nothing more is owed on {number}: we have given it up",
        f"{number} is owed again: we no longer give it up",
    ]
    assert steps[1:] == ["Given up by us: nothing more is owed", "Owed again: we no longer give it up"]


def lines(session: Session, account: Account, day: date) -> list[str]:
    """What the account's statement says happened, in order."""
    told = statement(session, account.id, day - timedelta(days=400), day).movements
    return [str(each.words) for each in told]


def test_tax_is_asked_for_after_six_months_and_its_claim_makes_the_bad_debt_less(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        account, _, written = a_written_off_debt(session, late_days=170)
        account_id, write_off_id = account.id, written.id
        with pytest.raises(Conflict):
            deciding.claim_tax(session, account.id, written.id, actor=OPERATOR)
    early = write_off_turns.take_due(db).done
    clock.advance(days=20)
    late = write_off_turns.take_due(db).done
    again = write_off_turns.take_due(db).done

    with db.transaction() as session:
        tasks = session.execute(select(Task.kind, Task.worth_minor).where(Task.done_at.is_(None))).all()
        due = [row.id for row in queries.write_offs(session, queries.View.RELIEF_DUE)]
        deciding.claim_tax(session, account_id, write_off_id, actor=OPERATOR)
        with pytest.raises(Conflict):
            deciding.claim_tax(session, account_id, write_off_id, actor=OPERATOR)
        left = list(queries.write_offs(session, queries.View.RELIEF_DUE))

        assert (early, late, again) == (0, 1, 0)
        assert [tuple(task) for task in tasks] == [(TaskKind.TAX_RELIEF_DUE, 20_00)]
        assert (due, left) == ([write_off_id], [])
        assert (balance(session, BAD_DEBT), balance(session, TAX)) == (100_00, 0)
        assert session.scalars(select(Task.id).where(Task.done_at.is_(None))).all() == []


def test_what_is_four_and_a_half_years_old_is_too_late_for_its_tax(db: Database) -> None:
    with db.transaction() as session:
        account, _, written = a_written_off_debt(session, late_days=5 * 365)

        with pytest.raises(Conflict):
            deciding.claim_tax(session, account.id, written.id, actor=OPERATOR)
        assert relief.to_tell(session) == []


def test_tax_is_repaid_with_what_comes_in_to_the_last_penny_and_claimed_again_when_it_goes(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, written = a_written_off_debt(session, "100", "17")
        deciding.claim_tax(session, account.id, written.id, actor=OPERATOR)
        pays(session, account, invoice, "33.33")
        pays(session, account, invoice, "33.33")
        last = pays(session, account, invoice, "33.34")
        repaid = [row.relief_minor for row in queries.recoveries(session, written.id)]
        assert (sum(repaid), balance(session, TAX)) == (17_00, -17_00)
        assert balance(session, BAD_DEBT) + balance(session, RECOVERED) == 0

        gone(session, account, last, "33.34")
        assert queries.recoveries(session, written.id)[-1].relief_minor == -repaid[-1]


def test_a_credit_note_after_the_claim_takes_its_share_of_the_tax_along(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, written = a_written_off_debt(session)
        deciding.claim_tax(session, account.id, written.id, actor=OPERATOR)
        issue_credit_note(session, account, invoice, money("120"), reason="Broken.", actor=OPERATOR)
        follow_account(session, account.id, None, actor=OPERATOR)

        assert (balance(session, TAX), balance(session, BAD_DEBT), balance(session, ALLOWANCE)) == (0, 0, 0)


@pytest.mark.parametrize("for_good", [False, True])
def test_taken_back_the_tax_is_owed_again(db: Database, *, for_good: bool) -> None:
    with db.transaction() as session:
        account, _, written = a_written_off_debt(session)
        deciding.claim_tax(session, account.id, written.id, actor=OPERATOR)
        if for_good:
            deciding.release(session, account.id, written.id, why="Gone.", role=Role.MANAGER, actor=OPERATOR)
        deciding.take_back(session, account.id, written.id, why="A slip.", actor=OPERATOR)

        assert (balance(session, TAX), balance(session, BAD_DEBT), balance(session, ALLOWANCE)) == (-20_00, 0, 0)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "bounce", "credit", "write_off", "release", "take_back", "claim", "release_stood"]),
        st.integers(1, 12_000),
    ),
    min_size=3,
    max_size=14,
)


@given(ACTS)
def test_whatever_becomes_of_a_debt_the_books_stay_clean(db: Database, acts: list[tuple[str, int]]) -> None:
    with db.transaction() as session:
        life = session.begin_nested()
        account = an_account(session)
        due_on = today(session) - timedelta(days=200)
        invoice = an_invoice(session, account, "120.01", tax="19.99", issued_on=due_on, due_on=due_on)
        cheques: list[Payment] = []
        for act, minor in acts:
            try:
                with session.begin_nested():
                    live_out(session, account, invoice, act, minor, cheques)
            except Refused:
                session.expire_all()
        follow_account(session, account.id, None, actor=OPERATOR)

        assert check_books(session) == []
        check_what_is_lost(session)
        life.rollback()


def live_out(
    session: Session, account: Account, invoice: Invoice, act: str, minor: int, cheques: list[Payment]
) -> None:
    """One thing that can happen to a debt; Refused where it cannot just now."""
    amount = min(money(f"{minor / 100:.2f}"), open_of(session, invoice)[0])
    ours = session.scalars(
        select(WriteOff)
        .where(WriteOff.invoice_id == invoice.id, WriteOff.status.in_(relief.CLAIMABLE))
        .order_by(WriteOff.id.desc())
    ).first()
    match act:
        case "pay" if amount:
            cheques.append(pays(session, account, invoice, str(amount.decimal)))
        case "bounce" if cheques:
            cheque = cheques.pop(minor % len(cheques))
            gone(session, account, cheque, str(cheque.amount.decimal))
        case "credit" if amount:
            issue_credit_note(session, account, invoice, amount, reason="Broken.", actor=OPERATOR)
        case "write_off" if amount:
            written_off(session, account, invoice)
        case "release" if amount:
            released(session, account, invoice)
        case "release_stood" if ours:
            deciding.release(session, account.id, ours.id, why="x", role=Role.MANAGER, actor=OPERATOR)
        case "take_back" if ours:
            deciding.take_back(session, account.id, ours.id, why="x", actor=OPERATOR)
        case "claim" if ours:
            deciding.claim_tax(session, account.id, ours.id, actor=OPERATOR)
        case _:
            pass


def check_what_is_lost(session: Session) -> None:
    """What is lost is what was given up, or is open of what stands, less the tax that is claimed for it."""
    rows = session.scalars(select(WriteOff)).all()
    stands = sum(row.left_minor for row in rows if row.status in relief.CLAIMABLE)
    claimed = sum(session.scalars(select(TaxRelief.amount_minor)))
    relieved = sum(relief_standing(session, row) for row in rows)

    assert balance(session, BAD_DEBT) + balance(session, RECOVERED) == stands - relieved
    assert 0 <= relieved <= claimed
    assert relieved <= stands
