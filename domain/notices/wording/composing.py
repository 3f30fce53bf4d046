"""Composing: a notice in words, in the language of whoever reads it, ready to be laid out by any channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices.deciding import Part, waited
from domain.notices.model import HeldBack, Notice, NoticePart
from domain.notices.wording.composed import Answer, Composed, Row
from domain.notices.wording.placeholders import fill, named
from domain.notices.wording.texts import Text, text_for
from domain.notices.wording.wordbook import OBJECTION, Wordbook, wordbook
from domain.policies.contacting import TONES, Channel, Recipient, Tone, Wording
from domain.policies.ruling import sections_today
from domain.receivables.model import Invoice, InvoiceKind
from domain.receivables.references import printed, reference_of
from domain.shared.business import Business
from domain.shared.db.session import business, today
from domain.shared.formats import Formats
from domain.shared.languages import formats
from domain.shared.money import Money

NAMED_AT_MOST = 3
"""So many invoices are named in a sentence; more are counted, and stand in the table."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One invoice that a notice is about: how much of it is asked for, how much is left out and why."""

    invoice_id: int
    number: str
    issued_on: date
    due_on: date
    asked: Money
    left_out: Money
    why: HeldBack | None = None
    is_charge: bool = False
    """Whether it is a charge for lateness, not an invoice."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a notice is about and whom it is for; `on` is the day on which it is written."""

    wording: Wording
    channel: Channel
    recipient: Recipient
    language: str
    name: str
    account_name: str
    account_number: str
    currency: str
    on: date
    parts: Sequence[Asked] = ()
    act_by: date | None = None
    handoff_from: date | None = None
    sender: str | None = None

    @property
    def asked(self) -> list[Asked]:
        """The invoices of which something is asked for."""
        return [part for part in self.parts if part.asked]

    @property
    def total(self) -> Money:
        """How much it asks for."""
        return Money.sum((part.asked for part in self.parts), self.currency)


def compose(
    session: Session,
    notice: Notice,
    *,
    link: str | None,
    parts: Sequence[Part] | None = None,
    further: Mapping[str, object] | None = None,
) -> Composed:
    """What this notice says today, in its language; `link` is its pay link, None where it has none.

    `parts` is what it asks for now, where that is no longer what was decided.
    `further` fills placeholders that are not about the invoices of the notice (see `PLACEHOLDERS`): money, days, text,
    and lists of text, which are written the local way here.
    """
    account = session.get_one(Account, notice.account_id)
    occasion = Occasion(
        wording=notice.wording,
        channel=notice.channel,
        recipient=notice.recipient,
        language=notice.language,
        name=notice.name or account.name,
        account_name=account.name,
        account_number=account.number,
        currency=notice.currency,
        on=today(session),
        parts=_with_numbers(session, _decided(session, notice) if parts is None else parts),
        act_by=_act_by(session, notice),
        handoff_from=handoff_from(session, account.id, notice.wording, _act_by(session, notice)),
        sender=notice.sender,
    )
    text = text_for(session, notice.wording, notice.channel, notice.language)
    return written(occasion, text, business(session), link=link, further=further or {})


def _act_by(session: Session, notice: Notice) -> date | None:
    """By when it asks for payment; a call that waited gives as many days as on the day on which it was due."""
    if notice.act_by is None or notice.channel is not Channel.CALL:
        return notice.act_by
    return notice.act_by + waited(session, notice)


def handoff_from(session: Session, account_id: int, wording: Wording, act_by: date | None) -> date | None:
    """From when on what a final notice asks for may be handed to somebody; None where the policy hands nothing over."""
    if wording is not Wording.FINAL_NOTICE or act_by is None or sections_today(session, account_id).handoff is None:
        return None
    return act_by + timedelta(days=1)


