"""Queries: whether an account is paid automatically, what is going to be taken, and what has a turn now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, Login
from domain.collecting.model import (
    AHEAD,
    LIVE,
    PLAN_AGAIN,
    TRYING,
    Autopay,
    AutopayConsent,
    Collection,
    CollectionState,
    SubjectKind,
)
from domain.collecting.rules import RULES
from domain.payments.model import LIVE as PAYMENT_LIVE
from domain.payments.model import AttemptState, Payment, PaymentAttempt, PaymentStatus
from domain.receivables.held import held_parts
from domain.receivables.model import (
    Allocation,
    CreditItem,
    CreditKind,
    Invoice,
    InvoiceKind,
    InvoiceStatus,
    Uncovering,
    Withdrawal,
    WithdrawalKind,
)
from domain.saved_methods.model import SavedMethod
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held

BATCH = 200
"""So many accounts, or collections, at once."""

SHOWN = (
    Collection.id,
    Collection.account_id,
    Collection.state,
    Collection.currency,
    Collection.collect_on,
    Collection.announced_minor,
    Collection.told_at,
    Collection.tries,
    Collection.next_try_on,
    Collection.answer_by,
    Collection.failure,
    Collection.ends_why,
    Collection.subject_id.label("invoice_id"),
    Invoice.number,
    Invoice.due_on,
    Invoice.open_minor,
    SavedMethod.label.label("method"),
    Payment.public_id.label("payment"),
    Payment.amount_minor.label("asked_minor"),
)
_ROWS = (
    select(*SHOWN)
    .join(Invoice, and_(Collection.subject_kind == SubjectKind.INVOICE, Invoice.id == Collection.subject_id))
    .join(SavedMethod, SavedMethod.id == Collection.saved_method_id)
    .outerjoin(Payment, Payment.id == Collection.payment_id)
)
_COMING = _ROWS.where(
    Collection.account_id.in_(bindparam("accounts", expanding=True)),
    Collection.state.in_(LIVE),
    Collection.ends_why.is_(None),
    Invoice.open_minor > 0,
).order_by(Collection.collect_on, Collection.id)


def running(session: Session, account_id: int) -> Autopay | None:
    """The automatic payment of this account, where it is on."""
    return session.scalars(
        select(Autopay).where(Autopay.account_id == account_id, Autopay.stopped_at.is_(None))
    ).one_or_none()


def latest(session: Session, account_id: int) -> AnyRow | None:
    """How automatic payment of this account stands, or stood last: method, owner, since when, why it stopped."""
    return session.execute(
        select(
            Autopay.id,
            Autopay.login_id,
            Autopay.saved_method_id,
            Autopay.started_at,
            Autopay.failures,
            Autopay.stopped_at,
            Autopay.stopped_why,
            Autopay.stopped_by_kind,
            Autopay.note,
            AutopayConsent.text_version,
            AutopayConsent.rules_version,
            AutopayConsent.given_at,
            AutopayConsent.address,
            SavedMethod.label.label("method"),
            SavedMethod.kind,
            Login.name.label("owner"),
        )
        .join(AutopayConsent, AutopayConsent.id == Autopay.consent_id)
        .join(SavedMethod, SavedMethod.id == Autopay.saved_method_id)
        .join(Login, Login.id == Autopay.login_id)
        .where(Autopay.account_id == account_id)
        .order_by(Autopay.id.desc())
        .limit(1)
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class Coming:
    """A collection that may still bring money, and how much: what is asked for, else at most what was announced."""

    row: AnyRow
    amount: Money

    @property
    def day(self) -> date:
        """The day on which we ask for it, or ask again."""
        day: date = self.row.next_try_on or self.row.collect_on
        return day


def coming(session: Session, account_id: int) -> list[Coming]:
    """What is going to be taken from the account, or is being taken, where something is open; the next one first.

    What a stop holds is not going to be taken, be it the whole invoice or a part of it.
    """
    return coming_of(session, [account_id])


def coming_of(session: Session, account_ids: Sequence[int]) -> list[Coming]:
    """The same of several accounts together."""
    held = held_parts(session, account_ids, kinds_that_hold(Held.COLLECTION))
    rows = session.execute(_COMING, {"accounts": list(account_ids)})
    found = (Coming(row, _amount(row, held.get(row.invoice_id))) for row in rows)
    return [coming for coming in found if coming.amount]


def _amount(row: AnyRow, held: Money | None) -> Money:
    if row.asked_minor is not None:
        return Money(row.asked_minor, row.currency)
    free = Money(row.open_minor, row.currency) - (held or Money.zero(row.currency))
    return free if row.announced_minor is None else min(free, Money(row.announced_minor, row.currency))


def of_account(session: Session, account_id: int, limit: int = 20) -> AnyRows:
    """The account's latest collections, whatever became of them."""
    return session.execute(
        _ROWS.where(Collection.account_id == account_id).order_by(Collection.id.desc()).limit(limit)
    ).all()


