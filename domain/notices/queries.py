"""Queries: notices for lists and pages, what one said and what became of it, and the calls with customers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices.model import Call, HeldBack, Notice, NoticeChange, NoticeContent, NoticePart, NoticeStatus
from domain.notices.reach.model import AddressNews
from domain.policies.contacting import Channel, Wording
from domain.receivables.model import Invoice
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_NOTICE = N_("We could not find that notice.")


class View(StrEnum):
    """The lists of notices: what waits for a person, what is on its way, and what became of the rest."""

    TO_APPROVE = "to_approve"
    CALLS = "calls"
    READY = "ready"
    SENT = "sent"
    HELD_BACK = "held_back"
    FAILED = "failed"


WAITING_FIRST = frozenset({View.TO_APPROVE, View.CALLS})
"""The lists that somebody works through: the longest waiting comes first; in the others the newest."""
_IS_CALL = Notice.channel == Channel.CALL
_VIEWS: dict[View, ColumnElement[bool]] = {
    View.TO_APPROVE: Notice.status == NoticeStatus.WAITING,
    View.CALLS: and_(Notice.status == NoticeStatus.READY, _IS_CALL),
    View.READY: and_(Notice.status == NoticeStatus.READY, ~_IS_CALL),
    View.SENT: Notice.status.in_({NoticeStatus.SENT, NoticeStatus.DELIVERED}),
    View.HELD_BACK: Notice.status.in_({NoticeStatus.SUPPRESSED, NoticeStatus.REJECTED}),
    View.FAILED: Notice.status == NoticeStatus.FAILED,
}
COUNTED = (View.TO_APPROVE, View.CALLS, View.READY)
"""The lists that become shorter as their notices go."""
WAITS_FOR_SOMEBODY = or_(_VIEWS[View.TO_APPROVE], _VIEWS[View.CALLS])
"""For a query over notices: that one waits until somebody approves it, or makes the call."""
HOW_MANY_WAIT = select(func.count()).where(WAITS_FOR_SOMEBODY)
"""How many notices and calls wait for a person."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of a list is wanted: decided on from `first` through `last`, of a channel, a text, held back for a reason.

    `why` counts also where only a part of the notice was left out for it; None: all of them.
    """

    first: date | None = None
    last: date | None = None
    channel: Channel | None = None
    wording: Wording | None = None
    why: HeldBack | None = None


ALL = Narrowed()
_SHOWN = select(
    Notice.id,
    Notice.account_id,
    Account.name.label("account_name"),
    Account.number.label("account_number"),
    Account.time_zone,
    Account.legal_form,
    Account.country,
    Notice.wording,
    Notice.channel,
    Notice.recipient,
    Notice.contact_id,
    Notice.name,
    Notice.address,
    Notice.language,
    Notice.status,
    Notice.why,
    Notice.step_day,
    Notice.version_id,
    Notice.act_by,
    Notice.sender,
    Notice.currency,
    Notice.total_minor,
    Notice.mark,
    Notice.decided_on,
    Notice.decided_at,
    Notice.due_at,
    Notice.sent_at,
    Notice.ended_at,
).join(Account, Account.id == Notice.account_id)


def notices(session: Session, view: View, wanted: Narrowed = ALL, *, place: int | None = None, limit: int) -> AnyRows:
    """A page of a list of all accounts, after `place`."""
    found = _SHOWN.where(_VIEWS[view], *_conditions(wanted))
    if view in WAITING_FIRST:
        found = found.where(Notice.id > place) if place is not None else found
        return session.execute(found.order_by(Notice.id).limit(limit)).all()
    found = found.where(Notice.id < place) if place is not None else found
    return session.execute(found.order_by(Notice.id.desc()).limit(limit)).all()


def counts(session: Session, wanted: Narrowed = ALL) -> dict[View, int]:
    """How many stand in each list of what is still to go; those that have gone are too many to count for a page."""
    found = select(*(func.count().filter(_VIEWS[view]) for view in COUNTED)).where(
        Notice.status.in_({NoticeStatus.WAITING, NoticeStatus.READY}), *_conditions(wanted)
    )
    return dict(zip(COUNTED, session.execute(found).one(), strict=True))


def held_back_by_reason(session: Session, wanted: Narrowed = ALL) -> dict[HeldBack, int]:
    """How many were held back for each reason, the most frequent first; those not approved are not among them."""
    rows = session.execute(
        select(Notice.why, func.count().label("many"))
        .where(Notice.status == NoticeStatus.SUPPRESSED, *_conditions(wanted))
        .group_by(Notice.why)
        .order_by(func.count().desc(), Notice.why)
    )
    return {row.why: row.many for row in rows}


def notice(session: Session, notice_id: int, *, account_id: int | None = None) -> AnyRow:
    """One notice with its account; NotFound otherwise, and where it is not of `account_id`."""
    wanted = _SHOWN.where(Notice.id == notice_id)
    if account_id is not None:
        wanted = wanted.where(Notice.account_id == account_id)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_NOTICE)
    return row


def some(session: Session, notice_ids: Collection[int]) -> AnyRows:
    """Several notices, by id; those that are not there are left out."""
    return session.execute(_SHOWN.where(Notice.id.in_(notice_ids)).order_by(Notice.id)).all()


def of_account(session: Session, account_id: int, *, limit: int) -> AnyRows:
    """The last notices of an account that went out, failed or still wait, the newest first."""
    return session.execute(
        _SHOWN.where(Notice.account_id == account_id, ~_VIEWS[View.HELD_BACK]).order_by(Notice.id.desc()).limit(limit)
    ).all()


def parts(session: Session, notice_ids: Collection[int]) -> dict[int, list[AnyRow]]:
    """What these notices are about: invoice id, number, due day, asked, left out and why; the longest due first."""
    found: dict[int, list[AnyRow]] = {notice_id: [] for notice_id in notice_ids}
    rows = session.execute(
        select(
            NoticePart.notice_id,
            NoticePart.invoice_id,
            Invoice.number,
            NoticePart.due_on,
            NoticePart.step_day,
            NoticePart.asked_minor,
            NoticePart.left_out_minor,
            NoticePart.why,
            Invoice.open_minor,
        )
        .join(Invoice, Invoice.id == NoticePart.invoice_id)
        .where(NoticePart.notice_id.in_(notice_ids))
        .order_by(NoticePart.due_on, NoticePart.invoice_id)
    )
    for row in rows:
        found[row.notice_id].append(row)
    return found


def changes(session: Session, notice_id: int) -> AnyRows:
    """Every change of a notice's state, the first one first: `after`, `at`, who, and what was said of it (`why`)."""
    return session.execute(
        select(
            NoticeChange.after,
            NoticeChange.at,
            NoticeChange.actor_kind,
            NoticeChange.actor_id,
            NoticeChange.detail.label("why"),
        )
        .where(NoticeChange.notice_id == notice_id)
        .order_by(NoticeChange.id)
    ).all()


