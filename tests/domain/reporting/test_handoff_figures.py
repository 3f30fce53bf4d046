"""The report of handoffs: by partner, age and size, to the cent, recomputed from the rows alone."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.placements import ending, proposing, sending
from domain.placements.model import Placement
from domain.remittances.model import CostStatus, PlacedCollection, PlacementCost, Way
from domain.reporting.handoff_figures import By, Row, Sent, What, rows_by, sent_in
from domain.reporting.handoff_sheet import HANDOFFS, make
from domain.reporting.handoff_sheet import rows as rows_behind
from domain.reporting.sheets.files import sheet_csv
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Invalid
from domain.staff.model import Role
from tests.support.builders import money
from tests.support.counting import counted
from tests.support.placing import a_late_debt, a_partner, placed, proposed
from tests.support.recovering import came, came_to_us, did, spent
from tests.support.speaking import Spoken

CENT = Decimal("0.01")


def found(session: Session) -> list[Sent]:
    """The report of the year that ends today."""
    return sent_in(session, today(session) - timedelta(days=365), today(session))


def a_story(session: Session) -> None:
    """Three partners with eight debts of all ages and sizes, of which some was recovered."""
    partners = [a_partner(session, name=name) for name in ("Alder Ltd", "Birch Ltd", "Cedar LLP")]
    debts = [("300", 70), ("800", 95), ("1234.56", 100), ("2500", 200), ("450.50", 400), ("12000", 90), ("5000", 65)]
    for index, (amount, late_days) in enumerate(debts):
        account, invoice = a_late_debt(session, amount, late_days=late_days)
        made = placed(session, account, partners[index % 3])
        if index % 2 == 0:
            came(session, made, "123.45")
            came_to_us(session, made, "33.33", invoice)
        if index % 3 == 0:
            spent(session, made, "17.05")
            spent(session, made, "99", accepted=False)
            did(session, made)
    account, _ = a_late_debt(session, "700")
    made = proposed(session, account, partners[0])
    proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
    sending.send(session, account.id, made.id, actor=OPERATOR)
    sending.refuse(session, account.id, made.id, why="Too small.", actor=OPERATOR)


def test_every_figure_is_what_the_rows_come_to(db: Database) -> None:
    with db.transaction() as session:
        a_story(session)

        sent = found(session)
        by_partner = rows_by(sent, By.PARTNER)
        placements = {one.id: one for one in session.scalars(select(Placement))}
        collections = session.scalars(select(PlacedCollection)).all()
        costs = session.scalars(select(PlacementCost).where(PlacementCost.status == CostStatus.ACCEPTED)).all()

    assert [row.found[0].partner_name for row in by_partner] == ["Alder Ltd", "Birch Ltd", "Cedar LLP"]
    assert {each.way for each in collections} == set(Way)
    for row in by_partner:
        theirs = {
            one.id for one in placements.values() if str(one.partner_id) == row.key and one.status.value != "refused"
        }
        gross = sum(each.amount_minor for each in collections if each.placement_id in theirs)
        commission = sum(each.commission_minor for each in collections if each.placement_id in theirs)
        spent_minor = sum(each.amount_minor for each in costs if each.placement_id in theirs)
        handed = sum(placements[one].placed_minor or 0 for one in theirs)
        (sums,) = row.sums
        assert (sums.placed.minor, sums.gross.minor) == (handed, gross)
        assert (sums.commission.minor, sums.costs.minor) == (commission, spent_minor)
        assert sums.net.minor == gross - commission - spent_minor
        share = Decimal(gross * 100) / Decimal(handed)
        assert sums.gross_percent == share.quantize(CENT, ROUND_HALF_EVEN)
        if gross:
            each = Decimal(commission + spent_minor) / Decimal(gross)
            assert sums.per_unit == each.quantize(CENT, ROUND_HALF_EVEN)


def test_the_same_money_stands_in_every_table(db: Database) -> None:
    with db.transaction() as session:
        a_story(session)
        sent = found(session)

    totals = [sum(sums.net.minor for row in rows_by(sent, by) for sums in row.sums) for by in By] + [
        Row("all", sent).sums[0].net.minor
    ]

    assert len(set(totals)) == 1
    assert {by: [row.key for row in rows_by(sent, by)] for by in (By.AGE, By.SIZE)} == {
        By.AGE: ["60", "90", "180", "365"],
        By.SIZE: ["0", "500", "2000", "10000"],
    }
    for by in By:
        assert sum(row.many(What.SENT) for row in rows_by(sent, by)) == 8


def test_each_number_counts_what_has_become_of_them(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        partner = a_partner(session)
        account, _ = a_late_debt(session, "100")
        paid = placed(session, account, partner)
        placed(session, a_late_debt(session, "200")[0], partner)
        back = placed(session, a_late_debt(session, "400")[0], partner)
        ending.give_back(session, back.account_id, back.id, why="Nobody opens.", actor=OPERATOR)
        paid_id = paid.id
    clock.advance(days=5)
    with db.transaction() as session:
        made = session.get_one(Placement, paid_id)
        came(session, made, "40")
        (row,) = rows_by(found(session), By.PARTNER)

    assert {what: row.many(what) for what in What} == {
        What.SENT: 3,
        What.PLACED: 2,
        What.CAME: 1,
        What.PAID: 0,
        What.BACK: 1,
        What.REFUSED: 0,
        What.SILENT: 1,
    }
    assert row.days_to_act == Decimal(5)
    assert row.sums[0].placed == money("700")


def test_only_the_days_of_the_period_count_and_it_has_to_be_one(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        placed(session, a_late_debt(session)[0], a_partner(session))
        day = today(session)
        assert len(sent_in(session, day, day)) == 1
        assert sent_in(session, day + timedelta(days=1), day + timedelta(days=2)) == []
        assert sent_in(session, day - timedelta(days=2), day - timedelta(days=1)) == []
        with pytest.raises(Invalid):
            sent_in(session, day, day - timedelta(days=1))


def test_it_is_one_query_however_many_there_are(db: Database) -> None:
    with db.transaction() as session:
        a_story(session)
    with db.reading() as session, counted(session.connection()) as few:
        found(session)
    assert len(few) <= 2


def test_the_files_say_the_same_as_the_page(db: Database) -> None:
    with db.transaction() as session:
        partner = a_partner(session, name="=Alder Ltd")
        account, _ = a_late_debt(session, "1200")
        made = placed(session, account, partner)
        came(session, made, "900")
        spent(session, made, "45")
        asked = HANDOFFS.usual(session).having(by="partner")
        rows = b"".join(sheet_csv(make(session, asked), Spoken("en"))).decode()
        each = b"".join(sheet_csv(rows_behind(session, asked, None), Spoken("en"))).decode()

    assert "'=Alder Ltd,1,1,1,0,0,0,0,0.00,GBP,1200.00,900.00,315.00,45.00,540.00,75.00,45.00,0.40" in rows
    assert "GBP,1200.00,900.00,315.00,45.00,540.00" in each
