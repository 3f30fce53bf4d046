"""Printing letters: each is looked at once more before it is printed, and what is no longer true is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.documents.storage import Store
from domain.dunning.calling_off import call_off
from domain.dunning.last_look import last_look
from domain.dunning.second_look import why_nothing
from domain.notices import changing, printing
from domain.notices.deciding import What, decide, waited
from domain.notices.model import HeldBack, Notice, NoticeStatus
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import CHASING
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Conflict, Invalid


class Fate(Enum):
    """What becomes of a letter that was to be printed."""

    PRINTED = "printed"
    CALLED_OFF = "called_off"
    WRITTEN_ANEW = "written_anew"


@dataclass(frozen=True, slots=True)
class Printed:
    """What became of the letters that were to be printed: `batch_id` is None where none was left to print.

    Those `called_off` ask for nothing any more. Those `written_anew` asked for more than is open now, or lay here for
    over half of the days that they give to pay: the letter that takes their place is in the next batch.
    """

    batch_id: int | None
    called_off: int
    written_anew: int


def print_letters(session: Session, store: Store, notice_ids: Sequence[int], *, actor: Actor) -> Printed:
    """Print those of these letters that are still true as a batch, under the locks of their accounts.

    Invalid for more than a batch may have; Conflict where one was printed meanwhile or does not wait any more.
    """
    if len(notice_ids) > printing.MOST:
        raise Invalid(N_("Print at most {most} letters at once."), field="letter", most=printing.MOST)
    waiting = printing.among(session, notice_ids)
    if len(waiting) != len(set(notice_ids)):
        raise Conflict(N_("Some of these letters do not wait any more: look at the list again."))
    for account_id in sorted({row.account_id for row in waiting}):
        accounts.lock(session, account_id)
    fates = [_fate(session, session.get_one(Notice, row.id, populate_existing=True), actor) for row in waiting]
    good = [row.id for row, fate in zip(waiting, fates, strict=True) if fate is Fate.PRINTED]
    batch = printing.print_batch(session, store, good, actor=actor) if good else None
    return Printed(batch.id if batch else None, fates.count(Fate.CALLED_OFF), fates.count(Fate.WRITTEN_ANEW))


def post_letters(session: Session, batch_id: int, *, actor: Actor) -> int:
    """The letters of a batch are in the post; how many. Conflict where they were already."""
    for account_id in printing.accounts_of(session, batch_id):
        accounts.lock(session, account_id)
    return printing.post(session, batch_id, actor=actor)


def _fate(session: Session, notice: Notice, actor: Actor) -> Fate:
    """Look at a letter once more; one that has become wrong is called off, and decided on anew where it still asks."""
    account = session.get_one(Account, notice.account_id)
    look = last_look(session, account, notice)
    if look.why is not None:
        call_off(session, notice, look.why, actor=actor)
        return Fate.CALLED_OFF
    asked = sum(part.asked.minor for part in look.parts)
    act_by = _fair_act_by(session, notice)
    if notice.wording not in CHASING or (asked == notice.total_minor and act_by == notice.act_by):
        return Fate.PRINTED
    why = HeldBack.OVERTAKEN if asked == notice.total_minor else why_nothing(look.parts)
    changing.change(session, notice, NoticeStatus.SUPPRESSED, actor=actor, why=why)
    assert notice.address is not None
    reached = Reached(
        notice.channel,
        notice.address,
        notice.recipient,
        notice.contact_id,
        notice.name or account.name,
        notice.language,
    )
    what = What(notice.wording, notice.step_day, notice.version_id, act_by, notice.sender)
    decide(session, account, what, reached, look.parts, actor=actor)
    return Fate.WRITTEN_ANEW


def _fair_act_by(session: Session, notice: Notice) -> date | None:
    """By when it asks for payment; where over half of the days to pay went by unprinted they begin again today."""
    if notice.act_by is None:
        return None
    lay, left = waited(session, notice), notice.act_by - today(session)
    return notice.act_by + lay if lay > left else notice.act_by
