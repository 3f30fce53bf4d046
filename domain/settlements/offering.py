"""Offering: staff offer to settle a debt for less, within its bracket or their authority, or ask for approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.policies import authority
from domain.policies.acts import Act
from domain.policies.ruling import version_today
from domain.policies.sections import Bracket, Settlements
from domain.settlements import brackets, changing, queries
from domain.settlements.messages import OfferNews
from domain.settlements.model import OfferInvoice, OfferStatus, SettlementOffer
from domain.settlements.rules import NO_TERMS
from domain.settlements.settleable import settleable
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.model import Role
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

MOST_PARTS = 60
"""More monthly parts than these are a slip of the pen."""
LONGEST_REASON = 1_000
CHANGED = N_("Something has changed since this was offered, such as an amount or a day. A new offer has to be made.")


@dataclass(frozen=True, slots=True)
class Room:
    """What could be offered for these late invoices of an account: their sum, their age and what the terms allow."""

    account: Account
    day: date
    version_id: int | None
    section: Settlements | None
    invoices: Sequence[AnyRow]
    total: Money
    late_days: int
    bracket: Bracket | None

    @property
    def least(self) -> Money:
        """The least that the terms ask for; all of it where they have no bracket for it."""
        return brackets.least(self.total, self.bracket.most_percent) if self.bracket else self.total

    @property
    def most_parts(self) -> int:
        """In how many monthly parts it may be paid by the terms."""
        return self.bracket.most_parts if self.bracket else 1

    @property
    def expires_on(self) -> date:
        """The last day of an offer made now."""
        return self.day + timedelta(days=(self.section or NO_TERMS).offer_days)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to offer: so much for these invoices, in at most so many monthly parts, by a day."""

    invoice_ids: tuple[int, ...]
    amount: Money
    most_parts: int
    expires_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Considered:
    """An offer that can be made: what is given up, what is beyond the terms, whether somebody has to approve.

    `percent` is the share given up, rounded up to whole per cents.
    """

    room: Room
    given_up: Money
    percent: int
    beyond: Sequence[Words]
    needs_approval: bool


def room_of(
    session: Session,
    account_id: int,
    invoice_ids: Sequence[int] | None = None,
    *,
    but: int | None = None,
    placement_id: int | None = None,
) -> Room:
    """What could be offered for these invoices, or for all that are late. Invalid for one that cannot be settled.

    `but` is an offer about them that waits for approval; any other one keeps them from being offered again. What lies
    with a partner cannot be offered, but by that partner: `placement_id` is its placement.
    """
    account = session.get_one(Account, account_id)
    day = day_in(now(session), account.time_zone)
    found = settleable(session, [account_id], day, but=but, placement_id=placement_id)
    there = {row.id: row for row in found.get(account_id, ())}
    if invoice_ids is not None and not there.keys() >= set(invoice_ids):
        raise Invalid(N_("One of these can no longer be settled for less. Choose again."), field="invoice")
    rows = [row for row in there.values() if invoice_ids is None or row.id in invoice_ids]
    return _room(session, account, day, rows)


def consider(session: Session, account_id: int, wanted: Wanted, *, role: Role) -> Considered:
    """Look at an offer without writing anything. Raises NotFound, Invalid beside the field for what no offer can be."""
    if not wanted.invoice_ids:
        raise Invalid(N_("Choose at least one invoice."), field="invoice")
    room = room_of(session, account_id, wanted.invoice_ids)
    check_possible(room, wanted)
    percent = brackets.percent_given_up(room.total, wanted.amount)
    found = brackets.beyond(room.bracket, room.total, wanted.amount, wanted.most_parts)
    covered = not found or authority.covers(session, role, Act.SETTLEMENT, percent, account_id=account_id)
    return Considered(room, room.total - wanted.amount, percent, found, not covered)


def offer(
    session: Session, account_id: int, wanted: Wanted, *, role: Role, actor: Actor, batch: str | None = None
) -> SettlementOffer:
    """Offer to settle for less: what the terms allow, or one's authority covers, stands at once, else it is approved.

    `batch` names the offers that were made together. Raises as `consider`.
    """
    accounts.lock(session, account_id)
    considered = consider(session, account_id, wanted, role=role)
    return enter(session, considered.room, wanted, needs_approval=considered.needs_approval, batch=batch, actor=actor)


