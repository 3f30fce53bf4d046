"""Acts by the terms: late charges and their waiver, early discounts, disputes, and later due days."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis.stateful import invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.disputes.raising import Complaint, raise_dispute, withdraw
from domain.disputes.reasons import Reason
from domain.disputes.resolving import reject
from domain.invoicing import granted_discounts
from domain.invoicing.model import CreditNote, EarlyDiscount
from domain.late_charges.charging import charge_account
from domain.late_charges.facts import rules
from domain.late_charges.model import ChargeAct, LateCharge
from domain.late_charges.waiving import waive
from domain.processing.disputes.accepting import accept
from domain.processing.extending import extend
from domain.receivables.held import DISPUTED, held_parts
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER
from domain.staff.model import Role
from tests.faults.machine import AMOUNTS, PICKS, STAFF, Machine, pounds
from tests.faults.reference import Debt
from tests.faults.reference_terms import CHARGE_DAY, Discount
from tests.support.speaking import Spoken


class Terms(Machine):
    """What the terms bring, between payments and what takes them back."""

    def open_books(self) -> None:
        """As before; nothing was charged for lateness."""
        super().open_books()
        self.charged: list[int] = []
        """The debit notes that the terms have made."""
        self.night = self._today().toordinal()

    @rule()
    def charge_lateness(self) -> None:
        """The nightly run, which may be late, or be done twice."""
        for account in self.accounts:
            expected = self.reference.late_charges(account, self._today().toordinal(), self._charge_day())
            with self.database.transaction() as session:
                before = date.fromordinal(self.night)
                known = select(LateCharge.id).where(LateCharge.account_id == account)
                done = set(session.scalars(known))
                found = charge_account(
                    session, account, rules(session), before=before, since=None, speak=Spoken, actor=WORKER
                )
                made = session.scalars(known.where(LateCharge.id.not_in(done)).order_by(LateCharge.id)).all()
                papers = [self._paper(session, number) for number in made]
                assert {each.debt.invoice_id: each.to_charge.minor for each in found.reckoned} == expected
            for name, note, credited, debt in papers:
                self._take_over(name, note, credited, debt)
        self.night = self._today().toordinal()

    @precondition(lambda self: self._waivable())
    @rule(pick=PICKS, amount=AMOUNTS)
    def waive(self, pick: int, amount: int) -> None:
        """A late charge, or a part of it, is let go of."""
        name = self._one(self._waivable(), pick)
        debt = self.reference.debts[name]
        part = pounds(1 + amount % (debt.amount - debt.credited))
        made: list[CreditNote] = []

        def act(session: Session) -> None:
            role = Role.MANAGER
            made.append(waive(session, debt.account, name, part, reason="Asked", role=role, actor=STAFF))

        self._try("waive", act)
        self.reference.credit_note(made[0].number, name, part.minor, self._today().toordinal())

    @precondition(lambda self: self._disputable())
    @rule(pick=PICKS, amount=AMOUNTS)
    def dispute(self, pick: int, amount: int) -> None:
        """A part of what is open is disputed."""
        name, left = self._one(list(self._disputable().items()), pick)
        part, account = 1 + amount % left, self.reference.debts[name].account
        complaint = Complaint(Reason.DAMAGED, "Broken", pounds(part))
        with self.database.transaction() as session:
            number = raise_dispute(session, account, name, complaint, login_id=None, actor=STAFF).id
        self._done("dispute", lambda: self.reference.disputes.update({number: (name, part)}))

    @precondition(lambda self: self.reference.disputes)
    @rule(pick=PICKS)
    def withdraw_dispute(self, pick: int) -> None:
        """They think better of it."""
        number, account, _, _ = self._dispute(pick)
        with self.database.transaction() as session:
            withdraw(session, account, number, actor=STAFF)
        self._done("dispute withdrawn", lambda: self.reference.disputes.pop(number))

    @precondition(lambda self: self.reference.disputes)
    @rule(pick=PICKS)
    def reject_dispute(self, pick: int) -> None:
        """They are not right."""
        number, account, _, _ = self._dispute(pick)
        with self.database.transaction() as session:
            reject(session, account, number, answer="It was whole", actor=STAFF)
        self._done("dispute rejected", lambda: self.reference.disputes.pop(number))

    @precondition(lambda self: self.reference.disputes)
    @rule(pick=PICKS, amount=AMOUNTS)
    def accept_dispute(self, pick: int, amount: int) -> None:
        """They are right, in part or altogether, and are credited that."""
        number, account, name, most = self._dispute(pick)
        part = 1 + amount % most
        made: list[str] = []

        def act(session: Session) -> None:
            accept(session, account, number, pounds(part), answer="Sorry", role=Role.MANAGER, actor=STAFF)
            newest = select(CreditNote.number).where(CreditNote.invoice_id == name).order_by(CreditNote.id.desc())
            made.append(session.scalars(newest.limit(1)).one())

        self._try("dispute accepted", act)
        self.reference.disputes.pop(number)
        self.discounts_follow()
        self.reference.credit_note(made[0], name, part, self._today().toordinal())

    @precondition(lambda self: self._extendable())
    @rule(pick=PICKS, days=PICKS)
    def extend(self, pick: int, days: int) -> None:
        """An invoice is due later, once."""
        name = self._one(self._extendable(), pick)
        debt, late, day = self.reference.debts[name], self.reference.late[name], self._today().toordinal()
        due = max(debt.due, day) + 1 + days % 9
        later: dict[str, Any] = {"reason": "Asked", "role": Role.MANAGER, "actor": STAFF}
        self._try("extended", lambda session: extend(session, debt.account, name, date.fromordinal(due), **later))
        late.extended, debt.due = (debt.due, day), due

    @invariant()
    def what_is_disputed_is_held(self) -> None:
        """The register holds what disputes contest, and no more than is open."""
        if not hasattr(self, "reference"):
            return
        with self.database.reading() as session:
            held = held_parts(session, self.accounts, DISPUTED)
        names = {name for name, _ in self.reference.disputes.values()}
        expected = {name: self.reference.held(name) for name in names}
        assert {name: part.minor for name, part in held.items()} == {
            name: part for name, part in expected.items() if part
        }

    def follow(self) -> None:
        """As before, once the discounts have followed."""
        self.discounts_follow()
        super().follow()

    def discounts_follow(self) -> None:
        """Discounts are those that were earned; what stands of them is taken over."""
        with self.database.reading() as session:
            wanted = select(EarlyDiscount).where(EarlyDiscount.account_id.in_(self.accounts)).order_by(EarlyDiscount.id)
            rows = session.scalars(wanted).all()
            gone = granted_discounts.gone(session, [row.id for row in rows])
        for row in rows:
            if row.source not in self.reference.discounts:
                earned = self.expected.pop((row.payment, row.invoice_id), 0)
                assert row.amount_minor == earned
                discount = Discount(row.invoice_id, row.payment, earned, 0)
                self.reference.grant(row.source, discount, row.effective_on.toordinal())
                assert row.tax_minor == discount.tax
                self.steps["discount"] += 1
            stands = row.amount_minor - gone.get(row.id, 0)
            before = self.reference.discounts[row.source].stands
            if stands != before:
                self.reference.stand(row.source, stands)
                self.steps["discount falls" if stands < before else "discount comes back"] += 1
        assert self.expected == {}

    def _charge_day(self) -> int | None:
        """The last charge day, where it came after the last run."""
        days = range(self._today().toordinal(), self.night, -1)
        return next((day for day in days if date.fromordinal(day).day == CHARGE_DAY), None)

    def _paper(self, session: Session, number: int) -> tuple[int, LateCharge, str | None, Debt]:
        row = session.get_one(LateCharge, number)
        note = session.get_one(Invoice, row.debit_note_id)
        credited = session.get_one(CreditNote, row.credit_note_id).number if row.credit_note_id else None
        due = note.due_on.toordinal()
        return note.id, row, credited, Debt(row.account_id, note.amount_minor, 0, due, note.amount_minor, on_top=True)

    def _take_over(self, name: int, row: LateCharge, credited: str | None, debt: Debt) -> None:
        late = self.reference.late[row.invoice_id]
        late.charged += row.amount_minor
        if row.act is ChargeAct.CHARGED:
            late.through = row.through_on.toordinal()
            self.charged.append(name)
            self._done("late charge", lambda: self.reference.issue(name, debt))
        else:
            assert credited is not None
            day = row.through_on.toordinal()
            self._done("correction", lambda: self.reference.credit_note(credited, name, -row.amount_minor, day))

    def _waivable(self) -> list[int]:
        return [
            name for name in self.charged if self.reference.debts[name].credited < self.reference.debts[name].amount
        ]

    def _disputable(self) -> dict[int, int]:
        """What of each debt is open and not disputed."""
        again = {name for names in self.reference.again.values() for name in names}
        contested = self.reference.disputes.values()
        left = {
            name: self.reference.debts[name].open - sum(part for debt, part in contested if debt == name)
            for name in self._open()
            if name not in again
        }
        return {name: part for name, part in left.items() if part > 0}

    def _dispute(self, pick: int) -> tuple[int, int, int, int]:
        """One that is open: its id, account, debt and amount."""
        number = self._one(list(self.reference.disputes), pick)
        name, part = self.reference.disputes[number]
        return number, self.reference.debts[name].account, name, part

    def _extendable(self) -> list[int]:
        open_ones = set(self._open())
        return [name for name, late in self.reference.late.items() if late.extended is None and name in open_ones]
