"""Delivering: how a partner gets its files is chosen, no two have one folder, and what lies with it is laid there."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.outbox.model import OutboxMessage
from domain.placements import ending, enrolling
from domain.placements.people import delivering
from domain.placements.people.admitted import WINDING_UP
from domain.placements.people.delivering import Chosen
from domain.placements.people.model import Delivery
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotFound
from tests.support.placing import a_late_debt, a_partner, placed


def laid(session: Session) -> list[int]:
    """The placements that are to be laid into a folder, in their order."""
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "lay_into_folder").order_by(OutboxMessage.id)
    )
    return [row.payload["placement_id"] for row in rows]


def test_whoever_gets_a_folder_finds_there_what_lies_with_it(db: Database) -> None:
    with db.transaction() as session:
        partner = a_partner(session)
        made = placed(session, a_late_debt(session)[0], partner)
        before = (delivering.delivery(session, partner.id), laid(session))

        delivering.choose(session, partner.id, Delivery.FOLDER, folder=" fair ", actor=OPERATOR)
        delivering.choose(session, partner.id, Delivery.FOLDER, folder="fair", actor=OPERATOR)
        chosen = delivering.delivery(session, partner.id)

        assert before == (Chosen(), [])
        assert (chosen, laid(session)) == (Chosen(Delivery.FOLDER, "fair"), [made.id])
        assert [each.folder for each in delivering.with_folders(session)] == ["fair"]
        delivering.choose(session, partner.id, Delivery.API, folder="fair", actor=OPERATOR)
        assert delivering.with_folders(session) == []


def test_nothing_is_taken_in_from_the_folder_of_a_partner_that_has_nothing_left(
    db: Database, clock: MovableClock
) -> None:
    def folders() -> list[str]:
        with db.reading() as session:
            return [each.folder for each in delivering.with_folders(session)]

    with db.transaction() as session:
        partner = a_partner(session)
        delivering.choose(session, partner.id, Delivery.FOLDER, folder="fair", actor=OPERATOR)
        made = placed(session, a_late_debt(session)[0], partner)
        enrolling.let_go(session, partner.id, why="Slow.", actor=OPERATOR)
    with_debts = folders()
    with db.transaction() as session:
        ending.recall(session, made.account_id, made.id, why="We do it.", actor=OPERATOR)
    clock.advance(days=WINDING_UP.days + 1)

    assert (with_debts, folders()) == (["fair"], [])


@pytest.mark.parametrize("folder", ["", "../fair", "Fair", "a/b", "-a", "a" * 81, "fär"])
def test_a_folder_has_a_plain_name(db: Database, folder: str) -> None:
    with db.transaction() as session:
        partner = a_partner(session)

        with pytest.raises(Invalid) as refused:
            delivering.choose(session, partner.id, Delivery.FOLDER, folder=folder, actor=OPERATOR)

        assert refused.value.field == "folder"


def test_no_two_partners_have_one_folder_and_nobody_has_one_without_a_partner(db: Database) -> None:
    with db.transaction() as session:
        delivering.choose(session, a_partner(session).id, Delivery.FOLDER, folder="fair", actor=OPERATOR)

        with pytest.raises(Invalid):
            delivering.choose(session, a_partner(session).id, Delivery.FOLDER, folder="fair", actor=OPERATOR)
        with pytest.raises(NotFound):
            delivering.choose(session, 999_999, Delivery.API, actor=OPERATOR)
