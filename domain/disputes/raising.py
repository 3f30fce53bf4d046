"""Raising: a customer contests an invoice or a part of it, and thinks better of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.disputes import changing, queries
from domain.disputes.messages import News
from domain.disputes.model import LIVE, Dispute, DisputeHandling, DisputeLine, DisputeStatus
from domain.disputes.reasons import Reason
from domain.disputes.routes import route_of
from domain.documents.intake import TakenIn
from domain.invoicing import numbering
from domain.invoicing.numbering import Series
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice, InvoiceKind, InvoiceLine, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.shared.working_week import working_week

LONGEST_WORDS = 4_000


@dataclass(frozen=True, slots=True)
class Complaint:
    """What somebody says is wrong with an invoice, or with these lines of it (their ids).

    Without an amount it is about what the lines come to, and without lines about all that is open. `files` show it.
    """

    reason: Reason
    words: str
    amount: Money | None = None
    line_ids: tuple[int, ...] = ()
    files: tuple[TakenIn, ...] = ()


def raise_dispute(
    session: Session, account_id: int, invoice_id: int, complaint: Complaint, *, login_id: int | None, actor: Actor
) -> Dispute:
    """Write a dispute down and leave what it contests alone from now on; a task and a mail follow.

    Raises NotFound, Conflict where nothing more of the invoice can be contested, Invalid beside the field.
    """
    account = accounts.lock(session, account_id)
    receivables.invoices(session, account_id, [invoice_id])
    invoice = session.get_one(Invoice, invoice_id, populate_existing=True)
    left = _contestable(session, invoice)
    check_words(complaint.words, missing=N_("Say what is wrong, so that we can look into it."))
    lines = contested_lines(session, invoice, complaint.line_ids)
    dispute = Dispute(
        number=numbering.take(session, Series.DISPUTE),
        account_id=account_id,
        invoice_id=invoice_id,
        currency=account.currency,
        amount_minor=_amount(complaint.amount, lines, left).minor,
        reason=complaint.reason,
        words=complaint.words.strip(),
        status=DisputeStatus.OPEN,
        raised_at=now(session),
        raised_by=login_id,
    )
    begin(session, dispute, lines, actor=actor)
    changing.keep_files(session, dispute, complaint.files, actor=actor)
    audit.record(
        session,
        "dispute.raised",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        after={
            "number": dispute.number,
            "invoices": [invoice.number],
            "amount": dispute.amount,
            "reason": complaint.reason,
        },
    )
    changing.tell(session, dispute, News.RAISED)
    return dispute


def begin(
    session: Session,
    dispute: Dispute,
    lines: Mapping[int, Money],
    *,
    actor: Actor,
    split_from_id: int | None = None,
) -> None:
    """Write down a new dispute with its lines, who handles it and by when, and hold what it contests."""
    session.add(dispute)
    session.flush()
    for line_id, amount in lines.items():
        session.add(DisputeLine(dispute_id=dispute.id, line_id=line_id, amount_minor=amount.minor))
    route, week, at = route_of(session, dispute.reason), working_week(session), now(session)
    session.add(
        DisputeHandling(
            dispute_id=dispute.id,
            owner_id=route.owner_id,
            answer_by=week.after_hours(at, route.answer_hours),
            resolve_by=week.after_days(at, route.resolve_days),
            split_from_id=split_from_id,
        )
    )
    session.flush()
    changing.note(session, dispute, None, actor=actor)
    changing.hold(session, dispute, actor=actor)
    changing.needs_us(session, dispute)


def contested_lines(session: Session, invoice: Invoice, line_ids: Collection[int]) -> dict[int, Money]:
    """What each of these lines of the invoice comes to, tax included; Invalid for one that is not of it."""
    found = session.execute(
        select(InvoiceLine.id, InvoiceLine.amount_minor, InvoiceLine.tax_minor)
        .where(InvoiceLine.invoice_id == invoice.id, InvoiceLine.id.in_(line_ids))
        .order_by(InvoiceLine.position)
    ).all()
    if len(found) != len(set(line_ids)):
        raise Invalid(N_("Choose lines of this invoice."), field="line")
    lines = {row.id: Money(row.amount_minor + row.tax_minor, invoice.currency) for row in found}
    if any(amount.minor <= 0 for amount in lines.values()):
        raise Invalid(
            N_("A line that costs nothing, or takes something off, cannot be disputed by itself."), field="line"
        )
    return lines


def withdraw(session: Session, account_id: int, dispute_id: int, *, actor: Actor, why: str = "") -> Dispute:
    """The customer no longer contests it: it is owed and chased as before. NotFound, or Conflict once it has ended.

    Staff say `why` when they write it down on the customer's word.
    """
    dispute = under_lock(session, account_id, dispute_id)
    changing.end(session, dispute, DisputeStatus.WITHDRAWN, actor=actor, why=why.strip() or None)
    audit.record(
        session,
        "dispute.withdrawn",
        actor=actor,
        subject=("dispute", dispute.id),
        account_id=account_id,
        after={"number": dispute.number, "why": why.strip() or None},
    )
    return dispute


def left_to_contest(session: Session, invoice_id: int, open_: Money) -> Money:
    """What is open of an invoice and in no live dispute; nothing where more is contested than is open."""
    contested = queries.contested(session, [invoice_id]).get(invoice_id, 0)
    return Money(max(0, open_.minor - contested), open_.currency)


def under_lock(session: Session, account_id: int, dispute_id: int) -> Dispute:
    """A dispute of this account, read under the account's lock; NotFound."""
    accounts.lock(session, account_id)
    dispute = session.get(Dispute, dispute_id, populate_existing=True)
    if dispute is None or dispute.account_id != account_id:
        raise NotFound(queries.NO_SUCH_DISPUTE)
    return dispute


def live_under_lock(session: Session, account_id: int, dispute_id: int) -> Dispute:
    """The same of one that has not ended; Conflict of one that has."""
    dispute = under_lock(session, account_id, dispute_id)
    if dispute.status not in LIVE:
        raise Conflict(N_("Dispute {number} has ended already."), number=dispute.number)
    return dispute


def check_words(words: str, *, missing: str) -> None:
    """Do nothing for what can stand in a thread; Invalid for nothing, with `missing`, and for too much."""
    if not words.strip():
        raise Invalid(missing, field="words")
    if len(words) > LONGEST_WORDS:
        raise Invalid(N_("Use at most {most} characters."), field="words", most=LONGEST_WORDS)


def _contestable(session: Session, invoice: Invoice) -> Money:
    """What is open of an invoice and not contested yet; Conflict where it cannot be contested, or nothing is left."""
    if invoice.kind is InvoiceKind.OWED_AGAIN:
        raise Conflict(
            N_("{number} stands for money that was taken back: it cannot be disputed here. Write to us instead."),
            number=invoice.number,
        )
    left = left_to_contest(session, invoice.id, invoice.open)
    if invoice.status is not InvoiceStatus.ISSUED or not left:
        raise Conflict(N_("Nothing more of invoice {number} can be disputed."), number=invoice.number)
    return left


def _amount(wanted: Money | None, lines: Mapping[int, Money], left: Money) -> Money:
    """How much is contested: what was said, within what is left and what the lines come to; else as much as that is."""
    most = min(left, sum(lines.values(), Money.zero(left.currency))) if lines else left
    amount = most if wanted is None else wanted
    if amount.minor <= 0 or amount > most:
        raise Invalid(N_("Enter an amount up to {most}."), field="amount", most=most)
    return amount