def content(session: Session, notice_id: int) -> AnyRow | None:
    """What a notice said: subject, body, document id, digest, when it was made; None before it was put into words."""
    return session.execute(
        select(
            NoticeContent.subject,
            NoticeContent.body,
            NoticeContent.document_id,
            NoticeContent.sha256,
            NoticeContent.made_at,
        ).where(NoticeContent.notice_id == notice_id)
    ).one_or_none()


def news_of(session: Session, notice_id: int) -> AnyRows:
    """What became known of its address by a notice, the last first."""
    return session.execute(
        select(AddressNews.kind, AddressNews.at, AddressNews.address, AddressNews.detail)
        .where(AddressNews.notice_id == notice_id)
        .order_by(AddressNews.id.desc())
    ).all()


def calls(session: Session, account_id: int, *, limit: int) -> AnyRows:
    """The last calls with an account, the newest first; `actor_kind` and `actor_id` say who wrote each down."""
    return session.execute(_CALLS.where(Call.account_id == account_id).order_by(Call.id.desc()).limit(limit)).all()


def call_of(session: Session, notice_id: int) -> AnyRow | None:
    """The call that was made for a notice; None where there was none yet."""
    return session.execute(_CALLS.where(Call.notice_id == notice_id)).one_or_none()


def call(session: Session, call_id: int) -> AnyRow:
    """One call; NotFound."""
    row = session.execute(_CALLS.where(Call.id == call_id)).one_or_none()
    if row is None:
        raise NotFound(N_("We could not find that call."))
    return row


def words_of_call(session: Session, account_id: int, call_id: int | None) -> str:
    """What was said in a call of this account, for a form that goes on from it; empty where there is no such call."""
    found = select(Call.words).where(Call.id == call_id, Call.account_id == account_id)
    return (session.scalar(found) if call_id is not None else None) or ""


_CALLS = select(
    Call.id,
    Call.account_id,
    Call.notice_id,
    Call.contact_id,
    Call.number,
    Call.outcome,
    Call.words,
    Call.called_at,
    literal(ActorKind.STAFF.value).label("actor_kind"),
    Call.recorded_by.label("actor_id"),
)


def _conditions(wanted: Narrowed) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.first is not None:
        found.append(Notice.decided_on >= wanted.first)
    if wanted.last is not None:
        found.append(Notice.decided_on <= wanted.last)
    if wanted.channel is not None:
        found.append(Notice.channel == wanted.channel)
    if wanted.wording is not None:
        found.append(Notice.wording == wanted.wording)
    if wanted.why is not None:
        left_out = select(NoticePart.notice_id).where(NoticePart.why == wanted.why)
        found.append(or_(Notice.why == wanted.why, Notice.id.in_(left_out)))
    return found
