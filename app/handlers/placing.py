"""Placing: the mails to a partner about what was handed to it, and what becomes of that."""

from __future__ import annotations

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.audit.recording import record
from domain.placements import queries
from domain.placements.correspondence import reading
from domain.placements.messages import PartnerNews, TellPartner
from domain.placements.naming import percent_of, reference_of
from domain.settlements import queries as settlements
from domain.shared.actor import WORKER
from domain.shared.errors import N_
from domain.shared.money import Money
from web.localisation import SOURCE, supported

TITLES = {
    PartnerNews.SENT: N_("We hand you a debt of {amount}: {reference}"),
    PartnerNews.HELD: N_("Please wait with {reference}: it is contested"),
    PartnerNews.GOES_ON: N_("Please go on with {reference}"),
    PartnerNews.RECALLED: N_("We take {reference} back"),
    PartnerNews.CLOSED: N_("{reference} is closed: nothing more is owed"),
    PartnerNews.OPEN_AGAIN: N_("{reference} is open again: a payment went back"),
    PartnerNews.ANSWERED: N_("Our answer about {reference}"),
    PartnerNews.SETTLEMENT_APPROVED: N_("{reference} may be settled as you have proposed"),
    PartnerNews.SETTLEMENT_DECLINED: N_("{reference} is not settled as you have proposed"),
}
"""What each mail is called."""
WORDS = {
    PartnerNews.SENT: N_(
        "{name} owes us {amount}. Your commission is {percent} per cent of what you collect. Please tell us whether "
        "you take it. It comes back to us on {returns_on} if nothing was agreed by then."
    ),
    PartnerNews.HELD: N_(
        "{name} has contested it with us, or the law asks us to wait. Please contact nobody about it until we say that "
        "it goes on."
    ),
    PartnerNews.GOES_ON: N_("What was contested is decided. Of what {name} owes, {open} is open now."),
    PartnerNews.RECALLED: N_("Please do nothing more about it. Of what {name} owed, {open} is open."),
    PartnerNews.CLOSED: N_("What {name} owed was settled with us. Please do nothing more about it."),
    PartnerNews.OPEN_AGAIN: N_("What {name} had paid has gone back. {open} is open again: please go on."),
    PartnerNews.ANSWERED: N_("You asked about {name}: “{question}” Our answer: {answer}"),
    PartnerNews.SETTLEMENT_APPROVED: N_(
        "{name} is offered to settle what is open for {settles}, until {until}, and can accept it with us or with you."
    ),
    PartnerNews.SETTLEMENT_DECLINED: N_("{name} is not offered to settle for {settles}. {why}"),
}
"""What each mail says."""


def tell_partner(wired: Wired, message: TellPartner) -> None:
    """Mail a partner the news of a placement as it is when the mail goes; written down on the account."""
    with wired.database.reading() as session:
        row = queries.placement(session, message.placement_id)
        partner = queries.partner(session, row.partner_id)
        rows = queries.invoices(session, row.id)
        values = {
            "name": row.account_name,
            "reference": reference_of(row.id),
            "amount": Money(row.placed_minor, row.currency),
            "open": Money(row.open_minor, row.currency),
            "percent": percent_of(row.rate_bp),
            "returns_on": row.returns_on,
        }
        if message.note_id is not None:
            values["question"], values["answer"] = reading.exchange(session, message.note_id)
        if message.offer_id is not None:
            offer = settlements.offer(session, message.offer_id)
            values["settles"] = Money(offer.amount_minor, offer.currency)
            values["until"] = offer.expires_on
            values["why"] = settlements.changes(session, message.offer_id)[-1].why or ""
        to, language = partner.email, partner.language
    speaking = wired.letters.speaking(supported(language) or SOURCE)
    context = {
        "title": speaking.translate(TITLES[message.news], **values),
        "words": speaking.translate(WORDS[message.news], **values),
        "reference": values["reference"],
        "debtor": row.account_name,
        "numbers": [each.number for each in rows if each.placed_minor is not None],
    }
    about: int | str = message.change_id
    if message.note_id is not None:
        about = f"note-{message.note_id}"
    elif message.offer_id is not None:
        about = f"offer-{message.offer_id}"
    mark = f"placement.{about}.{message.news}"
    send_letter(wired, "placement", context, to=to, language=language, mark=mark)
    with wired.database.transaction() as session:
        record(
            session,
            "placement.told",
            actor=WORKER,
            subject=("placement", row.id),
            account_id=row.account_id,
            after={"to": to, "partner": row.partner_name, "news": message.news},
        )
