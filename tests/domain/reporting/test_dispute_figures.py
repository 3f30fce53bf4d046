"""Dispute figures: what the disputes of a period came to, beside a calculation row by row."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from domain.disputes.joining import merge
from domain.disputes.model import Dispute, DisputeHandling, Outcome
from domain.disputes.owning import assign
from domain.disputes.raising import withdraw
from domain.disputes.reasons import Reason, RootCause
from domain.disputes.reopening import reopen
from domain.disputes.resolving import reject
from domain.disputes.silence import close
from domain.disputes.talking import answer, ask
from domain.processing.disputes.accepting import accept
from domain.reporting.dispute_figures import BANDS, By, Raised, What, raised_in, rows_by
from domain.reporting.dispute_sheet import DISPUTES, make
from domain.reporting.dispute_sheet import rows as rows_behind
from domain.reporting.sheets.files import sheet_csv
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now, today
from domain.shared.errors import Invalid
from domain.staff.model import Role
from tests.support.builders import money
from tests.support.disputing import a_dispute, a_member, contest
from tests.support.speaking import Spoken


def a_busy_month(db: Database, clock: MovableClock) -> int:
    """Disputes that ended in every way, in time and late; the id of who handles two of them."""
    with db.transaction() as session:
        member = a_member(session, Role.DISPUTE_HANDLER)
        accepted, partly, rejected, again, withdrawn, late = (a_dispute(session, "60")[2] for _ in range(6))
        account, invoice, kept = a_dispute(session, "50")
        gone_up = contest(session, account, invoice, "20")
        member_id = member.id
        for one in (accepted, late):
            assign(session, one.account_id, one.id, member_id, actor=OPERATOR)
        answer(session, partly.account_id, partly.id, "We look into it.", actor=OPERATOR)
        merge(session, account.id, gone_up.id, kept.id, actor=OPERATOR)
    clock.advance(days=3)
    with db.transaction() as session:
        for one, amount, cause in ((accepted, "60", RootCause.DELIVERY), (partly, "15", RootCause.PRICING)):
            credit, role = money(amount), Role.MANAGER
            accept(session, one.account_id, one.id, credit, answer="Yes.", role=role, actor=OPERATOR, cause=cause)
        reject(session, rejected.account_id, rejected.id, answer="No.", actor=OPERATOR)
        reject(session, again.account_id, again.id, answer="No.", actor=OPERATOR, cause=RootCause.CUSTOMER)
        withdraw(session, withdrawn.account_id, withdrawn.id, actor=OPERATOR)
    clock.advance(days=6)
    with db.transaction() as session:
        reopen(session, again.account_id, again.id, "Look at the photographs.", actor=OPERATOR)
    clock.advance(days=20)
    with db.transaction() as session:
        reject(session, again.account_id, again.id, answer="Still no.", actor=OPERATOR)
        a_dispute(session, "10")
    return member_id


def plainly(db: Database) -> dict[int, tuple[int | None, bool, int | None, bool]]:
    """Each dispute's key figures, worked out from its rows one by one."""
    with db.reading() as session:
        at = now(session)
        found: dict[int, tuple[int | None, bool, int | None, bool]] = {}
        for one in session.scalars(select(Dispute)).all():
            handling = session.get_one(DisputeHandling, one.id)
            began, answered, ended = handling.reopened_at or one.raised_at, handling.answered_at, one.ended_at
            answer_days = (answered - began).days if answered else None
            late_answer = answered > handling.answer_by if answered else not ended and at > handling.answer_by
            end_days = (ended - began).days if ended else None
            found[one.id] = (answer_days, late_answer, end_days, (ended or at) > handling.resolve_by)
    return found


def figures(db: Database) -> list[Raised]:
    """The disputes of the last two months."""
    with db.reading() as session:
        return raised_in(session, today(session) - timedelta(days=60), today(session))


