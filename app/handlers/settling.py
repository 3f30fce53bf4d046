"""Settling: what offers to settle have due (lapse, fulfil, break, their letter), and the mails about them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.handlers.failing import failed, in_turn
from app.handlers.mailing import own_page, reader_of, send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.documents import queries as documents
from domain.documents.model import Category
from domain.dunning.turns import Did
from domain.processing.settling import letters
from domain.settlements import following, queries, watching
from domain.settlements.accepting import expire
from domain.settlements.messages import OfferNews, TellOffer
from domain.settlements.model import SettlementOffer
from domain.settlements.rules import rules
from domain.settlements.watching import Waiting
from domain.shared.actor import WORKER
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.shared.mail import Attachment
from domain.shared.money import Money
from web.localisation import SOURCE, supported

DUTY = "settlements"
"""How the log names it."""
BATCH = 200
"""So many offers are looked at in one query."""
TITLES = {
    OfferNews.OFFERED: N_("Settle what you owe for {amount}"),
    OfferNews.ACCEPTED: N_("You have accepted to settle for {amount}"),
    OfferNews.EXPIRED: N_("Our offer to settle for {amount} has ended"),
    OfferNews.WITHDRAWN: N_("Our offer to settle for {amount} no longer holds"),
    OfferNews.BROKEN: N_("The settlement for {amount} was not kept"),
    OfferNews.REOPENED: N_("A payment of your settlement went back"),
    OfferNews.DISCHARGED: N_("Settled: nothing more is owed"),
}
"""What each mail is called."""
WORDS = {
    OfferNews.OFFERED: N_(
        "If you pay {amount} instead of {open}, nothing more is owed of these invoices: you save {saving}. The offer "
        "stands until {expires_on}. Until then we do not remind you of them."
    ),
    OfferNews.ACCEPTED: N_(
        "Once {amount} is paid in time, the rest of {saving} is forgiven and we send you a letter that says so."
    ),
    OfferNews.EXPIRED: N_("It was not accepted by {expires_on}. {open} was open when we made it."),
    OfferNews.WITHDRAWN: N_("Something about these invoices has changed, or we have taken it back."),
    OfferNews.BROKEN: N_("A part of it did not come in time. What is open of these invoices is owed as a whole again."),
    OfferNews.REOPENED: N_(
        "What we had forgiven is owed again. Make the payment good within {days} days, and the settlement stands."
    ),
    OfferNews.DISCHARGED: N_(
        "You have paid what we agreed. The letter that says that nothing more is owed is attached."
    ),
}
"""What each mail says."""


def do_due(wired: Wired) -> Did:
    """Do all that offers to settle have due now, each in a transaction of its own; how much, and how many failed.

    Safe to repeat and to be killed at any point. One that fails keeps no other from its turn.
    """
    return follow_due(wired.database) + _each(
        wired.database,
        lambda session, after: watching.without_letter(session, limit=BATCH, after=after),
        lambda account_id, offer_id: _file_letter(wired, account_id, offer_id),
    )


def follow_due(database: Database) -> Did:
    """The same without the letters: what lapses, what the ledger says has become of an offer, what is not kept."""
    return _each(
        database, lambda session, after: watching.lapsing(session, limit=BATCH, after=after), _in_turn(database, _lapse)
    ) + _each(
        database, lambda session, after: watching.paying(session, limit=BATCH, after=after), _in_turn(database, _judge)
    )


def tell_offer(wired: Wired, message: TellOffer) -> None:
    """Tell whoever accepted it, else the account's address; nothing where there is neither."""
    with wired.database.reading() as session:
        offer = session.get_one(SettlementOffer, message.offer_id)
        account = accounts.account(session, offer.account_id)
        reader = reader_of(session, account, offer.login_id)
        if reader is None:
            return
        to, language = reader
        rows = queries.invoices(session, offer.id)
        letter = documents.newest(session, Category.DISCHARGE, (letters.SUBJECT, offer.id))
        owed = Money(offer.open_minor, offer.currency)
        values = {
            "amount": offer.amount,
            "open": owed,
            "saving": owed - offer.amount,
            "expires_on": offer.expires_on,
            "days": rules(session, offer.id).reopened_days,
        }
    speaking = wired.letters.speaking(supported(language) or SOURCE)
    context = {
        "title": speaking.translate(TITLES[message.news], **values),
        "words": speaking.translate(WORDS[message.news], **values),
        "numbers": [row.number for row in rows],
        "account_number": account.number,
        "link": own_page(wired, f"/accounts/{account.id}/settlements/{offer.id}", None),
    }
    attached: tuple[Attachment, ...] = ()
    if message.news is OfferNews.DISCHARGED and letter is not None:
        with wired.store.open(letter.sha256) as stored:
            attached = (Attachment(letter.filename, stored.read(), letter.media_type),)
    mark = f"settlement.{message.change_id}.{message.news}"
    send_letter(wired, "settlement", context, to=to, language=language, mark=mark, attachments=attached)
    with wired.database.transaction() as session:
        record(
            session,
            "settlement.told",
            actor=WORKER,
            subject=("offer", offer.id),
            account_id=account.id,
            after={"to": to, "amount": offer.amount, "news": message.news},
        )


def _each(database: Database, find: Callable[[Session, int], Waiting], act: Callable[[int, int], Did]) -> Did:
    """Do it for each that is found, page by page."""
    done, after = Did(), 0
    while True:
        with database.reading() as session:
            found = find(session, after)
        for account_id, offer_id in found:
            done += act(account_id, offer_id)
            after = offer_id
        if len(found) < BATCH:
            return done


def _in_turn(database: Database, act: Callable[[Session, int, int], bool]) -> Callable[[int, int], Did]:
    return lambda account_id, offer_id: in_turn(database, DUTY, f"offer {offer_id}", act, account_id, offer_id)


def _lapse(session: Session, account_id: int, offer_id: int) -> bool:
    return expire(session, account_id, offer_id, actor=WORKER) or _follow(session, account_id, offer_id)


def _judge(session: Session, account_id: int, offer_id: int) -> bool:
    moved = _follow(session, account_id, offer_id)
    return moved or watching.break_if_missed(session, account_id, offer_id, actor=WORKER)


def _follow(session: Session, account_id: int, offer_id: int) -> bool:
    account = accounts.lock(session, account_id)
    offer = queries.entity(session, account_id, offer_id)
    before = offer.status
    following.follow(session, account, offer, effective_on=today(session), actor=WORKER)
    return offer.status is not before


def _file_letter(wired: Wired, account_id: int, offer_id: int) -> Did:
    """File and send the letter of one that is paid; it is made between two transactions, never within one."""
    try:
        with wired.database.reading() as session:
            found = letters.due(session, account_id, offer_id)
        if found is None:
            return Did()
        content = wired.renderer.render(letters.TEMPLATE, found.paper, found.language)
        with wired.database.transaction() as session:
            return Did(int(letters.file_letter(session, wired.store, account_id, offer_id, content, actor=WORKER)))
    except Exception as problem:
        return failed(DUTY, f"offer {offer_id}", problem)
