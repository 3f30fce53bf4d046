"""Courtesy facts: what a courtesy says beside its invoices, as it is on the day on which it is put into words."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from domain.dunning import courtesy_rules as rules
from domain.late_charges.model import LateCharge
from domain.notices.model import Notice, NoticePart
from domain.payments import discount_quotes
from domain.placements.acting import acting
from domain.policies.contacting import Wording
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice, InvoiceStatus
from domain.saved_methods.model import SavedMethod
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.statements.queries import statement
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held


def further(session: Session, notice: Notice, *, portal: str) -> dict[str, object]:
    """The placeholders of a courtesy's text that are not about its invoices; nothing for a reminder.

    `portal` is the address of the customers' site: what asks for no money leads there, to sign in.
    """
    pages = f"{portal}/accounts/{notice.account_id}"
    match notice.wording:
        case Wording.INVOICE:
            return _discount(session, notice)
        case Wording.LATE_CHARGES:
            return {"late_invoices": _late_invoices(session, notice)}
        case Wording.STATEMENT:
            return {**_statement(session, notice), "link": f"{pages}/statement"}
        case Wording.CARD_EXPIRING:
            return {**_card(session, notice), "link": f"{pages}/ways-to-pay"}
        case _:
            return {}


def period_of(notice: Notice) -> tuple[date, date]:
    """The first and the last day of the month that a statement is of."""
    assert notice.subject_id is not None
    return rules.month_of_number(notice.subject_id)


def _discount(session: Session, notice: Notice) -> dict[str, object]:
    """What all of it costs less if it is paid soon; nothing where that is not so of every invoice by the same day."""
    ids = list(session.scalars(_about(notice)))
    offers = discount_quotes.offered(session, notice.account_id, ids)
    days = {offer.until_on for offer in offers.values()}
    if len(days) != 1 or len(offers) < len(ids):
        return {}
    saved = Money.sum((offer.saves for offer in offers.values()), notice.currency)
    left = Money.sum((offer.settles for offer in offers.values()), notice.currency)
    return {"discount": saved, "discounted": left, "discount_until": days.pop()}


def _late_invoices(session: Session, notice: Notice) -> list[str]:
    late = aliased(Invoice)
    return list(
        session.scalars(
            select(late.number)
            .join(LateCharge, LateCharge.invoice_id == late.id)
            .where(LateCharge.debit_note_id.in_(_about(notice)))
            .distinct()
            .order_by(late.number)
        )
    )


def _statement(session: Session, notice: Notice) -> dict[str, object]:
    first, last = period_of(notice)
    handed = [one for one in acting(session, notice.account_id) if one.since is not None]
    return {
        "from_on": first,
        "to_on": last,
        "balance": statement(session, notice.account_id, first, last, limit=1).closing,
        "overdue": _overdue(session, notice) or None,
        "placed": Money.sum((one.open for one in handed), notice.currency) or None,
        "partners": sorted({one.name for one in handed}) or None,
    }


def _overdue(session: Session, notice: Notice) -> Money:
    """What is late and asked for: nothing that a reminder would leave out because somebody holds it back."""
    late = session.execute(
        select(Invoice.id, Invoice.open_minor).where(
            Invoice.account_id == notice.account_id,
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.due_on < today(session),
        )
    ).all()
    held = held_parts(session, [notice.account_id], kinds_that_hold(Held.CHASING))
    nothing = Money.zero(notice.currency)
    return Money.sum(
        (Money(row.open_minor, notice.currency) - held.get(row.id, nothing) for row in late), notice.currency
    )


def _card(session: Session, notice: Notice) -> dict[str, object]:
    method = session.get_one(SavedMethod, notice.subject_id)
    if method.expires_year is None or method.expires_month is None:
        return {"card": method.label}
    return {"card": method.label, "expires": f"{method.expires_month:02}/{method.expires_year}"}


def _about(notice: Notice) -> Select[int]:
    return select(NoticePart.invoice_id).where(NoticePart.notice_id == notice.id)
