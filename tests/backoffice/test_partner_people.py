"""Who signs in for a partner: invited by mail, listed, and taken away."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.outbox.model import OUTBOX
from domain.placements import enrolling, proposing, sending
from domain.placements.people import inviting
from domain.placements.people import queries as people
from domain.placements.people.inviting import InvitePartner
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR, Actor
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.audited import acts
from tests.support.placing import a_late_debt, a_partner, proposed


@pytest.fixture
def partner_id(office: Office) -> int:
    with office.db.transaction() as session:
        return a_partner(session, name="Fair Recovery Ltd", language="es").id


def test_somebody_is_invited_in_the_partners_language_and_listed(office: Office, partner_id: int) -> None:
    manager = office.browser(Role.MANAGER)
    page = manager.get(f"/partners/{partner_id}").follow("Who signs in for it")

    again = manager.follow(page.submit("Invite them", name="Gus Fair", email="Gus@Fair.example"))
    twice = again.submit("Invite them", name="Gus Fair", email="gus@fair.example")

    assert "gus@fair.example" in again.words
    assert "already" in twice.words
    assert (twice.status, twice.all("input", name="name")[0].get("value")) == (422, "Gus Fair")
    with office.db.reading() as session:
        [row] = people.of_partner(session, partner_id)
        assert (row.name, row.language) == ("Gus Fair", "es")
        kinds = session.scalars(select(OUTBOX.c.kind)).all()
        assert kinds.count(InvitePartner.kind) == 1


def test_whoever_is_taken_away_is_signed_out_at_once(office: Office, partner_id: int) -> None:
    manager = office.browser(Role.MANAGER)
    there = f"/partners/{partner_id}/people"
    page = manager.follow(manager.get(there).submit("Invite them", name="Gus", email="gus@fair.example"))
    with office.db.transaction() as session:
        [row] = people.of_partner(session, partner_id)
        token = sessions.start(session, site=Site.PARTNERS, subject_id=row.id)

    after = manager.follow(page.submit("Take away"))

    assert "taken away on" in after.words
    with office.db.reading() as session:
        assert sessions.find(session, Site.PARTNERS, token) is None
        assert acts(session)[-2:] == ["partner_login.ended", "session.ended"]


def test_nobody_is_invited_for_a_partner_that_was_let_go(office: Office, partner_id: int) -> None:
    manager = office.browser(Role.MANAGER)
    page = manager.get(f"/partners/{partner_id}/people")
    with office.db.transaction() as session:
        enrolling.let_go(session, partner_id, why="Slow.", actor=OPERATOR)

    refused = page.submit("Invite them", name="Gus", email="gus@fair.example")

    assert refused.status == 422
    assert "Nothing is handed to Fair Recovery Ltd any more." in refused.words


def test_nobody_of_another_partner_is_taken_away_from_here(office: Office, partner_id: int) -> None:
    manager = office.browser(Role.MANAGER)
    page = manager.follow(
        manager.get(f"/partners/{partner_id}/people").submit("Invite them", name="Gus", email="gus@fair.example")
    )
    token = str(page.all("input", name="csrf_token")[0].get("value"))
    with office.db.transaction() as session:
        other = a_partner(session).id
        [row] = people.of_partner(session, partner_id)

    answer = manager.post(f"/partners/{other}/people/{row.id}/end", data={"csrf_token": token})

    assert answer.status == 404


def test_what_one_of_them_did_bears_their_name_and_firm(office: Office) -> None:
    with office.db.transaction() as session:
        account, _ = a_late_debt(session)
        partner = a_partner(session, name="Fair Recovery Ltd")
        made = proposed(session, account, partner)
        proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
        sending.send(session, account.id, made.id, actor=OPERATOR)
        gus = inviting.invite(session, partner.id, email="gus@fair.example", name="Gus", actor=OPERATOR)
        sending.take(session, account.id, made.id, actor=Actor.partner(gus.id))
        account_id, placement_id = account.id, made.id
    manager = office.browser(Role.MANAGER)

    assert "Gus (Fair Recovery Ltd)" in manager.get(f"/handoffs/{placement_id}").words
    assert "Gus (Fair Recovery Ltd)" in manager.get(f"/accounts/{account_id}").words
