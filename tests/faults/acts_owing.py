"""Acts on what is owed: invoices, debit and credit notes, and what settles which."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.invoicing import issuing
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.debit_notes import issue_debit_note
from domain.processing import applying, moving
from domain.processing.withdrawing_invoices import withdraw_invoice
from domain.receivables.allocating import standing
from domain.receivables.model import CreditItem, Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.faults.machine import AMOUNTS, PICKS, STAFF, Machine, pounds
from tests.faults.reference import Debt


class Owing(Machine):
    """What is owed, credited, and settled by credit."""

    @rule(who=PICKS, amount=AMOUNTS, tax=st.integers(0, 20), days=st.integers(0, 3))
    def issue(self, who: int, amount: int, tax: int, days: int) -> None:
        """An invoice, due in a few days."""
        of_which_tax = amount * tax // 120
        with self.database.transaction() as session:
            account = accounts.lock(session, self._account(who))
            line = issuing.NewLine("Goods", pounds(amount - of_which_tax), pounds(of_which_tax))
            due_on = today(session) + timedelta(days=days)
            invoice = issuing.issue(session, account, [line], actor=OPERATOR, due_on=due_on)
            issued = invoice.issued_on.toordinal()
            debt = Debt(account.id, amount, of_which_tax, due_on.toordinal(), amount, issued=issued)
        self._done("issue", lambda: self.reference.issue(invoice.id, debt))

    @precondition(lambda self: self._plain())
    @rule(pick=PICKS, amount=AMOUNTS, days=st.integers(0, 3))
    def charge_on_top(self, pick: int, amount: int, days: int) -> None:
        """A debit note on top of an invoice."""
        name = self._one(self._plain(), pick)
        with self.database.transaction() as session:
            account = accounts.lock(session, self.reference.debts[name].account)
            parent, due_on = session.get_one(Invoice, name), today(session) + timedelta(days=days)
            note = issue_debit_note(session, account, parent, pounds(amount), reason="Late", actor=STAFF, due_on=due_on)
            debt = Debt(account.id, amount, 0, due_on.toordinal(), amount, on_top=True)
        self._done("debit note", lambda: self.reference.issue(note.id, debt))

    @precondition(lambda self: self._voidable())
    @rule(pick=PICKS)
    def void(self, pick: int) -> None:
        """An invoice is withdrawn, where nothing stands on it, and nothing was agreed on over it."""
        name = self._one(self._voidable(), pick)
        account = self.reference.debts[name].account
        self._try(
            "void",
            lambda session: withdraw_invoice(session, account, name, why="No", role=Role.MANAGER, actor=STAFF),
        )
        self.reference.void(name)

    @precondition(lambda self: self._creditable())
    @rule(pick=PICKS, amount=AMOUNTS)
    def credit_note(self, pick: int, amount: int) -> None:
        """A credit note on an invoice or debit note."""
        name = self._one(self._creditable(), pick)
        debt = self.reference.debts[name]
        part = 1 + amount % (debt.amount - debt.credited)
        with self.database.transaction() as session:
            account = accounts.lock(session, debt.account)
            invoice = session.get_one(Invoice, name)
            note = issue_credit_note(session, account, invoice, pounds(part), reason="Wrong", actor=STAFF)
        day = note.issued_on.toordinal()
        self.discounts_follow()
        self._done("credit note", lambda: self.reference.credit_note(note.number, name, part, day))

    @precondition(lambda self: self._open() and any(credit.free for credit in self.reference.credits.values()))
    @rule(pick=PICKS, amount=AMOUNTS)
    def use_credit(self, pick: int, amount: int) -> None:
        """Unapplied credit settles an invoice."""
        name = self._one(self._open(), pick)
        debt = self.reference.debts[name]
        there = sum(self.reference.credits[each].free for each in self.reference.unused(debt.account))
        assume(there)
        part = 1 + amount % min(there, debt.open)
        self._try(
            "use credit",
            lambda session: applying.use_credit(session, debt.account, {name: pounds(part)}, actor=STAFF),
        )
        self.reference.use_any(debt.account, name, part)

    @precondition(lambda self: self._movable())
    @rule(pick=PICKS, place=PICKS, to=PICKS)
    def move_allocation(self, pick: int, place: int, to: int) -> None:
        """What settles one invoice settles another."""
        name = self._one(self._movable(), pick)
        credit = self.reference.credits[name]
        nth = place % len(credit.uses)
        others = [
            each
            for each in self._open()
            if self.reference.debts[each].account == credit.account and each != credit.uses[nth][0]
        ]
        assume(others)
        target = self._one(others, to)

        def act(session: Session) -> None:
            item = session.scalars(select(CreditItem).where(CreditItem.source == name)).one()
            allocation = list(reversed(standing(session, item)))[nth]
            applying.move_allocation(session, credit.account, allocation.id, target, reason="Asked", actor=STAFF)

        self._try("move allocation", act)
        self.reference.shift(name, nth, target)

    @rule(who=PICKS, amount=AMOUNTS)
    def move_credit(self, who: int, amount: int) -> None:
        """Credit goes to the other account."""
        source = self._account(who)
        target = next(account for account in self.accounts if account != source)
        names = self.reference.unused(source)
        there = sum(self.reference.credits[name].free for name in names)
        assume(there)
        part = 1 + amount % there
        with self.database.transaction() as session:
            move = moving.move_credit(session, source, target, pounds(part), reason="Asked", actor=STAFF)
            day = today(session).toordinal()
        self.steps["move credit"] += 1
        self.reference.take_free(move.source, names, part)
        self.reference.move(part, f"receivable:{source}", "transfers_in_transit")
        self.reference.arrive(move.source, target, part, day, "transfers_in_transit")

    def _plain(self) -> list[int]:
        again = {name for names in self.reference.again.values() for name in names}
        return [name for name, debt in self.reference.debts.items() if not debt.on_top and name not in again]

    def _voidable(self) -> list[int]:
        return [
            name
            for name in self._plain()
            if not self.reference.was_on_plan(name) and not self.reference.was_offered(name)
        ]

    def _creditable(self) -> list[int]:
        again = {name for names in self.reference.again.values() for name in names}
        return [
            name
            for name, debt in self.reference.debts.items()
            if name not in again and debt.credited < debt.amount and not self.reference.is_conceded(name)
        ]

    def _movable(self) -> list[str]:
        return [name for name, credit in self.reference.credits.items() if credit.uses and name in self.payments]
