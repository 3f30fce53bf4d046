"""Reconciling refunds: what the processor says of ours and of others', in any order, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import func, select

from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES
from domain.outbox.model import OutboxMessage
from domain.payments.snapshots import RefundState
from domain.processing.reconciling.payments import reconcile_intent
from domain.processing.reconciling.refunds import reconcile_refund
from domain.processing.refunds import explaining
from domain.processing.refunds.drawing import Wish
from domain.processing.refunds.progress import came_to_nothing
from domain.receivables.queries import totals
from domain.refunds import queries
from domain.refunds.model import Refund, RefundSource, RefundStatus
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict, Invalid, NotAllowed
from domain.shared.money import Money
from domain.staff.model import Role
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import a_debt, open_minor, open_page, succeed
from tests.support.refunding import LOST, MANAGER, Paid, again, ask, paid, paid_twice, report, reported


def stands(db: Database, ledger_account: LedgerAccount) -> Money:
    """The balance of a ledger account in pounds."""
    with db.reading() as session:
        return balances.balance_of(session, ledger_account, "GBP")


def owed(db: Database, given: Paid) -> Money:
    """What the account owes now."""
    with db.reading() as session:
        return balances.receivable(session, given.account_id)


def entries(db: Database) -> int:
    """How many entries the ledger has."""
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(ENTRIES)) or 0


def open_tasks(db: Database) -> list[TaskKind]:
    """What waits for somebody."""
    with db.reading() as session:
        return list(session.scalars(select(Task.kind).where(Task.done_at.is_(None)).order_by(Task.id)))


def told(db: Database) -> list[str]:
    """What news the customer is to be mailed, in order."""
    with db.reading() as session:
        rows = session.scalars(
            select(OutboxMessage.payload).where(OutboxMessage.kind == "tell_refund").order_by(OutboxMessage.id)
        )
        return [payload["news"] for payload in rows]


def found(db: Database) -> Refund:
    """The only refund there is."""
    with db.reading() as session:
        return session.scalars(select(Refund)).one()


def explain(
    db: Database, source: RefundSource, amount: str, *, invoice_id: int | None = None, role: Role = Role.MANAGER
) -> None:
    """Staff name the source of the only refund there is."""
    with db.transaction() as session:
        refund = session.scalars(select(Refund)).one()
        wish = Wish(refund.payment_id, money(amount), source, "Done in the dashboard", invoice_id)
        explaining.explain(session, refund, wish, role=role, actor=MANAGER)


def test_a_refund_that_went_out_leaves_our_balance_once_however_often_it_is_said(db: Database) -> None:
    given = paid(db, "120")
    refund = ask(db, given, "120")

    report(db, refund, "120", RefundState.PENDING)
    before = entries(db)
    report(db, refund, "120")
    report(db, refund, "120")
    report(db, refund, "120", RefundState.PENDING)

    assert again(db, refund).status is RefundStatus.SUCCEEDED
    assert entries(db) == before
    assert stands(db, LedgerAccount.REFUNDS_IN_TRANSIT) == money("0")
    assert told(db) == ["sent"]


def test_a_refund_that_fails_after_it_had_succeeded_is_all_undone(db: Database) -> None:
    given = paid(db, "120", "30")
    clearing = stands(db, LedgerAccount.CARD_CLEARING)
    refund = ask(db, given, "100")
    report(db, refund, "100")
    meanwhile = [open_minor(db, invoice) for invoice in given.debt.invoices]

    report(db, refund, "100", RefundState.FAILED)
    before = entries(db)
    report(db, refund, "100", RefundState.FAILED)
    report(db, refund, "100")

    assert (again(db, refund).status, again(db, refund).failure) == (RefundStatus.FAILED, LOST)
    assert (meanwhile, [open_minor(db, invoice) for invoice in given.debt.invoices]) == ([7000, 3000], [0, 0])
    assert (owed(db, given), stands(db, LedgerAccount.REFUNDS_IN_TRANSIT)) == (money("0"), money("0"))
    assert (entries(db), stands(db, LedgerAccount.CARD_CLEARING)) == (before, clearing)
    assert (told(db), open_tasks(db)) == (["sent", "back"], [TaskKind.REFUND_FAILED])


def test_what_was_paid_meanwhile_stays_paid_and_what_came_back_is_credit(db: Database) -> None:
    processor = FakeProcessor()
    given = paid(db, "120", processor=processor)
    refund = ask(db, given, "120")
    report(db, refund, "120")
    started = open_page(db, processor, given.debt, {given.debt.invoices[0]: money("120")})
    succeed(db, started.public_id, money("120"), intent_id="pi_2")

    report(db, refund, "120", RefundState.FAILED)

    with db.reading() as session:
        assert totals(session, given.account_id, "GBP").credit == money("120")
    assert open_minor(db, given.debt.invoices[0]) == 0


def test_a_refund_that_failed_at_once_tells_staff_and_not_the_customer(db: Database) -> None:
    given = paid(db, "120")
    refund = ask(db, given, "120")

    report(db, refund, "120", RefundState.FAILED)

    assert (told(db), open_tasks(db)) == ([], [TaskKind.REFUND_FAILED])
    assert owed(db, given) == money("0")


def test_what_failed_can_be_refunded_anew_under_a_name_of_its_own(db: Database) -> None:
    given = paid(db, "120")
    first = ask(db, given, "120")
    report(db, first, "120", RefundState.FAILED)

    second = ask(db, given, "120")
    report(db, second, "120", ref="re_2")

    assert second.name != first.name
    assert again(db, second).status is RefundStatus.SUCCEEDED
    assert owed(db, given) == money("120")


def test_movements_that_are_booked_late_are_booked_when_they_are_there(db: Database) -> None:
    given = paid(db, "120")
    refund = ask(db, given, "120")
    with db.transaction() as session:
        at = now(session)
        reconcile_refund(session, reported(refund, "120", at, booked=False))
        reconcile_refund(session, reported(refund, "120", at, RefundState.FAILED, booked=False))
    without = stands(db, LedgerAccount.REFUNDS_IN_TRANSIT)

    report(db, refund, "120", RefundState.FAILED)

    assert (without, stands(db, LedgerAccount.REFUNDS_IN_TRANSIT)) == (money("0"), money("0"))
    assert again(db, refund).moved_back_at is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    "order",
    list(permutations([RefundState.PENDING, RefundState.REQUIRES_ACTION, RefundState.SUCCEEDED, RefundState.FAILED])),
)
def test_whatever_the_order_a_refund_that_failed_has_failed(db: Database, order: tuple[RefundState, ...]) -> None:
    given = paid(db, "120")
    refund = ask(db, given, "120")

    for state in order + order:
        report(db, refund, "120", state)

    assert again(db, refund).status is RefundStatus.FAILED
    assert (owed(db, given), stands(db, LedgerAccount.REFUNDS_IN_TRANSIT)) == (money("0"), money("0"))


def test_a_refund_made_outside_waits_for_its_source_and_touches_no_account(db: Database) -> None:
    given = paid(db, "120")

    report(db, None, "50")
    report(db, None, "50")

    assert (found(db).source, found(db).status) == (RefundSource.UNEXPLAINED, RefundStatus.SUCCEEDED)
    assert (owed(db, given), stands(db, LedgerAccount.REFUNDS_TO_EXPLAIN)) == (money("0"), money("50"))
    assert (open_tasks(db), told(db)) == ([TaskKind.REFUND_TO_EXPLAIN], [])


@pytest.mark.parametrize("source", [RefundSource.REVERSAL, RefundSource.CREDIT, RefundSource.CREDIT_NOTE])
def test_explained_it_is_taken_from_the_source_that_staff_name(db: Database, source: RefundSource) -> None:
    given = paid_twice(db, "120") if source is RefundSource.CREDIT else paid(db, "120")
    before = owed(db, given)
    report(db, None, "50")

    explain(db, source, "50", invoice_id=given.debt.invoices[0])

    reopened = money("50") if source is RefundSource.REVERSAL else money("0")
    assert found(db).source is source
    assert stands(db, LedgerAccount.REFUNDS_TO_EXPLAIN) == money("0")
    assert Money(open_minor(db, given.debt.invoices[0]), "GBP") == reopened
    back = money("0") if source is RefundSource.CREDIT_NOTE else money("50")
    assert owed(db, given) - before == back
    assert TaskKind.REFUND_TO_EXPLAIN not in open_tasks(db)


def test_explained_it_takes_effect_on_the_day_on_which_the_money_went(db: Database, clock: MovableClock) -> None:
    given = paid(db, "120")
    report(db, None, "50")
    clock.advance(days=3)

    explain(db, RefundSource.REVERSAL, "50")

    with db.reading() as session:
        last = session.execute(select(ENTRIES).order_by(ENTRIES.c.id.desc()).limit(1)).one()
        made = found(db).requested_at.date()
    assert (last.kind, last.effective_on) == ("refund_explained", made)
    assert owed(db, given) == money("50")


def test_an_explanation_that_does_not_fit_is_refused(db: Database) -> None:
    given = paid(db, "900")
    report(db, None, "300")

    with pytest.raises(Invalid):
        explain(db, RefundSource.CREDIT, "300")
    with pytest.raises(Invalid):
        explain(db, RefundSource.CREDIT_NOTE, "200", invoice_id=given.debt.invoices[0])
    with pytest.raises(NotAllowed):
        explain(db, RefundSource.REVERSAL, "300", role=Role.COLLECTOR)
    explain(db, RefundSource.REVERSAL, "300")
    with pytest.raises(Conflict):
        explain(db, RefundSource.REVERSAL, "300")


@pytest.mark.parametrize("explained", [True, False])
def test_a_refund_made_outside_that_fails_leaves_nothing_behind(db: Database, explained: bool) -> None:
    given = paid(db, "120")
    report(db, None, "50")
    if explained:
        explain(db, RefundSource.REVERSAL, "50")

    report(db, None, "50", RefundState.FAILED)

    assert (owed(db, given), stands(db, LedgerAccount.REFUNDS_TO_EXPLAIN)) == (money("0"), money("0"))
    assert open_minor(db, given.debt.invoices[0]) == 0
    assert open_tasks(db) == [TaskKind.REFUND_FAILED]


def test_a_refund_outside_counts_when_another_is_asked_for(db: Database) -> None:
    given = paid(db, "120")
    report(db, None, "50")

    with pytest.raises(Invalid) as refused:
        ask(db, given, "71")

    assert refused.value.params["left"] == money("70")


def test_a_refund_that_we_gave_up_and_that_was_made_all_the_same_is_explained_by_a_person(db: Database) -> None:
    given = paid(db, "120")
    refund = ask(db, given, "120")
    with db.transaction() as session:
        row = session.get_one(Refund, refund.id)
        came_to_nothing(session, row, RefundStatus.FAILED, why="never reached", actor=WORKER)

    report(db, refund, "120")
    report(db, refund, "120")

    with db.reading() as session:
        rows = [(row.source, row.status) for row in queries.refunds(session)]
    assert rows == [
        (RefundSource.UNEXPLAINED, RefundStatus.SUCCEEDED),
        (RefundSource.REVERSAL, RefundStatus.FAILED),
    ]
    assert stands(db, LedgerAccount.REFUNDS_TO_EXPLAIN) == money("120")


def test_a_refund_of_somebody_elses_payment_is_booked_apart(db: Database) -> None:
    given = paid(db, "120")

    with db.transaction() as session:
        theirs = replace(
            reported(None, "50", now(session), RefundState.FAILED), charge_id="ch_theirs", intent_id="pi_theirs"
        )
        ours = reconcile_refund(session, replace(theirs, state=RefundState.SUCCEEDED, failure_movement=None))
        foreign = -balances.balance_of(session, LedgerAccount.FOREIGN_RECEIPTS, "GBP")
        reconcile_refund(session, theirs)

    assert ours is None
    assert (foreign, stands(db, LedgerAccount.FOREIGN_RECEIPTS)) == (money("-50"), money("0"))
    assert owed(db, given) == money("0")


def test_a_refund_of_money_that_was_booked_as_foreign_is_foreign_too(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    with db.transaction() as session:
        reconcile_intent(session, a_success(started.public_id, money("119"), now(session)))

    report(db, None, "119")

    assert stands(db, LedgerAccount.FOREIGN_RECEIPTS) == money("0")
    with db.reading() as session:
        assert queries.refunds(session) == []


def test_another_amount_than_we_asked_for_is_never_booked(db: Database) -> None:
    given = paid(db, "120")
    refund = ask(db, given, "120")

    with pytest.raises(RuntimeError, match="we asked for"):
        report(db, refund, "110")


def test_settled_in_another_currency_it_passes_through_exchange(db: Database) -> None:
    given = paid(db, "120")
    refund = ask(db, given, "120")

    with db.transaction() as session:
        said = reported(refund, "120", now(session))
        assert said.movement is not None
        euros = replace(said.movement, amount=Money.of("-140", "EUR"), fee=Money.zero("EUR"))
        reconcile_refund(session, replace(said, movement=euros))

    assert stands(db, LedgerAccount.REFUNDS_IN_TRANSIT) == money("0")
    assert stands(db, LedgerAccount.CURRENCY_EXCHANGE) == money("-120")
