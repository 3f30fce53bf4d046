"""Reminding: whom notices are for, what people do about them, and what comes back: a stop, a bounce, an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demo.acts import Known
from app.demo.cast import HARBOUR
from app.demo.habits import working_day
from app.demo.story import Story
from domain.accounts import queries as accounts
from domain.accounts.contacts import ContactDetails, add
from domain.accounts.model import Contact
from domain.dunning import approving
from domain.dunning.courtesies import send_again
from domain.notices import changing
from domain.notices.calling import Said
from domain.notices.incoming import taking_in
from domain.notices.model import CallOutcome, Notice, NoticePart, NoticeStatus
from domain.notices.reach import addresses, duties, tracing, unsubscribing
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel, Recipient
from domain.processing.calling import WAITS, Outcome, record_call
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import now, today

WAITING_DAYS = 12
"""So long Ade has looked at no notice when the story ends: the last ones wait."""
UNCALLED_DAYS = 9
"""So long Sam has called nobody."""
OPTED_OUT, LOST, ANSWERS = "A-1063", "A-1017", "A-1021"
TEXTED = (HARBOUR, "A-1068", "A-1072")
"""Whose bookkeepers welcome text messages."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person beside the bookkeeper, and what notices are for them."""

    number: str
    name: str
    job: str
    mailbox: str
    duty: Recipient


ABOVE = (
    Somebody("A-1003", "Margaret Pike", "Managing director", "margaret", Recipient.ABOVE),
    Somebody("A-1052", "Tessa Gould", "Managing director", "tessa", Recipient.ABOVE),
    Somebody("A-1021", "Rupert Vale", "Director", "rupert", Recipient.ABOVE),
    Somebody("A-1060", "Sheila Lowe", "Guarantor", "sheila", Recipient.GUARANTOR),
)
SAID = (
    (CallOutcome.REACHED, "Will look into it and pay this week"),
    (CallOutcome.VOICEMAIL, ""),
    (CallOutcome.AWAITING_APPROVAL, "The director signs on Fridays"),
    (CallOutcome.REACHED, "Busy season, asks for patience"),
    (CallOutcome.IN_PAYMENT_RUN, "In the run at the end of the month"),
    (CallOutcome.UNREACHABLE, ""),
)
"""How Sam's calls go, in turn."""


def plan_reminding(story: Story) -> None:
    """Write into the story's diary what people do about notices."""

    def ago(days: int) -> date:
        return working_day(story.last_day - timedelta(days=days))

    story.put(story.first_day, 8.8, lambda: _name_people(story))
    for day in story.reminded_days:
        is_weekday = day.weekday() < 5
        days_ago = (story.last_day - day).days
        if is_weekday and days_ago >= WAITING_DAYS:
            story.put(day, 10.6, lambda: _approve(story))
        if is_weekday and days_ago >= UNCALLED_DAYS:
            story.put(day, 11.4, lambda: _call(story))
    story.put(ago(75), 8.3, lambda: _stop(story))
    story.put(ago(20), 9.6, lambda: _bounce(story))
    story.put(ago(3), 10.2, lambda: _answer(story))
    story.put(ago(1), 16.4, partial(_approve, story, most=2))


def _name_people(story: Story) -> None:
    """Who is above the bookkeepers, who guarantees, and whom a text reaches."""
    sam = story.acts.staff["Sam"]
    for each in ABOVE:
        known = story.known(each.number)
        with story.acts.database.transaction() as session:
            account = accounts.lock(session, known.account_id)
            person = ContactDetails(each.name, each.job, f"{each.mailbox}@{known.customer.domain}")
            contact = add(session, account, person, actor=sam)
            session.flush()
            duties.choose(session, account.id, contact.id, each.duty, texts=False, actor=sam)
    for number in TEXTED:
        known = story.known(number)
        with story.acts.database.transaction() as session:
            contact_id = _bookkeeper(session, known)
            duties.choose(session, known.account_id, contact_id, Recipient.CONTACT, texts=True, actor=sam)