def written(
    occasion: Occasion, text: Text, ours: Business, *, link: str | None, further: Mapping[str, object]
) -> Composed:
    """The text with all that is known of the occasion; a paragraph that names what there is not is left out."""
    words, shown = wordbook(occasion.language), formats(occasion.language, ours.time_zone)
    values = _values(occasion, ours, words, shown, link)
    values |= {name: _shown(value, words, shown) for name, value in further.items()}
    paragraphs, answers = _paragraphs(text.body, values)
    formal = TONES[occasion.wording] is not Tone.FRIENDLY
    return Composed(
        wording=occasion.wording,
        channel=occasion.channel,
        language=words.language,
        locale=str(shown.locale).replace("_", "-"),
        subject=_subject(text.subject, values),
        greeting=words.labels["greeting_formal" if formal else "greeting"].format(name=occasion.name),
        paragraphs=(*_whom(occasion, words), *paragraphs),
        answers=answers,
        rows=tuple(_row(part, occasion.on, words, shown) for part in occasion.parts if part.asked or part.left_out),
        total=values["total"],
        act_by=values["act_by"],
        reference=_reference(occasion),
        link=link,
        sender=occasion.sender or ours.name,
        business=ours.name,
        labels=words.labels,
        text_id=text.text_id,
    )


def _decided(session: Session, notice: Notice) -> list[Part]:
    """What was asked for when it was decided."""
    rows = session.scalars(select(NoticePart).where(NoticePart.notice_id == notice.id))
    return [
        Part(
            row.invoice_id,
            row.due_on,
            Money(row.asked_minor, notice.currency),
            Money(row.left_out_minor, notice.currency),
            row.why,
        )
        for row in rows
    ]


def _with_numbers(session: Session, parts: Sequence[Part]) -> list[Asked]:
    """The invoices with their numbers and days, the longest due first."""
    wanted = select(Invoice.id, Invoice.number, Invoice.issued_on, Invoice.kind)
    rows = session.execute(wanted.where(Invoice.id.in_([part.invoice_id for part in parts])))
    known = {row.id: row for row in rows}
    return [
        Asked(
            invoice_id=part.invoice_id,
            number=known[part.invoice_id].number,
            issued_on=known[part.invoice_id].issued_on,
            due_on=part.due_on,
            asked=part.asked,
            left_out=part.left_out,
            why=part.why,
            is_charge=known[part.invoice_id].kind is InvoiceKind.DEBIT_NOTE,
        )
        for part in sorted(parts, key=lambda part: (part.due_on, part.invoice_id))
    ]


def _values(
    occasion: Occasion, ours: Business, words: Wordbook, shown: Formats, link: str | None
) -> dict[str, str | None]:
    asked = occasion.asked or list(occasion.parts)
    due_on = min((part.due_on for part in asked), default=None)
    numbers = shown.listed([part.number for part in asked]) if asked else None
    return {
        "name": occasion.name,
        "account_name": occasion.account_name,
        "account_number": occasion.account_number,
        "business": ours.name,
        "sender": occasion.sender or ours.name,
        "email": ours.email or None,
        "phone": ours.phone or None,
        "link": link,
        "total": shown.money(occasion.total) if occasion.total else None,
        "invoices": _invoices(asked, words, shown) if asked else None,
        "numbers": numbers,
        "due_on": _first_due(due_on, asked, words, shown),
        "days_late": shown.days(_days_late(due_on, occasion.on)) if due_on else None,
        "act_by": shown.day(occasion.act_by) if occasion.act_by else None,
        "handoff_from": shown.day(occasion.handoff_from) if occasion.handoff_from else None,
    }


def _invoices(asked: Sequence[Asked], words: Wordbook, shown: Formats) -> str:
    """What it is about: the invoices and the charges for lateness by their numbers; many are counted."""
    if len(asked) > NAMED_AT_MOST:
        return words.labels["invoice_many"].format(count=len(asked))
    named_so = (
        ("invoice", [part.number for part in asked if not part.is_charge]),
        ("charge", [part.number for part in asked if part.is_charge]),
    )
    return shown.listed(
        [
            words.labels[f"{what}_one" if len(numbers) == 1 else f"{what}_some"].format(numbers=shown.listed(numbers))
            for what, numbers in named_so
            if numbers
        ]
    )


