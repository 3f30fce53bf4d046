"""Acts of an agency's money: it collects, that bounces, and it pays over what it has, less what it keeps."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.payments.model import Payment
from domain.placements.model import Placement
from domain.processing.placing.collecting import Collected, report_bounce, report_collection
from domain.remittances.model import PlacedCollection, RemittanceLine, Way
from domain.remittances.remitting import Line, Told, bank_remittance, tell_remittance
from domain.shared.db.session import today
from domain.shared.money import Money
from tests.faults.acts_placing import Placing
from tests.faults.machine import AMOUNTS, PICKS, STAFF, pounds
from tests.faults.reference_commissions import Counted
from tests.faults.reference_placements import PLACED


class Collecting(Placing):
    """An agency collects what was handed to it."""

    def open_books(self) -> None:
        """As before, with nothing collected."""
        super().open_books()
        self.collections: dict[str, tuple[int, Counted]] = {}
        """By payment: the placement, and what counts of it."""
        self.references: dict[str, str] = {}
        """By payment: the agency's own."""

    @precondition(lambda self: self._at(*PLACED))
    @rule(pick=PICKS, amount=AMOUNTS, all_of_it=st.booleans())
    def agency_collects(self, pick: int, amount: int, all_of_it: bool) -> None:
        """A debtor pays the agency, some of what is open, all of it, or too much."""
        name = self._one(self._at(*PLACED), pick)
        placed = self.reference.placements[name]
        debts = sorted(placed.debts, key=self.reference.place)
        if all_of_it:
            amount = sum(self.reference.debts[debt].open for debt in debts) or amount
        with self.database.reading() as session:
            amount = min(amount, session.get_one(Placement, name).placed_minor or 0)
        told, left = {}, amount
        for debt in debts:
            part = min(left, self.reference.debts[debt].open)
            if part:
                told[debt], left = part, left - part
        reference = f"P-{next(self.numbers)}"
        with self.database.transaction() as session:
            wish = Collected(reference, pounds(amount), today(session))
            row = report_collection(session, placed.account, name, wish, actor=STAFF)
            payment = session.get_one(Payment, row.payment_id).public_id
            day = today(session).toordinal()
        counted = self.reference.collected(name, amount, amount - left)
        self.collections[payment] = (name, counted)
        self.payments[payment] = (row.payment_id, amount, "agent", 0)
        self.references[payment] = reference
        due = "due_from_agency"
        earned = self.reference.pay(payment, placed.account, amount, day, due, told or {debts[0]: amount})
        self._arrives("collected by the agency", payment, earned)

    @precondition(lambda self: self._collected())
    @rule(pick=PICKS)
    def agency_payment_bounces(self, pick: int) -> None:
        """What the agency had goes back, before it was remitted or after."""
        payment = self._one(self._collected(), pick)
        name, counted = self.collections[payment]
        account, (_, amount, _, _) = self.reference.placements[name].account, self.payments[payment]

        def act(session: Session) -> None:
            reference = self.references[payment]
            report_bounce(session, account, name, reference=reference, on=today(session), actor=STAFF)

        self._try("bounced at the agency", act)
        self.returned.add(payment)
        self.reference.move(amount, f"receivable:{account}", "due_from_agency")
        self.reference.bounced(counted)
        self._take_back(f"return:{payment}", payment, amount)

    @precondition(lambda self: sum(row.amount - row.commission - row.tax for row in self.reference.to_remit) >= 0)
    @precondition(lambda self: self.reference.to_remit)
    @rule()
    def agency_remits(self) -> None:
        """All that it has not paid over before, less its commission and the tax on that."""
        done = select(RemittanceLine.collection_id)
        with self.database.transaction() as session:
            wanted = select(PlacedCollection).where(PlacedCollection.way == Way.AGENT, PlacedCollection.id.not_in(done))
            rows = session.scalars(wanted.order_by(PlacedCollection.id)).all()
            lines = [Line(row.amount, row.commission, row.tax, collection_id=row.id) for row in rows]
            paid = Money.sum((line.priced.rest for line in lines), "GBP")
            told = Told(f"R-{next(self.numbers)}", "GBP", today(session), paid, lines)
            remittance = tell_remittance(session, self.partner, told, actor=STAFF)
            bank_remittance(session, remittance.id, today(session), actor=STAFF)
        self._done("remitted", self.reference.remit)

    def follow(self) -> None:
        """As before; commission comes before the placements, which may be closed by the same act."""
        if self.reference.placements:
            self._learn_rates()
            self.reference.commissions_follow()
        super().follow()

    def _arrives(self, act: str, payment: str, earned: dict[int, int]) -> None:
        super()._arrives(act, payment, earned)
        if payment not in self.collections:
            self.reference.comes(payment, self.reference.credits[payment].account)

    def _learn_rates(self) -> None:
        with self.database.reading() as session:
            rows = session.execute(select(Placement.id, Placement.rate_bp).where(Placement.rate_bp.is_not(None)))
            self.reference.rates = {row.id: Decimal(row.rate_bp) / 10_000 for row in rows}

    def _collected(self) -> list[str]:
        return [payment for payment in self.collections if payment not in self.returned]