def test_every_dispute_is_told_as_a_calculation_row_by_row_tells_it(db: Database, clock: MovableClock) -> None:
    a_busy_month(db, clock)

    found = figures(db)

    assert len(found) == 9
    assert {
        one.dispute_id: (one.days_to_answer, one.is_answered_late, one.days_to_resolve, one.is_resolved_late)
        for one in found
    } == plainly(db)


def test_the_rows_add_up_by_whatever_they_are_counted(db: Database, clock: MovableClock) -> None:
    member_id = a_busy_month(db, clock)
    found = figures(db)

    tables = {by: rows_by(found, by) for by in By}

    for rows in tables.values():
        for what in What:
            assert sum(row.many(what) for row in rows) == sum(one.counts(what) for one in found)
        assert sum(each.minor for row in rows for each, _ in row.money) == (6 * 60 + 70 + 10) * 100
    assert [(row.key, row.many(What.RAISED)) for row in tables[By.OUTCOME]] == [
        ("live", 3),
        (Outcome.ACCEPTED, 1),
        (Outcome.PARTLY_ACCEPTED, 1),
        (Outcome.REJECTED, 2),
        ("withdrawn", 1),
        ("merged", 1),
    ]
    assert [(row.key, row.many(What.RAISED)) for row in tables[By.OWNER]] == [("0", 7), (str(member_id), 2)]
    assert [row.key for row in tables[By.CAUSE]] == ["pricing", "delivery", "customer", ""]
    assert {row.key: row.many(What.RAISED) for row in tables[By.AGE]} == {"0": 6, "8": 3}
    assert {int(row.key) for row in tables[By.AGE]} <= {least for least, _ in BANDS}
    (damaged,) = tables[By.REASON]
    assert damaged.share == Decimal(50)
    assert damaged.money[0][1] == money("75")
    assert damaged.days_to_resolve == Decimal(3 + 3 + 3 + 20 + 3 + 0) / 6


def test_what_waits_for_the_customer_or_was_left_by_them_is_not_late(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account, invoice, asked = a_dispute(session, "50")
        ours = contest(session, account, invoice, "20")
        ask(session, account.id, asked.id, "Which box?", actor=OPERATOR)
        ids = asked.id, ours.id
    clock.advance(days=40)
    while_waiting = {one.dispute_id: one.is_resolved_late for one in figures(db)}
    with db.transaction() as session:
        assert close(session, ids[0], actor=WORKER)

    assert while_waiting == dict(zip(ids, (False, True), strict=True))
    assert {one.dispute_id: one.is_resolved_late for one in figures(db)} == while_waiting


def test_an_impossible_period_is_refused_and_another_is_empty(db: Database) -> None:
    with db.transaction() as session:
        a_dispute(session)
        day = today(session)

        assert raised_in(session, day - timedelta(days=9), day - timedelta(days=1)) == []
        assert len(raised_in(session, day, day)) == 1
        for first in (day + timedelta(days=1), day - timedelta(days=5000)):
            with pytest.raises(Invalid):
                raised_in(session, first, day)


def test_the_files_have_a_row_for_each_line_and_each_dispute(db: Database, clock: MovableClock) -> None:
    a_busy_month(db, clock)
    found = figures(db)

    with db.reading() as session:
        asked = DISPUTES.usual(session).having(by="reason")
        table = b"".join(sheet_csv(make(session, asked), Spoken("en"))).decode("utf-8-sig")
        behind = b"".join(sheet_csv(rows_behind(session, asked, None), Spoken("en"))).decode("utf-8-sig").splitlines()

    assert table.splitlines()[1] == "en: It came damaged or does not work,9,3,4,2,4,5,6,3,50.0,6.5,5.3,GBP,440.00,75.00"
    assert len(behind) == 10
    assert any("en: Partly accepted" in line and line.endswith("0,3,GBP,60.00,15.00") for line in behind)
    assert Reason.DAMAGED in {one.reason for one in found}