def _first_due(due_on: date | None, asked: Sequence[Asked], words: Wordbook, shown: Formats) -> str | None:
    if due_on is None:
        return None
    day = shown.day(due_on)
    is_only = all(part.due_on == due_on for part in asked)
    return day if is_only else words.labels["first_due"].format(day=day)


def _days_late(due_on: date, on: date) -> int:
    return max(0, (on - due_on).days)


def _row(part: Asked, on: date, words: Wordbook, shown: Formats) -> Row:
    left_out = None
    if part.left_out and part.why:
        left_out = words.labels["left_out"].format(amount=shown.money(part.left_out), reason=words.reasons[part.why])
    return Row(
        number=part.number,
        name=words.labels["charge" if part.is_charge else "number"],
        issued_on=shown.day(part.issued_on),
        due_on=shown.day(part.due_on),
        days_late=str(_days_late(part.due_on, on) or ""),
        asked=shown.money(part.asked),
        left_out=left_out,
    )


def _reference(occasion: Occasion) -> str | None:
    """By what a transfer is recognised: the payment references of the invoices while they are few, else the account."""
    asked = occasion.asked
    if not asked:
        return None
    if len(asked) > NAMED_AT_MOST:
        return occasion.account_number
    return ", ".join(printed(reference_of(part.invoice_id)) for part in asked)


def _subject(text: str, values: Mapping[str, str | None]) -> str:
    """The subject, without what there is not: nothing goes without one."""
    there_is = {name: value or "" for name, value in values.items()}
    return (fill(text, {**dict.fromkeys(named(text), ""), **there_is}) or "").strip(" :,·–-")


def _whom(occasion: Occasion, words: Wordbook) -> tuple[str, ...]:
    """Why it goes to somebody who does not pay the invoices; nothing where it does not."""
    if occasion.channel is Channel.CALL or occasion.recipient is Recipient.CONTACT:
        return ()
    if occasion.channel is Channel.SMS:
        if occasion.recipient is not Recipient.GUARANTOR:
            return ()
        return (words.labels["sms_guarantor"].format(account_name=occasion.account_name),)
    label = "to_guarantor" if occasion.recipient is Recipient.GUARANTOR else "to_above"
    return (words.labels[label].format(account_name=occasion.account_name),)


def _paragraphs(body: str, values: Mapping[str, str | None]) -> tuple[tuple[str, ...], tuple[Answer, ...]]:
    """The paragraphs of a text, and the objections of a call's script with their answers."""
    opening, *objections = f"\n\n{body}".split(f"\n\n{OBJECTION}")
    answers: list[Answer] = []
    for objection in objections:
        said, _, answer = objection.partition("\n\n")
        filled = _filled(answer, values)
        if filled:
            answers.append(Answer(fill(said.strip(), values) or said.strip(), "\n\n".join(filled)))
    return tuple(_filled(opening, values)), tuple(answers)


def _filled(text: str, values: Mapping[str, str | None]) -> list[str]:
    found = (fill(" ".join(paragraph.split()), values) for paragraph in text.split("\n\n"))
    return [paragraph for paragraph in found if paragraph]


def _shown(value: object, words: Wordbook, shown: Formats) -> str | None:
    """A value as it is written; a balance below zero is in the reader's favour, which a minus alone does not tell."""
    match value:
        case None | str():
            return value or None
        case Money() if value.minor < 0:
            return words.labels["in_favour"].format(amount=shown.money(-value))
        case Money():
            return shown.money(value)
        case datetime():
            return shown.moment(value)
        case date():
            return shown.day(value)
        case int():
            return shown.number(value)
        case Sequence():
            return shown.listed([str(each) for each in value]) if value else None
        case _:
            raise TypeError(f"a notice cannot say a {type(value).__name__}")
