"""Stopping: staff hold and let go, with a reason, only what is theirs to hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.audit.model import AUDIT_ENTRIES
from domain.processing.stopping import Wish, lift_stop, set_stop
from domain.reporting.act_words import Topic
from domain.reporting.timeline import timeline
from domain.shared.actor import Actor
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.stops import queries
from domain.stops.model import StopKind
from tests.support.builders import an_account, an_invoice
from tests.support.disputing import a_dispute
from tests.support.insolvency import insolvent

JO = Actor.staff(7)


def test_what_is_held_and_let_go_of_is_on_the_timeline(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        stop = set_stop(session, account.id, Wish(StopKind.MANUAL, "Wait for Ana", invoice.id), actor=JO)
        lift_stop(session, account.id, stop.id, why="Ana is back", actor=JO)

        told = {
            str(one.words) for one in timeline(session, account.id, Topic.MONEY).happenings if one.icon != "invoice"
        }

        assert told == {"No longer held: Held by staff. Ana is back", "Held by staff: Wait for Ana"}
        assert queries.live(session, account.id) == []


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(StopKind.MANUAL, " "), "why"),
        (Wish(StopKind.MANUAL, "x" * 501), "why"),
        (Wish(StopKind.DISPUTE, "why"), "kind"),
        (Wish(StopKind.INSOLVENCY, "why"), "kind"),
    ],
)
def test_what_cannot_be_held_is_told_beside_its_field(db: Database, wish: Wish, field: str) -> None:
    with db.transaction() as session:
        account = an_account(session)

        with pytest.raises(Invalid) as refused:
            set_stop(session, account.id, wish, actor=JO)

        assert refused.value.field == field


def test_nobody_holds_until_yesterday_or_somebody_elses_invoice(db: Database) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        invoice = an_invoice(session, other, "120")
        yesterday = today(session) - timedelta(days=1)

        with pytest.raises(Invalid):
            set_stop(session, account.id, Wish(StopKind.MANUAL, "x", until_on=yesterday), actor=JO)
        with pytest.raises(NotFound):
            set_stop(session, account.id, Wish(StopKind.MANUAL, "x", invoice.id), actor=JO)

        assert session.scalars(select(AUDIT_ENTRIES.c.id).where(AUDIT_ENTRIES.c.act == "stop.set")).all() == []


def test_what_is_over_or_belongs_to_something_else_is_not_let_go_of(db: Database) -> None:
    with db.transaction() as session:
        account, _, _ = a_dispute(session)
        [disputed] = queries.live(session, account.id)
        insolvent(session, account.id)
        held = next(row for row in queries.live(session, account.id) if row.kind is StopKind.INSOLVENCY)
        stop = set_stop(session, account.id, Wish(StopKind.CEASE, "x"), actor=JO)
        lift_stop(session, account.id, stop.id, why="y", actor=JO)

        for stop_id in (disputed.id, stop.id, held.id):
            with pytest.raises(Conflict):
                lift_stop(session, account.id, stop_id, why="y", actor=JO)


def test_it_may_begin_on_an_earlier_day_and_not_in_the_future(db: Database) -> None:
    with db.transaction() as session:
        account, day = an_account(session), today(session)
        stop = set_stop(
            session, account.id, Wish(StopKind.BREATHING_SPACE, "Notice", from_on=day - timedelta(days=2)), actor=JO
        )

        assert stop.from_on == day - timedelta(days=2)

    with pytest.raises(Invalid), db.transaction() as session:
        set_stop(session, account.id, Wish(StopKind.MANUAL, "Notice", from_on=day + timedelta(days=1)), actor=JO)


def test_what_is_about_somebody_is_never_about_one_invoice_alone(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")

    with pytest.raises(Invalid), db.transaction() as session:
        set_stop(session, account.id, Wish(StopKind.BREATHING_SPACE, "Notice", invoice.id), actor=JO)