def of_state(
    session: Session, states: frozenset[CollectionState], *, before: int | None = None, limit: int = 50
) -> AnyRows:
    """A page of collections of all accounts in these states, newest first, with their account's number and name."""
    query = _ROWS.add_columns(Account.number.label("account_number"), Account.name.label("account_name")).join(
        Account, Account.id == Collection.account_id
    )
    query = query.where(Collection.state.in_(states))
    if before is not None:
        query = query.where(Collection.id < before)
    return session.execute(query.order_by(Collection.id.desc()).limit(limit)).all()


def by_payment(session: Session, payment_id: int) -> Collection | None:
    """The collection that a payment belongs to; None for a payment that somebody made."""
    return session.scalars(select(Collection).where(Collection.payment_id == payment_id)).one_or_none()


def owner_of(session: Session, payment_id: int) -> int | None:
    """The login from whose method a payment was taken by itself; None for a payment that somebody made."""
    return session.scalar(
        select(SavedMethod.login_id)
        .join(Collection, Collection.saved_method_id == SavedMethod.id)
        .where(Collection.payment_id == payment_id)
    )


def unplanned() -> ColumnElement[bool]:
    """For a join of Autopay with Invoice: that a collection has to be planned for it.

    That is: it is open, no collection of it lives, and none under the same agreement has come to an end that stands.
    What a collection has brought must still settle it: what went away again is not taken a second time by itself, and
    least of all what a bank took back, which was contested.
    """
    brought = select(Payment.amount_minor).where(Payment.id == Collection.payment_id).correlate(Collection)
    settles = (
        select(func.coalesce(func.sum(Allocation.amount_minor), 0))
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .join(Payment, and_(CreditItem.kind == CreditKind.PAYMENT, CreditItem.source == Payment.public_id))
        .where(Payment.id == Collection.payment_id, Allocation.invoice_id == Invoice.id)
        .correlate(Collection, Invoice)
    )
    blocks = or_(
        Collection.state.in_(LIVE),
        and_(Collection.state == CollectionState.DONE, settles.scalar_subquery() < brought.scalar_subquery()),
        and_(
            Collection.autopay_id == Autopay.id,
            or_(
                Collection.state == CollectionState.EXHAUSTED,
                and_(Collection.state == CollectionState.CANCELLED, Collection.ends_why.not_in(PLAN_AGAIN)),
            ),
        ),
    )
    known = exists().where(Collection.subject_kind == SubjectKind.INVOICE, Collection.subject_id == Invoice.id, blocks)
    contested = exists().where(
        Uncovering.invoice_id == Invoice.id,
        Uncovering.withdrawal_id == Withdrawal.id,
        Withdrawal.kind == WithdrawalKind.CHARGEBACK,
    )
    is_open = and_(Invoice.status == InvoiceStatus.ISSUED, Invoice.open_minor > 0)
    return and_(Autopay.stopped_at.is_(None), is_open, Invoice.kind != InvoiceKind.OWED_AGAIN, ~known, ~contested)


def to_plan(session: Session) -> list[int]:
    """Accounts with an open invoice for which a collection has to be planned."""
    return list(
        session.scalars(
            select(Autopay.account_id)
            .join(Invoice, Invoice.account_id == Autopay.account_id)
            .where(unplanned())
            .distinct()
            .limit(BATCH)
        )
    )


def settled_ahead(session: Session) -> list[int]:
    """Collections for which nobody has been asked yet, though nothing is open any more."""
    return list(
        session.scalars(
            select(Collection.id)
            .join(Invoice, and_(Collection.subject_kind == SubjectKind.INVOICE, Invoice.id == Collection.subject_id))
            .where(Collection.state.in_(AHEAD), or_(Invoice.open_minor <= 0, Invoice.status != InvoiceStatus.ISSUED))
            .limit(BATCH)
        )
    )


