"""Handed over: debts with an agency of which somebody signs in, so that each page about them has something to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from domain.placements.correspondence import writing
from domain.placements.people.agreements import Described, file_agreement
from domain.placements.people.inviting import invite
from domain.processing.placing.settling import Proposed, propose
from domain.remittances.remitting import bank_remittance
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from e2e.support.visitor import Visitor
from tests.support.builders import money
from tests.support.files import taken_in
from tests.support.house import House
from tests.support.placing import a_late_debt, a_partner, placed, proposed
from tests.support.remitting import a_cost, collected, remitted


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The agency, its person, the placement that most has happened to, and one that is only proposed.

    `remittance_id` differs from the card, and is open; `candidate_id` is an account that could be handed over today.
    """

    partner_id: int
    login_id: int
    account_id: int
    placement_id: int
    proposed_id: int
    collection_id: int
    remittance_id: int
    cost_id: int
    candidate_id: int


def hand_over(house: House, email: str) -> HandedOver:
    """One debt with collections, a remittance that differs, a cost, a question and a proposal; one to be decided."""
    taken = taken_in(house.wired.store, b"What we agreed.", "agreement.txt")
    with house.wired.database.transaction() as session:
        partner = a_partner(session, name=f"Fair Recovery of {email}", settle_percent=10)
        said = Described("Collection agreement", today(session), today(session) + timedelta(days=30))
        file_agreement(session, partner.id, taken, said, actor=OPERATOR)
        login = invite(session, partner.id, email=email, name="Gus Fair", actor=OPERATOR)
        account, _ = a_late_debt(session)
        placement = placed(session, account, partner)
        first = collected(session, placement)
        remittance = remitted(session, first, kept="40")
        bank_remittance(session, remittance.id, today(session), actor=OPERATOR)
        collected(session, placement, "60", "P-2")
        cost = a_cost(session, placement)
        writing.ask(
            session, account.id, placement.id, "Is the delivery signed for?", happened_on=today(session), actor=OPERATOR
        )
        wanted = Proposed(money("500"), 2, today(session) + timedelta(days=14), "All that they have.")
        propose(session, account.id, placement.id, wanted, actor=OPERATOR)
        waits = proposed(session, a_late_debt(session)[0], partner)
        return HandedOver(
            partner.id,
            login.id,
            account.id,
            placement.id,
            waits.id,
            first.id,
            remittance.id,
            cost.id,
            a_late_debt(session)[0].id,
        )


def come_for_partner(visitor: Visitor, login_id: int) -> None:
    """Be signed in to the partners' site."""
    with visitor.house.wired.database.transaction() as session:
        token = sessions.start(session, site=Site.PARTNERS, subject_id=login_id)
    visitor.page.context.add_cookies([{"name": "partners", "value": token, "url": visitor.house.partners}])
