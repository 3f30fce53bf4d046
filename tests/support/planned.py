"""Planned: a payment plan and the mails about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.handlers import outbox
from app.wired import Wired
from domain.accounts.model import Login
from domain.accounts.queries import lock
from domain.plans import negotiating
from domain.plans.following import follow
from domain.plans.messages import PlanNews
from domain.plans.model import PaymentPlan, PlanInvoice
from domain.policies.sections import Plans
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.shared.mail import Email
from tests.support.builders import a_receipt, money
from tests.support.outside import MemoryMail
from tests.support.planning import PLANS, an_asked_plan, signed
from tests.support.watching import Watch


@dataclass(frozen=True)
class Planned:
    """A plan of 150.00 in three parts, and the mails about it."""

    wired: Wired
    clock: MovableClock
    account_id: int
    plan_id: int
    actor: Actor

    @property
    def watch(self) -> Watch:
        """Lets days go by."""
        return Watch(self.wired.database, self.clock, self.plan_id)

    def mails(self) -> list[Email]:
        """Send what waits; what was sent with that."""
        assert isinstance(self.wired.mailer, MemoryMail)
        before = len(self.wired.mailer.sent)
        while outbox.handle_due(self.wired):
            pass
        return [mail for mail in self.wired.mailer.sent[before:] if mail.message_id.startswith("<plan.")]

    def mail(self) -> str:
        """The text of the one mail that waits, on one line, with its subject."""
        [mail] = self.mails()
        return said(mail)

    def sign(self) -> None:
        """The customer signs it."""
        with self.wired.database.transaction() as session:
            signed(session, self.wired.store, session.get_one(PaymentPlan, self.plan_id), self.actor)

    def pay(self, amount: str) -> None:
        """Money comes in for its invoices."""
        with self.wired.database.transaction() as session:
            account = lock(session, self.account_id)
            over = select(PlanInvoice.invoice_id).where(PlanInvoice.plan_id == self.plan_id)
            invoices = session.scalars(select(Invoice).where(Invoice.id.in_(over)).order_by(Invoice.id)).all()
            paid = invoices if money(amount).minor > invoices[0].open_minor else invoices[:1]
            a_receipt(session, account, amount, today(session), *paid)
            follow(session, session.get_one(PaymentPlan, self.plan_id), actor=WORKER)

    def again(self, news: PlanNews, part: int | None = None) -> list[Email]:
        """The same news once more, as if its message had waited; the mails that it brings."""
        with self.wired.database.transaction() as session:
            lock(session, self.account_id)
            negotiating.tell(session, session.get_one(PaymentPlan, self.plan_id), news, part=part)
        return self.mails()

    @property
    def days(self) -> list[date]:
        """The days of its parts."""
        return self.watch.days


def said(mail: Email) -> str:
    """Its subject and text on one line."""
    return " ".join(f"{mail.subject} | {mail.text}".replace("\xa0", " ").split())


def planned(
    wired: Wired, clock: MovableClock, plans: Plans = PLANS, *, down_minor: int = 0, sign: bool = True
) -> Planned:
    """A customer has asked for the plan, and signed it."""
    with wired.database.transaction() as session:
        account, actor, _, plan = an_asked_plan(session, "100", "50", plans=plans, down_minor=down_minor)
        found = Planned(wired, clock, account.id, plan.id, actor)
    if sign:
        found.sign()
    return found


def address_of(plan: Planned) -> str:
    """Whoever signed it."""
    with plan.wired.database.reading() as session:
        return session.get_one(Login, plan.actor.id).email