def to_announce(session: Session) -> list[int]:
    """Accounts with a collection of which the payer is to be told by now, where nothing speaks against it.

    All of them: what is held, or being paid by somebody, stays here until it is not, and is in nobody's way.
    """
    return list(
        session.scalars(
            select(Collection.account_id)
            .join(SavedMethod, SavedMethod.id == Collection.saved_method_id)
            .where(Collection.state == CollectionState.PLANNED, _is_near(today(session)))
            .distinct()
            .order_by(Collection.account_id)
        )
    )


def _is_near(day: date) -> ColumnElement[bool]:
    """For a join of Collection with SavedMethod: that it is taken no later than as long ahead as its payer is told."""
    return or_(
        *(
            and_(
                Collection.rules_version == rules.version,
                SavedMethod.kind == kind,
                Collection.collect_on <= day + timedelta(days=lead),
            )
            for rules in RULES
            for kind, lead in rules.lead_days.items()
        )
    )


def to_collect(session: Session) -> list[int]:
    """Collections whose day, or whose next try, has come; those that wait longest first."""
    day = today(session)
    first = and_(Collection.state == CollectionState.ANNOUNCED, Collection.collect_on <= day)
    again = and_(
        Collection.state == CollectionState.RETRYING, Collection.next_try_on <= day, Collection.ends_why.is_(None)
    )
    return list(
        session.scalars(
            select(Collection.id).where(or_(first, again)).order_by(Collection.collect_on, Collection.id).limit(BATCH)
        )
    )


def to_follow(session: Session) -> list[int]:
    """Collections whose payment has news that nobody has acted on; not those that only wait for their payer."""
    unjudged = exists().where(
        PaymentAttempt.payment_id == Collection.payment_id,
        PaymentAttempt.number > Collection.judged,
        PaymentAttempt.state == AttemptState.ANSWERED,
    )
    asked = and_(
        Collection.state.in_((CollectionState.COLLECTING, CollectionState.ACTION_REQUIRED)),
        Payment.status != PaymentStatus.PROCESSING,
        unjudged,
    )
    answered = and_(Collection.state == CollectionState.ACTION_REQUIRED, Payment.status == PaymentStatus.PROCESSING)
    return list(
        session.scalars(
            select(Collection.id)
            .join(Payment, Payment.id == Collection.payment_id)
            .where(Collection.state.in_(TRYING), or_(asked, answered, Payment.status.not_in(PAYMENT_LIVE)))
            .order_by(Collection.id)
            .limit(BATCH)
        )
    )


def to_end(session: Session) -> AnyRows:
    """Collections that we want ended and that the processor has not confirmed to be: id and payment.

    What is on its way cannot be ended; it comes, or fails and then can be.
    """
    return session.execute(
        select(Collection.id, Payment.public_id.label("payment"))
        .join(Payment, Payment.id == Collection.payment_id)
        .where(
            Collection.state.in_(TRYING),
            Collection.ends_why.is_not(None),
            Payment.status != PaymentStatus.PROCESSING,
        )
        .order_by(Collection.id)
        .limit(BATCH)
    ).all()


def unanswered(session: Session) -> list[int]:
    """Collections of which the payer should have answered their bank by now."""
    return list(
        session.scalars(
            select(Collection.id)
            .where(
                Collection.state == CollectionState.ACTION_REQUIRED,
                Collection.answer_by < today(session),
                Collection.ends_why.is_(None),
            )
            .limit(BATCH)
        )
    )


def unfit(session: Session) -> list[int]:
    """Accounts that are paid automatically from a method that is gone or has expired."""
    day = today(session)
    past = or_(
        SavedMethod.expires_year < day.year,
        and_(SavedMethod.expires_year == day.year, SavedMethod.expires_month < day.month),
    )
    return list(
        session.scalars(
            select(Autopay.account_id)
            .join(SavedMethod, SavedMethod.id == Autopay.saved_method_id)
            .where(
                Autopay.stopped_at.is_(None),
                or_(SavedMethod.removed_at.is_not(None), SavedMethod.lost_at.is_not(None), past),
            )
            .limit(BATCH)
        )
    )