def _approve(story: Story, *, most: int | None = None) -> None:
    """Ade looks at what waits for approval, and lets it go."""
    for notice_id, _ in _notices(story, NoticeStatus.WAITING)[:most]:
        with story.acts.database.transaction() as session:
            approving.approve(session, notice_id, actor=story.acts.staff["Ade"])


def _call(story: Story) -> None:
    """Sam makes the calls that are due."""
    for notice_id, account_id in _notices(story, NoticeStatus.READY, Channel.CALL):
        outcome, words = SAID[notice_id % len(SAID)]
        with story.acts.database.transaction() as session:
            notice = session.get_one(Notice, notice_id)
            asked = select(NoticePart.invoice_id).where(NoticePart.notice_id == notice_id)
            until_on = today(session) + timedelta(days=7)
            said = Said(outcome, words, number=notice.address, contact_id=notice.contact_id)
            went = Outcome(said, tuple(session.scalars(asked)), until_on if outcome in WAITS else None)
            record_call(session, account_id, notice_id, went, actor=story.acts.staff["Sam"])


def _stop(story: Story) -> None:
    """A customer does not want our emails: letters from now on."""
    with story.acts.database.transaction() as session:
        unsubscribing.opt_out(
            session,
            Channel.EMAIL,
            story.known(OPTED_OUT).customer.email,
            how="link",
            actor=Actor.visitor("203.0.113.7"),
        )


def _bounce(story: Story) -> None:
    """No mailbox of a customer answers any more: somebody has to find out where they are."""
    known = story.known(LOST)
    with story.acts.database.transaction() as session:
        account = accounts.lock(session, known.account_id)
        invoice_ids = list(story.acts.open_amounts(known))
        addresses.note(
            session,
            Channel.EMAIL,
            known.customer.login,
            AddressKind.BOUNCED,
            how="report",
            account_id=account.id,
            detail="550 5.1.1 No such user",
            actor=WORKER,
        )
        notice = _last_mail(session, account.id) or send_again(session, account.id, invoice_ids[-1], actor=WORKER)
        if notice.status is NoticeStatus.READY:
            changing.change(session, notice, NoticeStatus.SENT, actor=WORKER)
        tracing.bounced(session, account, notice, how="report", detail="550 5.1.2 Domain not found", actor=WORKER)


def _answer(story: Story) -> None:
    """A customer answers a reminder by mail."""
    known = story.known(ANSWERS)
    with story.acts.database.transaction() as session:
        notice = _last_mail(session, known.account_id)
        marks = (f"<{notice.mark}@northgate.example>",) if notice else ()
        taking_in.take_in(
            session,
            message_id="20261119.foxglove@mail.foxglove.example",
            channel=Channel.EMAIL,
            sender=known.customer.login,
            subject="Re: your reminder",
            body="Hello,\n\nwe were paid late ourselves. Half of it goes out on Friday, the rest a week later.\n"
            "Is that all right with you?\n\nImogen Vale\nFoxglove Events",
            written_at=now(session),
            references=marks,
            actor=WORKER,
        )


def _bookkeeper(session: Session, known: Known) -> int:
    of_login = select(Contact.id).where(Contact.account_id == known.account_id, Contact.login_id == known.login_id)
    return session.scalars(of_login).one()


def _last_mail(session: Session, account_id: int) -> Notice | None:
    """The last email about an account that went out."""
    return session.scalars(
        select(Notice)
        .where(Notice.account_id == account_id, Notice.channel == Channel.EMAIL, Notice.status == NoticeStatus.SENT)
        .order_by(Notice.id.desc())
        .limit(1)
    ).first()


def _notices(story: Story, status: NoticeStatus, channel: Channel | None = None) -> list[tuple[int, int]]:
    """The notices in a state, of a channel or of all, the oldest first: their id, and their account's."""
    wanted = select(Notice.id, Notice.account_id).where(Notice.status == status).order_by(Notice.id)
    if channel is not None:
        wanted = wanted.where(Notice.channel == channel)
    with story.acts.database.reading() as session:
        return [(row.id, row.account_id) for row in session.execute(wanted)]