def enter(
    session: Session,
    room: Room,
    wanted: Wanted,
    *,
    needs_approval: bool,
    actor: Actor,
    batch: str | None = None,
    placement_id: int | None = None,
) -> SettlementOffer:
    """Write an offer of a locked account: it stands at once and the customer is told, or waits for approval.

    Invalid beside the field for what no offer can be.
    """
    check_possible(room, wanted)
    made = SettlementOffer(
        account_id=room.account.id,
        currency=room.total.currency,
        status=OfferStatus.AWAITING_APPROVAL if needs_approval else OfferStatus.OFFERED,
        version_id=room.version_id,
        open_minor=room.total.minor,
        amount_minor=wanted.amount.minor,
        most_parts=wanted.most_parts,
        expires_on=wanted.expires_on,
        reason=wanted.reason.strip(),
        batch=batch,
        placement_id=placement_id,
        made_at=now(session),
    )
    session.add(made)
    session.flush()
    session.add_all(
        OfferInvoice(offer_id=made.id, invoice_id=row.id, open_minor=row.open_minor) for row in room.invoices
    )
    changing.note(session, made, None, actor=actor, why=made.reason)
    if needs_approval:
        percent = brackets.percent_given_up(room.total, wanted.amount)
        tasks.open_task(
            session,
            TaskKind.SETTLEMENT_APPROVAL,
            subject=("offer", made.id),
            account_id=made.account_id,
            worth=room.total - wanted.amount,
            roles=authority.who_covers(session, Act.SETTLEMENT, percent, account_id=made.account_id),
        )
    else:
        changing.protect(session, made, actor=actor)
        changing.tell(session, made, OfferNews.OFFERED)
    return made


def approve(session: Session, account_id: int, offer_id: int, *, role: Role, actor: Actor) -> SettlementOffer:
    """Let an offer go out that waits for it; NotAllowed beyond one's authority, Conflict where it has moved on."""
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, offer_id)
    percent = brackets.percent_given_up(Money(found.open_minor, found.currency), found.amount)
    authority.check(session, role, Act.SETTLEMENT, percent, account_id=account_id)
    rows = queries.invoices(session, offer_id)
    room = room_of(session, account_id, [row.id for row in rows], but=offer_id, placement_id=found.placement_id)
    if has_changed(rows) or found.expires_on < room.day:
        raise Conflict(CHANGED)
    changing.change(session, found, OfferStatus.OFFERED, actor=actor)
    changing.tell(session, found, OfferNews.OFFERED)
    return found


def has_changed(rows: Sequence[AnyRow]) -> bool:
    """Whether something else is open on an offer's invoices than when it was made."""
    return any(row.open_minor != row.offered_minor for row in rows)


def withdraw(session: Session, account_id: int, offer_id: int, *, why: str, actor: Actor) -> SettlementOffer:
    """Take an offer back that nobody has accepted. Invalid without a reason, Conflict where it has moved on."""
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, offer_id)
    was_told = found.status is OfferStatus.OFFERED
    changing.change(session, found, OfferStatus.WITHDRAWN, actor=actor, why=why.strip())
    if was_told:
        changing.tell(session, found, OfferNews.WITHDRAWN)
    return found


def _room(session: Session, account: Account, day: date, rows: Sequence[AnyRow]) -> Room:
    ruling = version_today(session, account.id)
    version_id, section = (ruling[0], ruling[1].settlements) if ruling else (None, None)
    total = Money(sum(row.open_minor for row in rows), account.currency)
    late_days = min(((day - row.due_on).days for row in rows), default=0)
    bracket = brackets.bracket_of(section, total, late_days, currency=business(session).currency)
    return Room(account, day, version_id, section, rows, total, late_days, bracket)


def check_last_day(day: date, expires_on: date) -> None:
    """Do nothing for a last day that an offer made on `day` can have; Invalid otherwise."""
    if not day < expires_on <= day + timedelta(days=366):
        raise Invalid(N_("Choose a last day within the next twelve months."), field="expires_on")


def check_possible(room: Room, wanted: Wanted) -> None:
    """Do nothing for what an offer can be; Invalid beside the field otherwise."""
    if not 0 < wanted.amount.minor < room.total.minor:
        raise Invalid(N_("Ask for less than {total}, and for more than nothing."), field="amount", total=room.total)
    if not 1 <= wanted.most_parts <= min(MOST_PARTS, wanted.amount.minor):
        raise Invalid(N_("Choose from 1 to {most} parts."), field="parts", most=MOST_PARTS)
    check_last_day(room.day, wanted.expires_on)
    if not wanted.reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    if len(wanted.reason) > LONGEST_REASON:
        raise Invalid(N_("Say it in at most {most} characters."), field="reason", most=LONGEST_REASON)
