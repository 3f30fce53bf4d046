"""Letters: the quittance, which says that a debt was settled for less and that nothing more is owed of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents import filing
from domain.documents.letterhead import letterhead
from domain.documents.model import Category
from domain.documents.rendering import Paper
from domain.documents.storage import Store
from domain.settlements import changing, concessions, queries, watching
from domain.settlements.messages import OfferNews
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business, now
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

TEMPLATE = "discharge"
MEDIA_TYPE = "application/pdf"
SUBJECT = "offer"
"""How documents about an offer name what they are about."""


@dataclass(frozen=True, slots=True)
class ToPrint:
    """A letter that may go now, and the language that its reader reads."""

    paper: Paper
    language: str


def due(session: Session, account_id: int, offer_id: int) -> ToPrint | None:
    """The letter of an offer, where it is fulfilled and its money has been here for long enough; None before."""
    account = accounts.account(session, account_id)
    day = watching.letter_day(session, offer_id)
    if day is None or day_in(now(session), account.time_zone) < day:
        return None
    return ToPrint(_paper(session, account_id, offer_id), account.language)


def file_letter(
    session: Session, store: Store, account_id: int, offer_id: int, content: bytes, *, actor: Actor
) -> bool:
    """File the letter and have it mailed, unless the offer was opened again or has its letter; whether it was filed."""
    accounts.lock(session, account_id)
    offer = queries.entity(session, account_id, offer_id)
    if due(session, account_id, offer_id) is None or not watching.lacks_letter(session, offer_id):
        return False
    filing.file(
        session,
        store,
        content,
        media_type=MEDIA_TYPE,
        category=Category.DISCHARGE,
        filename=f"settlement-{offer_id}.pdf",
        account_id=account_id,
        subject=(SUBJECT, offer_id),
        actor=actor,
    )
    changing.tell(session, offer, OfferNews.DISCHARGED)
    return True


def _paper(session: Session, account_id: int, offer_id: int) -> Paper:
    account = accounts.account(session, account_id)
    offer = queries.entity(session, account_id, offer_id)
    given_up = {row.invoice_id: row for row in concessions.standing(session, offer_id)}
    nothing = Money.zero(offer.currency)
    on = day_in(now(session), account.time_zone)
    rows = []
    for row in queries.invoices(session, offer_id):
        owed = Money(row.offered_minor, offer.currency)
        concession = given_up.get(row.id)
        forgiven = concession.amount if concession else nothing
        rows.append(
            {
                "number": row.number,
                "owed": owed,
                "paid": owed - forgiven,
                "forgiven": forgiven,
                "note": concession.number if concession else None,
            }
        )
    forgiven = Money.sum((each.amount for each in given_up.values()), offer.currency)
    return {
        "made_at": now(session),
        "business": letterhead(business(session)),
        "customer": {"name": account.name, "address": account.address or "", "number": account.number},
        "number": str(offer_id),
        "on": on,
        "says": Words.of(
            N_(
                "You accepted our offer to settle the invoices below on {day}. What it asked for was paid by {paid_on}."
            ),
            day=offer.accepted_on,
            paid_on=watching.paid_on(session, offer_id) or on,
        ),
        "discharge": Words.of(
            N_("What was left, {forgiven}, is forgiven. Nothing more is owed of these invoices."), forgiven=forgiven
        ),
        "reservation": Words.of(
            N_(
                "This letter stands unless a payment that it rests on is reversed: then what was forgiven is owed "
                "again until that payment is made good."
            )
        ),
        "owed": Money(offer.open_minor, offer.currency),
        "amount": Money(offer.open_minor, offer.currency) - forgiven,
        "forgiven": forgiven,
        "rows": rows,
    }
