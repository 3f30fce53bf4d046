"""The life of a legal case: prepared, filed, decided, enforced, paid and open again; its steps, costs and interest."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers import case_turns
from domain.invoicing.credit_notes import issue_credit_note
from domain.ledger.balances import balance_of
from domain.ledger.chart import LedgerAccount
from domain.legal_cases import changing, judging, opening, queries, stepping
from domain.legal_cases.judging import Judgment
from domain.legal_cases.model import CaseNote, CaseOutcome, CaseStatus, StepKind
from domain.legal_cases.opening import Claim
from domain.legal_cases.stepping import Step
from domain.limitations import queries as limitations
from domain.limitations.clock import State, add_years
from domain.payments.model import PaymentMethod
from domain.policies.sections import Part
from domain.processing.receipts.recording import Slip, record_receipt
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import DebtPart, Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.stops import queries as stops
from domain.stops.model import StopKind
from domain.tasks.model import Task, TaskKind
from tests.support.builders import an_account, an_invoice, money
from tests.support.litigating import a_case, filed, judged
from tests.support.placing import a_late_debt, a_partner, placed


def held(session: Session, account_id: int) -> list[int | None]:
    """The invoices that a case holds."""
    return [row.invoice_id for row in stops.live(session, account_id) if row.kind is StopKind.JUDGMENT]


def deadlines(session: Session) -> list[str]:
    """The steps of which somebody is told."""
    wanted = select(Task.subject_id).where(Task.kind == TaskKind.LEGAL_DEADLINE, Task.done_at.is_(None))
    return list(session.scalars(wanted))


def test_from_filing_on_nobody_is_reminded_and_the_debt_cannot_lapse(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, case = a_case(session)
        prepared = (case.status, held(session, account.id))
        filed(session, case)
        clock = limitations.clock_of(session, invoice.id).clock

        assert prepared == (CaseStatus.PREPARED, [])
        assert held(session, account.id) == [invoice.id]
        assert clock is not None
        assert clock.state(today(session)) is State.PENDING


def test_a_judgment_starts_the_time_anew_and_charges_the_costs_that_were_awarded(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, case = a_case(session)
        judged(session, filed(session, case), costs="70.50")
        [_, note] = queries.invoices(session, case.id)

        assert limitations.last_days(session, [invoice.id])[invoice.id] == add_years(
            today(session) - timedelta(days=73), 6
        )
        assert (note.amount_minor, note.claimed_minor) == (70_50, None)
        assert session.get_one(DebtPart, note.id).part is Part.COSTS
        assert held(session, account.id) == [invoice.id, note.id]


def test_interest_is_charged_once_for_each_day_and_only_what_came_since(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _, case = a_case(session)
        judged(session, filed(session, case))
        first = judging.charge_interest(session, account.id, case.id, through=today(session), actor=OPERATOR)
        again = judging.charge_interest(session, account.id, case.id, through=today(session), actor=OPERATOR)
        for days, kind in ((-1, Conflict), (1, Invalid)):
            other = today(session) + timedelta(days=days)
            with pytest.raises(kind):
                judging.charge_interest(session, account.id, case.id, through=other, actor=OPERATOR)
        assert (first.id, first.amount_minor) == (again.id, 16_00)
    clock.advance(days=73)
    with db.transaction() as session:
        second = judging.charge_interest(session, account.id, case.id, through=today(session), actor=OPERATOR)

        assert (second.amount_minor, judging.charged(session, case)) == (16_00, money("32"))
        assert len(held(session, account.id)) == 3
        assert session.get_one(DebtPart, second.id).part is Part.INTEREST


def test_it_closes_once_all_is_paid_and_goes_on_where_the_payment_goes_back(db: Database) -> None:
    with db.transaction() as session:
        account, _, case = a_case(session)
        judged(session, filed(session, case), costs="50")
        judging.enforce(session, account.id, case.id, why="Officer sent.", actor=OPERATOR)
        slip = Slip(PaymentMethod.CHEQUE, money("1050"), today(session), reference="Cheque 7")
        payment = record_receipt(session, account.id, slip, actor=OPERATOR)
        session.refresh(case)
        paid = (case.status, case.outcome, held(session, account.id))
        return_receipt(session, payment, today(session), reason="bounced", actor=OPERATOR)
        session.refresh(case)

        assert paid == (CaseStatus.CLOSED, CaseOutcome.PAID, [])
        assert (case.status, case.outcome, len(held(session, account.id))) == (CaseStatus.ENFORCING, None, 2)


def test_what_is_credited_in_full_closes_its_case_in_the_next_turn(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, case = a_case(session)
        issue_credit_note(session, account, invoice, money("1000"), reason="Sent back.", actor=OPERATOR)
        case_id = case.id
    done = [case_turns.take_due(db).done for _ in range(2)]
    with db.reading() as session:
        assert (queries.case(session, case_id).status, done) == (CaseStatus.CLOSED, [1, 0])


def test_a_claim_that_is_withdrawn_leaves_the_debt_where_it_was(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, case = a_case(session)
        before = limitations.last_days(session, [invoice.id])
        filed(session, case)
        opening.close(session, account.id, case.id, CaseOutcome.WITHDRAWN, why="Too dear.", actor=OPERATOR)

        assert held(session, account.id) == []
        assert limitations.last_days(session, [invoice.id]) == before
        with pytest.raises(Conflict):
            filed(session, case)


def test_after_a_judgment_the_terms_bear_nothing_even_where_it_cannot_be_enforced(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, case = a_case(session)
        judged(session, filed(session, case))
        opening.close(session, account.id, case.id, CaseOutcome.UNENFORCEABLE, why="Nothing there.", actor=OPERATOR)

        assert held(session, account.id) == [invoice.id]


def test_what_cannot_be_claimed_says_why(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, case = a_case(session)
        _, strange = a_late_debt(session)

        def refused(kind: type[Exception], claim: Claim) -> None:
            with pytest.raises(kind):
                opening.open_case(session, account.id, claim, actor=OPERATOR)

        refused(Invalid, Claim([], "County Court"))
        refused(Invalid, Claim([invoice.id], " "))
        refused(Invalid, Claim([strange.id], "County Court"))
        refused(Conflict, Claim([invoice.id], "County Court"))
        other = an_invoice(session, account, "5")
        refused(NotFound, Claim([other.id], "County Court", placement_id=404))
        for days, number in ((-1, "K1"), (1, " ")):
            on = today(session) - timedelta(days=days)
            with pytest.raises(Invalid):
                opening.file(session, account.id, case.id, filed_on=on, number=number, actor=OPERATOR)
        with pytest.raises(Invalid):
            opening.close(session, account.id, case.id, CaseOutcome.PAID, why="x", actor=OPERATOR)
        with pytest.raises(NotFound):
            queries.entity(session, strange.account_id, case.id)


def test_an_old_debt_is_not_taken_to_a_court_that_would_not_help(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, country="GB")
        invoice = an_invoice(session, account, "10", issued_on=date(2010, 1, 1), due_on=date(2010, 2, 1))
        case = opening.open_case(session, account.id, Claim([invoice.id], "County Court"), actor=OPERATOR)

        with pytest.raises(Conflict):
            filed(session, case)


def test_only_an_attorney_that_has_the_debt_can_bring_it(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session)
        agency = placed(session, account, a_partner(session))

        claim = Claim([invoice.id], "County Court", placement_id=agency.id)
        with pytest.raises(Conflict):
            opening.open_case(session, account.id, claim, actor=OPERATOR)


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": timedelta(days=101)},
        {"on": timedelta(days=-1)},
        {"amount": "0"},
        {"rate_bp": -1},
        {"rate_bp": 10_001},
    ],
)
def test_a_judgment_has_to_make_sense(db: Database, wrong: dict[str, object]) -> None:
    with db.transaction() as session:
        _, _, case = a_case(session)
        with pytest.raises(Conflict):
            judged(session, case)
        filed(session, case)
        ago = wrong.get("on", timedelta(days=1))
        assert isinstance(ago, timedelta)
        rate = wrong.get("rate_bp", 800)
        assert isinstance(rate, int)
        decided = Judgment(today(session) - ago, money(str(wrong.get("amount", "10"))), money("0"), rate)

        with pytest.raises(Invalid):
            judging.record_judgment(session, case.account_id, case.id, decided, actor=OPERATOR)


def test_a_step_is_told_of_in_time_and_settled_when_it_is_done(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _, case = a_case(session)
        on = today(session) + timedelta(days=20)
        step = stepping.plan_step(session, account.id, case.id, Step(StepKind.HEARING, "Room 3", on), actor=OPERATOR)
        step_id, early = step.id, deadlines(session)
    before = case_turns.take_due(db).done
    clock.advance(days=6)
    due = [case_turns.take_due(db).done for _ in range(2)]
    with db.transaction() as session:
        told = deadlines(session)
        with pytest.raises(Invalid):
            stepping.finish_step(session, account.id, case.id, step_id, came_of_it=" ", actor=OPERATOR)
        stepping.finish_step(session, account.id, case.id, step_id, came_of_it="Adjourned.", actor=OPERATOR)
        with pytest.raises(Conflict):
            stepping.finish_step(session, account.id, case.id, step_id, came_of_it="Again.", actor=OPERATOR)

        assert (early, before, due, told) == ([], 0, [1, 0], [str(step_id)])
        assert deadlines(session) == []


def test_a_case_that_ends_settles_what_was_due_in_it(db: Database) -> None:
    with db.transaction() as session:
        account, _, case = a_case(session)
        soon = Step(StepKind.PAPERS, "Statement", today(session))
        stepping.plan_step(session, account.id, case.id, soon, actor=OPERATOR)
        waiting = len(deadlines(session))
        opening.close(session, account.id, case.id, CaseOutcome.SETTLED, why="Agreed.", actor=OPERATOR)

        assert (waiting, deadlines(session)) == (1, [])
        with pytest.raises(Conflict):
            stepping.plan_step(session, account.id, case.id, soon, actor=OPERATOR)


def test_what_we_pay_for_it_is_an_expense(db: Database) -> None:
    with db.transaction() as session:
        account, _, case = a_case(session)
        day = today(session)
        stepping.pay_cost(session, account.id, case.id, money("455"), day, what="Issue fee", actor=OPERATOR)

        assert balance_of(session, LedgerAccount.COLLECTION_COSTS, "GBP") == money("455")
        for amount, days, what in (("0", 0, "x"), ("1", 1, "x"), ("1", 0, " ")):
            on = day + timedelta(days=days)
            with pytest.raises(Invalid):
                stepping.pay_cost(session, account.id, case.id, money(amount), on, what=what, actor=OPERATOR)
        assert [one.amount for one in queries.costs(session, case.id)] == [money("455")]


def test_what_a_case_brings_hangs_on_its_own_invoices(db: Database) -> None:
    with db.transaction() as session:
        _, invoice, case = a_case(session)
        judged(session, filed(session, case), costs="50")
        [note] = session.scalars(select(CaseNote)).all()

        assert session.get_one(Invoice, note.invoice_id).parent_id == invoice.id
        assert changing.invoice_ids(session, case.id) == [invoice.id]
