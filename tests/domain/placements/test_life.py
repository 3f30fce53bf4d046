"""The life of a placement: proposed, approved within authority, looked at again, sent, held, paid, open again, back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers import placement_turns
from domain.outbox.model import OutboxMessage
from domain.payments.model import PaymentMethod
from domain.placements import ending, following, proposing, queries, sending
from domain.placements.model import Closing, Placement, PlacementStatus
from domain.processing.receipts.recording import Slip, record_receipt
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority, Conflict, Invalid, NotFound
from domain.staff.model import Role
from domain.stops import queries as stop_queries
from domain.stops import writing as stops
from domain.stops.model import StopKind
from domain.tasks.model import TaskKind
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.placing import a_late_debt, a_partner, placed, proposed, warn
from tests.support.tasks import open_tasks as waiting_tasks


def held(session: Session, account_id: int) -> list[int | None]:
    """The invoices that lie with a partner."""
    return [row.invoice_id for row in stop_queries.live(session, account_id) if row.kind is StopKind.PLACEMENT]


def told(session: Session) -> list[str]:
    """What the partner is told."""
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "tell_partner").order_by(OutboxMessage.id))
    return [row.payload["news"] for row in rows]


def open_tasks(session: Session, account_id: int) -> list[TaskKind]:
    """What somebody has to look at."""
    return [task.kind for task in waiting_tasks(session) if task.account_id == account_id]


def test_what_is_approved_is_sent_at_the_commission_in_force_and_no_longer_chased(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200", late_days=90)
        partner = a_partner(session, term_days=100)
        made = proposed(session, account, partner)
        before = (open_tasks(session, account.id), held(session, account.id))
        proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)

        sending.send(session, account.id, made.id, actor=OPERATOR)

        assert before == ([TaskKind.PLACEMENT_APPROVAL], [])
        assert (made.status, made.placed_minor, made.rate_bp, made.turn) == (PlacementStatus.SENT, 1_200_00, 3_500, 1)
        assert made.returns_on == today(session) + timedelta(days=100)
        assert (open_tasks(session, account.id), held(session, account.id)) == ([], [invoice.id])
        assert told(session) == ["sent"]
        assert [finding["met"] for finding in made.findings] == [True] * len(made.findings)


def test_a_collector_proposes_and_somebody_with_the_authority_approves(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        made = proposed(session, account, a_partner(session))

    with pytest.raises(BeyondAuthority), db.transaction() as session:
        proposing.approve(session, account.id, made.id, role=Role.COLLECTOR, actor=OPERATOR)


def test_what_is_no_candidate_any_more_is_neither_approved_nor_sent_and_dropped_by_the_worker(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session)
        made = proposed(session, account, a_partner(session))
        stops.write(session, account.id, StopKind.DISPUTE, "dispute:1", actor=OPERATOR, invoice_id=invoice.id)

    with pytest.raises(Conflict, match="cannot be handed over"), db.transaction() as session:
        proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
    placement_turns.take_due(db)
    with db.transaction() as session:
        found = session.get_one(Placement, made.id)
        assert (found.status, open_tasks(session, account.id)) == (PlacementStatus.DROPPED, [])


def test_money_since_the_proposal_is_not_handed_over(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        made = proposed(session, account, a_partner(session))
        proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
        a_receipt(session, account, "200", today(session), invoice)

        sending.send(session, account.id, made.id, actor=OPERATOR)

        assert (made.proposed_minor, made.placed_minor) == (1_200_00, 1_000_00)


def test_a_dispute_holds_it_and_its_end_lets_it_go_on(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session)
        made = placed(session, account, a_partner(session))
        stops.write(session, account.id, StopKind.DISPUTE, "dispute:1", actor=OPERATOR, invoice_id=invoice.id)

    placement_turns.take_due(db)
    with db.transaction() as session:
        while_contested = session.get_one(Placement, made.id).status
        stops.lift(session, StopKind.DISPUTE, "dispute:1", actor=OPERATOR)
    placement_turns.take_due(db)
    again = placement_turns.take_due(db)

    with db.reading() as session:
        assert (while_contested, session.get_one(Placement, made.id).status) == (
            PlacementStatus.HELD,
            PlacementStatus.ACTIVE,
        )
        assert told(session) == ["sent", "held", "goes_on"]
    assert again.done == 0


def test_what_is_paid_to_us_closes_it_and_a_returned_payment_opens_it_again(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        made = placed(session, account, a_partner(session))
        slip = Slip(PaymentMethod.TRANSFER, money("1200"), today(session), wanted={invoice.id: money("1200")})
        payment = record_receipt(session, account.id, slip, actor=OPERATOR)
        after_payment = (made.status, made.closing, held(session, account.id))

        return_receipt(session, payment, today(session), reason="bounced", actor=OPERATOR)

        assert after_payment == (PlacementStatus.CLOSED, Closing.PAID, [])
        assert (made.status, made.closing) == (PlacementStatus.ACTIVE, None)
        assert held(session, account.id) == [invoice.id]
        assert told(session) == ["sent", "closed", "open_again"]


def test_at_its_term_it_comes_back_and_somebody_decides(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        made = placed(session, account, a_partner(session, term_days=30))
    clock.advance(days=30)
    placement_turns.take_due(db)
    with db.reading() as session:
        on_the_last_day = session.get_one(Placement, made.id).status
    clock.advance(days=1)

    placement_turns.take_due(db)

    with db.reading() as session:
        assert on_the_last_day is PlacementStatus.ACTIVE
        assert session.get_one(Placement, made.id).status is PlacementStatus.RETURNED
        assert (open_tasks(session, account.id), held(session, account.id)) == ([TaskKind.PLACEMENT_BACK], [])


def test_what_comes_back_is_the_second_placement_when_it_goes_again_and_costs_more(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        first, second = a_partner(session), a_partner(session)
        made = placed(session, account, first)
        ending.recall(session, account.id, made.id, why="Nothing came.", actor=OPERATOR)

        again = placed(session, account, second)

        assert (again.turn, again.rate_bp) == (2, 5_000)
        assert told(session) == ["sent", "recalled", "sent"]


def test_a_refusal_of_the_partner_needs_its_reason_and_somebody_who_finds_another_way(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        made = proposed(session, account, a_partner(session))
        proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
        sending.send(session, account.id, made.id, actor=OPERATOR)

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        sending.refuse(session, account.id, made.id, why=" ", actor=OPERATOR)
    with db.transaction() as session:
        sending.refuse(session, account.id, made.id, why="Not our country.", actor=OPERATOR)

        assert refused.value.field == "why"
        assert (open_tasks(session, account.id), held(session, account.id)) == ([TaskKind.PLACEMENT_REFUSED], [])


def test_a_partner_who_ended_or_acts_elsewhere_gets_nothing(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        elsewhere = a_partner(session, countries=("DE",))

    with pytest.raises(Conflict, match="does not act in GB"), db.transaction() as session:
        proposing.propose(session, account.id, elsewhere.id, reason="Late.", actor=OPERATOR)


def test_nobody_proposes_twice_or_for_somebody_else(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session)
        partner = a_partner(session)
        made = proposed(session, account, partner)
        stranger = an_account(session)

    with pytest.raises(Conflict, match="proposed already"), db.transaction() as session:
        proposed(session, account, partner)
    with pytest.raises(NotFound), db.transaction() as session:
        proposing.decline(session, stranger.id, made.id, why="No.", actor=OPERATOR)


def test_following_twice_changes_nothing_more(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session)
        made = placed(session, account, a_partner(session))
        changes = len(queries.changes(session, made.id))

        assert following.follow_account(session, account.id, [invoice.id], actor=WORKER) == 0
        assert len(queries.changes(session, made.id)) == changes
        assert session.get_one(Invoice, invoice.id).open_minor == 1_200_00


def test_a_debt_that_came_back_goes_to_another_partner_at_the_rate_of_a_second_time(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, "1200")
        first, second = a_partner(session), a_partner(session)
        made = placed(session, account, first)
        ending.give_back(session, account.id, made.id, why="Nobody opens.", actor=OPERATOR)

        with pytest.raises(Invalid, match="had some of this before") as refused:
            proposed(session, account, first)
        again = proposed(session, account, second)

        assert refused.value.field == "partner"
        assert again.turn == 2


def test_it_goes_to_the_same_partner_again_where_somebody_says_so(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, "1200")
        partner = a_partner(session)
        made = placed(session, account, partner)
        ending.recall(session, account.id, made.id, why="They asked for a plan.", actor=OPERATOR)

        again = proposing.propose(
            session, account.id, partner.id, reason="The plan came to nothing.", actor=OPERATOR, same_partner=True
        )
        proposing.approve(session, account.id, again.id, role=Role.MANAGER, actor=OPERATOR)
        sending.send(session, account.id, again.id, actor=OPERATOR)

        assert (again.turn, again.rate_bp) == (2, 5_000)


def test_a_new_debt_of_an_account_is_placed_for_the_first_time(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        partner = a_partner(session)
        made = placed(session, account, partner)
        ending.give_back(session, account.id, made.id, why="Nobody opens.", actor=OPERATOR)
        a_receipt(session, account, "1200", today(session), invoice)
        due_on = today(session) - timedelta(days=70)
        later = an_invoice(session, account, "700", issued_on=due_on, due_on=due_on)
        warn(session, account, later)

        assert proposed(session, account, partner).turn == 1
