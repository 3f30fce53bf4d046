"""Acts of settlements: offered, accepted, paid in parts, given up, not kept, and opened again by money that goes."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.handlers.settling import follow_due
from domain.accounts.model import Account
from domain.receivables.held import held_parts
from domain.settlements import accepting, offering
from domain.settlements.model import Concession, OfferChange, OfferInvoice, OfferStatus
from domain.settlements.settleable import ELSEWHERE
from domain.shared.actor import Actor
from domain.shared.errors import Refused
from domain.staff.model import Role
from domain.stops.model import Stop, StopKind, StopLift
from tests.faults.acts_coming import Coming
from tests.faults.acts_leaving import Leaving
from tests.faults.machine import AMOUNTS, MOST_PERCENT, PICKS, STAFF, pounds
from tests.faults.reference_settlements import STANDS, TO_PAY, Offer
from tests.support.planning import somebody_who_binds


class Settling(Coming, Leaving):
    """Debts are settled for less; `seen` is the last change of an offer that the reference knows of."""

    seen: int

    def open_books(self) -> None:
        """As before; on each account somebody may bind it, and nothing was offered."""
        super().open_books()
        with self.database.transaction() as session:
            accounts = [session.get_one(Account, account) for account in self.accounts]
            self.signers: dict[int, Actor] = {each.id: somebody_who_binds(session, each) for each in accounts}
            self._saw(session)

    @precondition(lambda self: self._settleable())
    @rule(
        pick=PICKS,
        many=st.integers(1, 3),
        percent=st.integers(1, MOST_PERCENT),
        parts=st.integers(1, 3),
        days=st.integers(1, 20),
        go_on=st.sampled_from(["wait", "accept", "pay"]),
    )
    def offer(self, pick: int, many: int, percent: int, parts: int, days: int, go_on: str) -> None:
        """Less than all of some debts of an account is offered; accepted at once, and paid in one go, or not."""
        first = self._one(self._settleable(), pick)
        account = self.reference.debts[first].account
        others = [name for name in self._settleable() if self.reference.debts[name].account == account]
        debts = [first, *(name for name in others if name != first)][:many]
        total = sum(self.reference.debts[name].open for name in debts)
        amount = total - total * percent // 100
        assume(amount < total)
        last = self._today() + timedelta(days=days)
        wanted = offering.Wanted(tuple(debts), pounds(amount), min(parts, amount), last, "Asked")
        with self.database.transaction() as session:
            made = offering.offer(session, account, wanted, role=Role.MANAGER, actor=STAFF)
            assert made.status is OfferStatus.OFFERED
            name = made.id
            self._saw(session)
        opened = {debt: self.reference.debts[debt].open for debt in debts}
        self.reference.offers[name] = Offer(account, opened, amount, last.toordinal())
        self.steps["settlement offered"] += 1
        if go_on != "wait":
            self._accept(name, wanted.most_parts)
        if go_on == "pay":
            self._pay_offer(name, amount, "all")

    @precondition(lambda self: self._offers({"offered"}))
    @rule(pick=PICKS)
    def accept_offer(self, pick: int) -> None:
        """What was offered some time ago is accepted, in one go."""
        self._accept(self._one(self._offers({"offered"}), pick), 1)

    def _accept(self, name: int, parts: int) -> None:
        offer, day = self.reference.offers[name], self._today().toordinal()
        try:
            with self.database.transaction() as session:
                accepting.accept(session, offer.account, name, parts=parts, actor=self.signers[offer.account])
                self._saw(session)
        except Refused:
            assert offer.last < day
            self.steps["refused: settle"] += 1
            return
        assert offer.last >= day
        self.steps["settlement accepted"] += 1
        self.reference.take_up(name, day, parts)

    @precondition(lambda self: self._offers({"offered"}))
    @rule(pick=PICKS, by_us=st.booleans())
    def turn_down(self, pick: int, by_us: bool) -> None:
        """The customer says no, or we take it back."""
        name = self._one(self._offers({"offered"}), pick)
        offer = self.reference.offers[name]
        with self.database.transaction() as session:
            if by_us:
                offering.withdraw(session, offer.account, name, why="Wrong", actor=STAFF)
            else:
                accepting.decline(session, offer.account, name, actor=self.signers[offer.account])
            self._saw(session)
        offer.status = "withdrawn" if by_us else "declined"
        self.steps[f"settlement {offer.status}"] += 1

    @precondition(lambda self: self._offers(TO_PAY))
    @rule(pick=PICKS, amount=AMOUNTS, how=st.sampled_from(["part", "all", "any"]))
    def pay_offer(self, pick: int, amount: int, how: str) -> None:
        """By card, for the settlement: its next part, all that is left, or any amount; the oldest debt first."""
        self._pay_offer(self._one(self._offers(TO_PAY), pick), amount, how)

    def _pay_offer(self, name: int, amount: int, how: str) -> None:
        offer = self.reference.offers[name]
        opened = {debt: self.reference.debts[debt].open for debt in sorted(offer.debts, key=self.reference.place)}
        left = {"part": self.reference.next_part(name)[1], "all": self.reference.left_to_pay(name)}.get(how, amount)
        told = {}
        for debt, most in opened.items():
            told[debt] = min(left, most)
            left -= told[debt]
        self._pay(offer.account, {debt: part for debt, part in told.items() if part})
        self.steps[f"settlement paid, {how}"] += 1

    @precondition(lambda self: self._cards_of_settlements())
    @rule(pick=PICKS, amount=AMOUNTS)
    def contest_settlement(self, pick: int, amount: int) -> None:
        """A bank takes back a part of what has settled something."""
        name = self._one(self._cards_of_settlements(), pick)
        self.contest(self._cards().index(name), amount)

    @precondition(lambda self: self._offers(STANDS))
    @rule(days=st.integers(0, 30))
    def look_after_offers(self, days: int) -> None:
        """Days pass in which the worker has looked after the offers: they lapse, and what is not kept is broken."""
        for _ in range(days):
            self.time_goes_by(1)
            self._look_after_offers()
        self._look_after_offers()

    def _look_after_offers(self) -> None:
        assert follow_due(self.database).failures == 0
        self.follow()
        self.reference.check_offers(self._today().toordinal(), looked_after=True)

    def follow(self) -> None:
        """As before; then each change of an offer, in its turn, with what was given up."""
        super().follow()
        if not self.reference.offers:
            return
        with self.database.reading() as session:
            changes = session.execute(
                select(OfferChange.id, OfferChange.offer_id, OfferChange.after)
                .where(OfferChange.id > self.seen)
                .order_by(OfferChange.id)
            ).all()
            made = [self._given(session, row.offer_id) for row in changes]
        for row, (sources, told) in zip(changes, made, strict=True):
            self.seen = row.id
            before = set(self.reference.conceded)
            self.reference.turn_into(row.offer_id, row.after.value, self._today().toordinal(), sources)
            self.steps[f"settlement is {row.after}"] += 1
            assert {name: self.reference.conceded[name][1:] for name in self.reference.conceded.keys() - before} == (
                told if row.after is OfferStatus.FULFILLED else {}
            )

    def _saw(self, session: Session) -> None:
        """Every change of an offer until now is known."""
        self.seen = session.scalar(select(func.max(OfferChange.id))) or 0

    def _given(self, session: Session, offer_id: int) -> tuple[dict[int, str], dict[str, tuple[int, int]]]:
        """What was given up by an offer of late: names by debt; amounts and tax by name."""
        rows = session.scalars(select(Concession).where(Concession.offer_id == offer_id)).all()
        new = [row for row in rows if row.source not in self.reference.conceded]
        sources = {row.invoice_id: row.source for row in new}
        return sources, {row.source: (row.amount_minor, row.tax_minor) for row in new}

    @invariant()
    def offers_are_kept_or_not(self) -> None:
        """Each offer is in the state that its debts have brought it to; what stands holds its debts."""
        if not hasattr(self, "reference"):
            return
        self.follow()
        self.reference.check_offers(self._today().toordinal(), looked_after=False)
        offers = self.reference.offers.items()
        with self.database.reading() as session:
            over = session.execute(select(OfferInvoice.offer_id, OfferInvoice.invoice_id, OfferInvoice.open_minor))
            lifted = select(StopLift.stop_id)
            stops = session.execute(
                select(Stop.source, Stop.invoice_id).where(Stop.kind == StopKind.OFFER, Stop.id.not_in(lifted))
            ).all()
            assert sorted(tuple(row) for row in over) == sorted(
                (name, debt, opened) for name, one in offers for debt, opened in one.debts.items()
            )
        assert sorted(tuple(row) for row in stops) == sorted(
            (f"offer:{name}", debt) for name, one in offers if one.status in STANDS for debt in one.debts
        )

    def _settleable(self) -> list[int]:
        """Debts that are late, and neither contested, nor on a plan, nor offered already."""
        with self.database.reading() as session:
            held = held_parts(session, self.accounts, ELSEWHERE)
        return [
            name
            for name in self._open()
            if name not in held and date.fromordinal(self.reference.debts[name].due) < self._today()
        ]

    def _offers(self, statuses: set[str]) -> list[int]:
        return [name for name, offer in self.reference.offers.items() if offer.status in statuses]

    def _cards_of_settlements(self) -> list[str]:
        """The card payments of settlements that are paid."""
        debts = {debt for name in self._offers({"fulfilled"}) for debt in self.reference.offers[name].debts}
        return [card for card in self._cards() if any(self.reference.settled_by(card, debt) for debt in debts)]
