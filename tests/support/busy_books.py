"""Busy books: months of a business by its use cases, at random but always the same: all that can happen to a debt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.accounts.queries import lock
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.debit_notes import issue_debit_note
from domain.invoicing.issuing import NewLine, issue, void
from domain.payments.model import Payment
from domain.processing.applying import use_credit
from domain.processing.extending import extend
from domain.processing.receipts.returning import return_receipt
from domain.processing.shortening import shorten
from domain.receivables.model import Extension, Invoice, InvoiceKind, InvoiceStatus
from domain.receivables.queries import totals
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Refused
from domain.shared.money import Money
from domain.staff.model import Role
from tests.support.builders import an_account
from tests.support.credit import a_cheque

Thing = TypeVar("Thing")
CUT_AFTER = 2


class BusyBooks:
    """A business whose accounts get invoices and pay some of them; `days` are all that have passed."""

    def __init__(self, database: Database, clock: MovableClock, seed: int) -> None:
        self._database = database
        self._clock = clock
        self._random = Random(seed)
        self._cheques: list[int] = []
        self.days: list[date] = []
        with database.transaction() as session:
            self._accounts = [
                an_account(session, currency=currency).id for currency in ("GBP", "GBP", "USD", "GBP", "USD")
            ]
            self._extended = [self._begin(session, an_account(session, currency=each)) for each in ("GBP", "USD")]

    def live(self, days: int, acts: int) -> None:
        """So many days, on each of them so many things; on the third two later due days are cut."""
        for number in range(days):
            with self._database.transaction() as session:
                if number == CUT_AFTER:
                    self._cut(session)
                for _ in range(acts):
                    with suppress(Refused), session.begin_nested():
                        self._act(session)
                self.days.append(today(session))
            self._clock.advance(days=1)

    def _begin(self, session: Session, account: Account) -> Invoice:
        """Something for every bucket of the ageing that stays there, and an invoice that is due later now."""
        line, day = NewLine("Goods", Money(500_000, account.currency), Money.zero(account.currency)), today(session)
        for late in (-50, 5, 35, 65, 95, 130):
            due_on = day - timedelta(days=late)
            made = issue(session, account, [line], issued_on=day - timedelta(days=140), due_on=due_on, actor=OPERATOR)
        later = day + timedelta(days=40)
        extend(session, account.id, made.id, later, reason="Asked", role=Role.MANAGER, actor=OPERATOR)
        issue(session, account, [line], issued_on=day - timedelta(days=140), due_on=due_on, actor=OPERATOR)
        return made

    def _cut(self, session: Session) -> None:
        for each in self._extended:
            earlier = today(session) + timedelta(days=5)
            shorten(session, each.account_id, each.id, earlier, reason="Wrong year", role=Role.MANAGER, actor=OPERATOR)

    def _act(self, session: Session) -> None:
        acts = {
            self._issue: 8,
            self._pay: 6,
            self._pay_some: 4,
            self._pay_without_reason: 1,
            self._use_credit: 2,
            self._bounce: 1,
            self._credit: 1,
            self._charge: 1,
            self._extend: 2,
            self._shorten: 2,
            self._void: 1,
        }
        (act,) = self._random.choices(list(acts), weights=list(acts.values()))
        act(session, lock(session, self._random.choice(self._accounts)))

    def _issue(self, session: Session, account: Account) -> None:
        day, amount = today(session), Money(self._random.randint(100, 250_000), account.currency)
        issued_on = day - timedelta(days=self._random.choice((0, 0, 3, 45, 60, 95, 140)))
        issue(
            session,
            account,
            [NewLine("Goods", amount, Money.zero(account.currency))],
            actor=OPERATOR,
            issued_on=issued_on,
            due_on=issued_on + timedelta(days=self._random.choice((0, 7, 14, 30, 60))),
            delivered_on=self._random.choice((None, issued_on, day - timedelta(days=9))),
        )

    def _pay(self, session: Session, account: Account) -> None:
        invoice = self._an_invoice(session, account, is_open=True)
        self._came(session, account, invoice.open, {invoice.id: invoice.open})

    def _pay_some(self, session: Session, account: Account) -> None:
        invoice = self._an_invoice(session, account, is_open=True)
        part = Money(self._random.randint(1, invoice.open_minor), account.currency)
        self._came(session, account, part, {invoice.id: part})

    def _pay_without_reason(self, session: Session, account: Account) -> None:
        self._came(session, account, Money(self._random.randint(100, 90_000), account.currency), {})

    def _came(self, session: Session, account: Account, amount: Money, wanted: dict[int, Money]) -> None:
        on = today(session) - timedelta(days=self._random.choice((0, 0, 2, 11)))
        made = a_cheque(session, account, str(amount.decimal), on=on, reference=None, wanted=wanted)
        self._cheques.append(made.id)

    def _use_credit(self, session: Session, account: Account) -> None:
        invoice = self._an_invoice(session, account, is_open=True)
        free = totals(session, account.id, account.currency).credit
        use_credit(session, account.id, {invoice.id: min(free, invoice.open)}, actor=OPERATOR)

    def _bounce(self, session: Session, account: Account) -> None:
        payment = session.get_one(Payment, self._one_of(self._cheques))
        return_receipt(session, payment, today(session), reason="No money", actor=OPERATOR)

    def _credit(self, session: Session, account: Account) -> None:
        invoice = self._an_invoice(session, account)
        part = Money(self._random.randint(1, invoice.amount_minor), account.currency)
        issue_credit_note(session, account, invoice, part, reason="Short", actor=OPERATOR)

    def _charge(self, session: Session, account: Account) -> None:
        parent = self._an_invoice(session, account, is_open=True)
        issue_debit_note(session, account, parent, Money(4_000, account.currency), reason="Late", actor=OPERATOR)

    def _extend(self, session: Session, account: Account) -> None:
        invoice = self._an_invoice(session, account, is_open=True)
        later = max(invoice.due_on, today(session)) + timedelta(days=self._random.randint(1, 40))
        extend(session, account.id, invoice.id, later, reason="Asked", role=Role.MANAGER, actor=OPERATOR)

    def _void(self, session: Session, account: Account) -> None:
        void(session, self._an_invoice(session, account, is_open=True), why="Twice", actor=OPERATOR)

    def _shorten(self, session: Session, account: Account) -> None:
        granted = self._one_of(
            session.scalars(select(Extension).where(Extension.account_id == account.id).order_by(Extension.id)).all()
        )
        earlier = max(granted.was_due_on, today(session))
        shorten(
            session, account.id, granted.invoice_id, earlier, reason="Wrong year", role=Role.MANAGER, actor=OPERATOR
        )

    def _an_invoice(self, session: Session, account: Account, *, is_open: bool = False) -> Invoice:
        """Any of the account's; Refused where it has none."""
        wanted = select(Invoice).where(
            Invoice.account_id == account.id,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.kind == InvoiceKind.INVOICE,
        )
        wanted = wanted.where(Invoice.open_minor > 0) if is_open else wanted
        found = session.scalars(wanted.order_by(Invoice.id)).all()
        return self._one_of(found)

    def _one_of(self, things: Sequence[Thing]) -> Thing:
        """Any of them; Refused where there is none."""
        if not things:
            raise Refused("nothing here")
        return self._random.choice(things)
