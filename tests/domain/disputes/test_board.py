"""The board of disputes: what is due first stands on top, and each page goes on where the last one ended."""

from __future__ import annotations

from domain.disputes import board
from domain.disputes.board import Column, Wanted
from domain.disputes.joining import merge, split
from domain.disputes.kin import credit_notes, kin_of, may_take_up
from domain.disputes.model import DisputeHandling
from domain.disputes.owning import assign
from domain.disputes.queries import dispute as row_of
from domain.disputes.raising import Complaint
from domain.disputes.reasons import Reason
from domain.disputes.resolving import begin_review, reject
from domain.disputes.talking import answer, ask
from domain.processing.disputes.accepting import accept
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from tests.support.builders import money
from tests.support.disputing import a_dispute, a_member, contest


def test_a_page_of_a_column_goes_on_where_the_last_one_ended(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        same = [a_dispute(session)[2].id for _ in range(2)]
        reviewed = a_dispute(session)[2]
        begin_review(session, reviewed.account_id, reviewed.id, actor=OPERATOR)
        clock.advance(days=1)
        later = a_dispute(session)[2].id
        answered = a_dispute(session)[2]
        session.get_one(DisputeHandling, same[1]).answered_at = clock.now()

        [top] = board.column(session, Column.NEW, limit=1)
        rest = board.column(session, Column.NEW, after=board.place_of(Column.NEW, top), limit=9)

        assert [top.id, *(row.id for row in rest)] == [same[0], later, answered.id, same[1]]
        assert [row.id for row in board.column(session, Column.LOOKED_INTO, limit=9)] == [reviewed.id]
        assert board.counts(session) == {Column.NEW: 4, Column.LOOKED_INTO: 1, Column.WAITING: 0}


def test_what_has_ended_stands_newest_first_and_leaves_the_board_after_a_month(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        ended = []
        for _ in range(3):
            one = a_dispute(session)[2]
            reject(session, one.account_id, one.id, answer="No.", actor=OPERATOR)
            ended.append(one.id)
    clock.advance(days=board.LATELY_DAYS + 1)
    with db.transaction() as session:
        one = a_dispute(session)[2]
        reject(session, one.account_id, one.id, answer="No.", actor=OPERATOR)

        [top] = board.column(session, Column.ENDED, limit=1)
        rest = board.column(session, Column.ENDED, after=board.place_of(Column.ENDED, top), limit=9)

        assert [top.id, *(row.id for row in rest)] == [one.id, *reversed(ended)]
        assert [row.id for row in board.lately(session, limit=9)] == [one.id]


def test_it_can_be_looked_for_by_owner_by_reason_and_by_being_late(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        member = a_member(session, Role.DISPUTE_HANDLER)
        mine, waits, new = (a_dispute(session)[2] for _ in range(3))
        assign(session, mine.account_id, mine.id, member.id, actor=OPERATOR)
        answer(session, mine.account_id, mine.id, "We look into it.", actor=OPERATOR)
        ask(session, waits.account_id, waits.id, "Which boxes?", actor=OPERATOR)

    assert _found(db, Wanted(owner_id=member.id)) == {mine.id}
    assert _found(db, Wanted(is_nobodys=True)) == {waits.id, new.id}
    assert _found(db, Wanted(reason=Reason.DAMAGED)) == {mine.id, waits.id, new.id}
    assert _found(db, Wanted(reason=Reason.TAX)) == set()
    assert _found(db, Wanted(is_late=True)) == set()
    clock.advance(days=2)
    assert _found(db, Wanted(is_late=True)) == {new.id}
    clock.advance(days=30)
    assert _found(db, Wanted(is_late=True)) == {new.id, mine.id}


def _found(db: Database, wanted: Wanted) -> set[int]:
    with db.reading() as session:
        rows = [row.id for which in Column for row in board.column(session, which, wanted, limit=9)]
        assert sum(board.counts(session, wanted).values()) == len(rows)
    return set(rows)


def test_a_dispute_is_due_by_its_answer_first_and_by_its_decision_then(db: Database) -> None:
    with db.transaction() as session:
        account, _, dispute = a_dispute(session)
        handling = session.get_one(DisputeHandling, dispute.id)

        assert board.due_of(row_of(session, dispute.id)) == handling.answer_by
        answer(session, account.id, dispute.id, "We look into it.", actor=OPERATOR)
        assert board.due_of(row_of(session, dispute.id)) == handling.resolve_by
        ask(session, account.id, dispute.id, "Which boxes?", actor=OPERATOR)
        assert board.due_of(row_of(session, dispute.id)) is None


def test_a_dispute_knows_what_it_came_from_and_what_became_of_it(db: Database) -> None:
    with db.transaction() as session:
        account, invoice, dispute = a_dispute(session, "50")
        other = contest(session, account, invoice, "30")
        part = Complaint(Reason.TAX, "The tax is wrong.", money("20"))
        split_off = split(session, account.id, dispute.id, part, actor=OPERATOR)

        free = [row.id for row in may_take_up(session, row_of(session, dispute.id))]
        merge(session, account.id, other.id, dispute.id, actor=OPERATOR)
        accept(session, account.id, dispute.id, money("60"), answer="Yes.", role=Role.MANAGER, actor=OPERATOR)
        kin = kin_of(session, row_of(session, dispute.id))
        notes = credit_notes(session, row_of(session, dispute.id))

        assert free == [other.id, split_off.id]
        assert [row.id for row in kin.merged_here] == [other.id]
        assert [row.id for row in kin.split_off] == [split_off.id]
        assert [row.amount_minor for row in notes] == [6000]
        assert credit_notes(session, row_of(session, split_off.id)) == []
        gone_up = kin_of(session, row_of(session, other.id)).merged_into
        came_from = kin_of(session, row_of(session, split_off.id)).split_from
        assert gone_up is not None
        assert came_from is not None
        assert (gone_up.id, came_from.id) == (dispute.id, dispute.id)
