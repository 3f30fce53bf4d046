"""Performing: every act that has a limit of authority, done by its own use case: alone, or once it is approved."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.approvals import wishes
from domain.approvals.wishes import Wish
from domain.credit import holding, limits
from domain.credit.applications import deciding as applications
from domain.credit.applications.deciding import Verdict
from domain.late_charges.waiving import waive
from domain.plans import ending, negotiating, pausing
from domain.plans.negotiating import Ask
from domain.processing.contested import choosing
from domain.processing.crediting import credit_invoice
from domain.processing.disputes import accepting
from domain.processing.extending import extend
from domain.processing.shortening import shorten
from domain.processing.withdrawing_invoices import withdraw_invoice
from domain.promises.making import Word, record_promise
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.money import Money
from domain.staff.model import Role


def perform(session: Session, account_id: int, wish: Wish, *, role: Role, actor: Actor) -> int | None:
    """Do it now, with today's books, within the authority of `role`; the id of what was made, where that has a page.

    Raises NotFound for what is not the account's, BeyondAuthority, and what the use case itself raises.
    """
    currency = accounts.lock(session, account_id).currency
    match wish:
        case wishes.AcceptDispute() | wishes.CreditChargeback():
            _contested(session, account_id, wish, currency, role, actor)
        case wishes.OfferPlan() | wishes.AgreePlan() | wishes.CounterPlan() | wishes.PausePlan() | wishes.EndPlan():
            return _plan(session, account_id, wish, role, actor)
        case wishes.RecordPromise():
            amount = None if wish.amount_minor is None else Money(wish.amount_minor, currency)
            word = Word(wish.promised_on, wish.invoice_ids, amount, wish.why)
            return record_promise(session, account_id, word, role=role, actor=actor).id
        case (
            wishes.SetLimit()
            | wishes.EndLimit()
            | wishes.ApproveApplication()
            | wishes.LiftHold()
            | wishes.EndLifting()
        ):
            _credit(session, account_id, wish, currency, role, actor)
        case _:
            _invoice(session, account_id, wish, currency, role, actor)
    return None


def _invoice(
    session: Session,
    account_id: int,
    wish: wishes.CreditInvoice
    | wishes.VoidInvoice
    | wishes.WaiveCharge
    | wishes.ExtendInvoice
    | wishes.ShortenExtension,
    currency: str,
    role: Role,
    actor: Actor,
) -> None:
    receivables.invoice(session, account_id, wish.invoice_id)
    on, why = (session, account_id, wish.invoice_id), wish.why
    match wish:
        case wishes.CreditInvoice():
            amount, line_id = Money(wish.amount_minor, currency), wish.line_id
            credit_invoice(*on, amount, reason=why, role=role, actor=actor, line_id=line_id)
        case wishes.WaiveCharge():
            waive(*on, Money(wish.amount_minor, currency), reason=why, role=role, actor=actor)
        case wishes.ExtendInvoice():
            extend(*on, wish.due_on, reason=why, role=role, actor=actor)
        case wishes.ShortenExtension():
            shorten(*on, wish.due_on, reason=why, role=role, actor=actor)
        case wishes.VoidInvoice():
            withdraw_invoice(*on, why=why, role=role, actor=actor)


def _credit(
    session: Session,
    account_id: int,
    wish: wishes.SetLimit | wishes.EndLimit | wishes.ApproveApplication | wishes.LiftHold | wishes.EndLifting,
    currency: str,
    role: Role,
    actor: Actor,
) -> None:
    why = wish.why
    match wish:
        case wishes.SetLimit():
            limits.set_limit(session, account_id, Money(wish.limit_minor, currency), why=why, role=role, actor=actor)
        case wishes.EndLimit():
            limits.end_limit(session, account_id, why=why, role=role, actor=actor)
        case wishes.ApproveApplication():
            verdict = Verdict(Money(wish.limit_minor, currency), wish.terms_days, why)
            applications.decide(session, wish.application_id, verdict, role=role, actor=actor)
        case wishes.LiftHold():
            until_on = wish.until_on
            holding.lift(session, account_id, wish.reason, until_on=until_on, why=why, role=role, actor=actor)
        case wishes.EndLifting():
            holding.end_lifting(session, account_id, wish.reason, why=why, role=role, actor=actor)


def _plan(
    session: Session,
    account_id: int,
    wish: wishes.OfferPlan | wishes.AgreePlan | wishes.CounterPlan | wishes.PausePlan | wishes.EndPlan,
    role: Role,
    actor: Actor,
) -> int:
    match wish:
        case wishes.OfferPlan():
            ask = Ask(wish.invoice_ids, wish.shape, wish.why)
            return negotiating.offer(session, account_id, ask, role=role, actor=actor, changes=wish.changes).id
        case wishes.AgreePlan():
            plan, words = (session, account_id, wish.plan_id), wish.why
            negotiating.approve(*plan, role=role, actor=actor, words=words, seen=wish.seen)
        case wishes.CounterPlan():
            plan, words = (session, account_id, wish.plan_id), wish.why
            negotiating.counter(*plan, wish.shape, words, role=role, actor=actor, seen=wish.seen)
        case wishes.PausePlan():
            pause = pausing.Wish(wish.from_on, wish.until_on, wish.why)
            pausing.pause(session, account_id, wish.plan_id, pause, role=role, actor=actor)
        case wishes.EndPlan():
            ending.end(session, account_id, wish.plan_id, why=wish.why, role=role, actor=actor)
    return wish.plan_id


def _contested(
    session: Session,
    account_id: int,
    wish: wishes.AcceptDispute | wishes.CreditChargeback,
    currency: str,
    role: Role,
    actor: Actor,
) -> None:
    if isinstance(wish, wishes.CreditChargeback):
        choosing.credit(session, wish.chargeback_ref, why=wish.why, role=role, actor=actor)
        return
    accepting.accept(
        session,
        account_id,
        wish.dispute_id,
        Money(wish.amount_minor, currency),
        answer=wish.why,
        role=role,
        actor=actor,
        line_id=wish.line_id,
        cause=wish.cause,
    )
