"""Acts of handing over: debts go to an agency, wait while they are contested, are paid to us, and come back."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import select

from app.handlers.placement_turns import take_due
from domain.placements import candidates, ending, proposing, sending
from domain.placements.following import HOLDING
from domain.placements.model import Placement, PlacementInvoice, PlacementStatus
from domain.receivables.held import held_parts
from domain.shared.errors import Refused
from domain.staff.model import Role
from domain.stops.model import Stop, StopKind, StopLift
from tests.faults.acts_planning import Planning
from tests.faults.machine import PICKS, STAFF
from tests.faults.reference_placements import PLACED, Placed
from tests.support.placing import a_partner


class Placing(Planning):
    """Debts are handed to an agency and come back."""

    def open_books(self) -> None:
        """As before, with an agency."""
        super().open_books()
        with self.database.transaction() as session:
            self.partner = a_partner(session, term_days=45).id

    @precondition(lambda self: self._open())
    @rule(who=PICKS, go_on=st.sampled_from(["propose", "send", "take", "take", "refuse"]))
    def place(self, who: int, go_on: str) -> None:
        """What is ready of an account is proposed; approved, sent, and taken or refused, or only some of that."""
        account = self._account(who)
        with self.database.reading() as session:
            assume(candidates.look(session, account).judged.is_candidate)
        self._try(
            "proposed", lambda session: proposing.propose(session, account, self.partner, reason="Late", actor=STAFF)
        )
        with self.database.transaction() as session:
            found = session.scalars(
                select(Placement).where(Placement.account_id == account).order_by(Placement.id.desc()).limit(1)
            ).one()
            rows = session.execute(
                select(PlacementInvoice.invoice_id, PlacementInvoice.proposed_minor).where(
                    PlacementInvoice.placement_id == found.id
                )
            )
            self.reference.placements[found.id] = Placed(account, [row.invoice_id for row in rows])
        if go_on != "propose":
            self._send(found.id, go_on)

    @precondition(lambda self: self._at("proposed"))
    @rule(pick=PICKS, go_on=st.sampled_from(["take", "refuse", "wait"]))
    def send(self, pick: int, go_on: str) -> None:
        """What was proposed some time ago is approved and sent, as far as it still can be."""
        self._send(self._one(self._at("proposed"), pick), go_on)

    def _send(self, name: int, go_on: str) -> None:
        placed = self.reference.placements[name]
        try:
            with self.database.transaction() as session:
                proposing.approve(session, placed.account, name, role=Role.MANAGER, actor=STAFF)
                sending.send(session, placed.account, name, actor=STAFF)
                if go_on == "take":
                    sending.take(session, placed.account, name, actor=STAFF)
                if go_on == "refuse":
                    sending.refuse(session, placed.account, name, why="Not ours", actor=STAFF)
        except Refused:
            self.steps["refused: send"] += 1
            return
        self.steps["placement sent"] += 1
        self.follow()

    @precondition(lambda self: self._at(*PLACED))
    @rule(pick=PICKS, how=st.sampled_from(["recall", "give back", "give up"]))
    def take_home(self, pick: int, how: str) -> None:
        """It is recalled, given back, or given up."""
        name = self._one(self._at(*PLACED), pick)
        account = self.reference.placements[name].account
        ways = {"recall": ending.recall, "give back": ending.give_back, "give up": ending.close_uncollectable}
        self._try(f"placement: {how}", lambda session: ways[how](session, account, name, why="So", actor=STAFF))

    @precondition(lambda self: self.reference.placements)
    @rule(days=st.integers(0, 30))
    def look_after_placements(self, days: int) -> None:
        """Days pass in which the worker has looked after what was handed over: it holds, drops, and takes back."""
        self.time_goes_by(days)
        assert take_due(self.database).failures == 0
        self.follow()
        with self.database.reading() as session:
            contested = held_parts(session, self.accounts, HOLDING).keys()
        self.reference.check_placements(contested, self._term_is_over())

    def follow(self) -> None:
        """As before; the states of placements are those of the real books, where they can follow."""
        super().follow()
        if not self.reference.placements:
            return
        with self.database.reading() as session:
            rows = session.execute(select(Placement.id, Placement.status, Placement.closing)).all()
            sent = session.execute(
                select(PlacementInvoice.placement_id, PlacementInvoice.invoice_id).where(
                    PlacementInvoice.placed_minor.is_not(None)
                )
            ).all()
        for row in rows:
            placed = self.reference.placements.get(row.id)
            if placed is None:
                continue
            if row.status in (PlacementStatus.SENT, *PLACED) and placed.status == "proposed":
                placed.debts = [each.invoice_id for each in sent if each.placement_id == row.id]
            if row.status != placed.status:
                self.steps[f"placement is {row.status}"] += 1
            self.reference.becomes(row.id, row.status.value, row.closing.value if row.closing else None)

    @invariant()
    def placements_hold_what_is_theirs(self) -> None:
        """Each debt that lies with the agency is held, and no other; nothing that is settled lies there."""
        if not hasattr(self, "reference"):
            return
        self.follow()
        with self.database.reading() as session:
            stops = session.execute(
                select(Stop.source, Stop.invoice_id).where(
                    Stop.kind == StopKind.PLACEMENT, Stop.id.not_in(select(StopLift.stop_id))
                )
            ).all()
        holds = [
            (f"placement:{name}", debt)
            for name, placed in self.reference.placements.items()
            if placed.is_placed
            for debt in placed.debts
        ]
        assert sorted(tuple(row) for row in stops) == sorted(holds)
        self.reference.check_settled()

    def _at(self, *statuses: str) -> list[int]:
        return [name for name, placed in self.reference.placements.items() if placed.status in statuses]

    def _term_is_over(self) -> set[int]:
        with self.database.reading() as session:
            late = select(Placement.id).where(Placement.returns_on < self._today())
            return set(session.scalars(late))

    def _plannable(self) -> list[int]:
        return [name for name in super()._plannable() if not self.reference.is_placed(name)]
