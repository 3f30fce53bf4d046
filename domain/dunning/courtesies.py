"""Courtesies: what customers are told beside reminders, each decided once, or held back with the reason."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account, Contact, Login
from domain.collecting import queries as collecting
from domain.credit.delay import weighted_delay
from domain.dunning.courtesy_rules import SWITCHES, month_before, month_number
from domain.dunning.courtesy_selecting import Waiting, waiting
from domain.dunning.planning import judged
from domain.dunning.second_look import NEEDS_NOTHING, STRONGEST, WHY
from domain.notices.deciding import Part, What, decide, hold_back
from domain.notices.model import HeldBack, Notice
from domain.notices.reach import addresses, reaching
from domain.notices.reach.reaching import Reached
from domain.policies.contacting import Channel, Recipient, Wording
from domain.policies.ruling import sections_today
from domain.policies.sections import Grades
from domain.receivables.model import Invoice, InvoiceStatus
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.money import Money
from domain.stops import queries as stops

NO_SUCH_INVOICE = N_("We could not find that invoice.")
TOLD = N_("They were sent last month's statement already, or it was held back.")


@dataclass(frozen=True, slots=True)
class Planned:
    """What would be done: to whom it goes, or why it is held back; `wait_until` its hours begin.

    Not `is_due` where a closer look finds that there is nothing to say.
    """

    reached: Reached | None
    why: HeldBack | None = None
    wait_until: datetime | None = None
    is_due: bool = True


def tell(
    session: Session, account_id: int, wordings: Collection[Wording] = tuple(SWITCHES), *, actor: Actor
) -> list[Notice]:
    """Decide under the lock on the courtesies that are due for an account now; what was decided. Safe to repeat.

    Each is decided once: what is held back here does not come up again. Out of its hours, and while the account was
    contacted as often as is allowed, nothing is done, and it is due still.
    """
    account = accounts.lock(session, account_id)
    found = (_told(session, account, due, actor) for due in waiting(session, [account_id], wordings))
    return [notice for notice in found if notice is not None]


def send_again(session: Session, account_id: int, invoice_id: int, *, actor: Actor) -> Notice:
    """Tell of an invoice once more, because somebody asks for it; out of hours it goes when they begin.

    NotFound where the account has no such invoice; Conflict where it is not to be paid (any more), or where no address
    is open to us.
    """
    account = accounts.lock(session, account_id)
    invoice = session.get(Invoice, invoice_id, populate_existing=True)
    if invoice is None or invoice.account_id != account_id:
        raise NotFound(NO_SUCH_INVOICE)
    if invoice.status is not InvoiceStatus.ISSUED:
        raise Conflict(N_("This invoice has been withdrawn."))
    reached = _at_account(session, account, Wording.INVOICE)
    if isinstance(reached, HeldBack):
        raise Conflict(N_("There is no address to which we may send it: enter one, or send it by post."))
    verdict = judged(session, account, reached)
    return decide(
        session,
        account,
        What(Wording.INVOICE),
        reached,
        _parts(session, [invoice_id]),
        due_at=verdict.from_at or now(session),
        actor=actor,
    )


def told_of_statement(session: Session, account_ids: Collection[int]) -> set[int]:
    """Of these accounts those for which last month's statement was decided on or held back: each is told once."""
    kind, number = _last_month(session)
    told = select(Notice.account_id).where(
        Notice.account_id.in_(account_ids),
        Notice.wording == Wording.STATEMENT,
        Notice.subject_kind == kind,
        Notice.subject_id == number,
    )
    return set(session.scalars(told))


def send_statement(session: Session, account_id: int, *, actor: Actor) -> Notice:
    """Send last month's statement because somebody asks for it, whatever the policy; out of hours when they begin.

    Conflict where it was sent or held back before, where nothing may be written to them, or where no address is open.
    """
    account = accounts.lock(session, account_id)
    if told_of_statement(session, [account_id]):
        raise Conflict(TOLD)
    subject = _last_month(session)
    if _why_not(session, account, Waiting(account_id, Wording.STATEMENT, subject)) is not None:
        raise Conflict(N_("Nothing may be written to this customer now: see what stops us."))
    reached = _at_account(session, account, Wording.STATEMENT)
    if isinstance(reached, HeldBack):
        raise Conflict(N_("There is no address to which we may send it: enter one, or send it by post."))
    due_at = judged(session, account, reached).from_at or now(session)
    return decide(session, account, What(Wording.STATEMENT, subject=subject), reached, [], due_at=due_at, actor=actor)


def planned(session: Session, account: Account, due: Waiting) -> Planned:
    """What would be done now for a courtesy that is due; writes nothing."""
    if due.wording is Wording.THANK_YOU and not _is_best(session, account.id):
        return Planned(None, is_due=False)
    if (why := _why_not(session, account, due)) is not None:
        return Planned(None, why=why)
    reached = _reach(session, account, due)
    if isinstance(reached, HeldBack):
        return Planned(None, why=reached)
    verdict = judged(session, account, reached)
    if verdict.too_often:
        return Planned(reached, why=HeldBack.TOO_OFTEN)
    return Planned(reached, wait_until=None if verdict.now else verdict.from_at)


def parts_of(session: Session, due: Waiting) -> list[Part]:
    """The invoices of a courtesy with all that is open on them, the longest due first."""
    return _parts(session, due.invoice_ids)


def _told(session: Session, account: Account, due: Waiting, actor: Actor) -> Notice | None:
    """The notice that was decided on or held back; None where nothing is to be done (yet)."""
    plan = planned(session, account, due)
    if plan.why is HeldBack.TOO_OFTEN:
        return None
    if plan.why is not None:
        return _held_back(session, account, due, plan.why, actor)
    if plan.reached is None or plan.wait_until is not None:
        return None
    what = What(due.wording, subject=due.subject)
    return decide(session, account, what, plan.reached, parts_of(session, due), actor=actor)


def _why_not(session: Session, account: Account, due: Waiting) -> HeldBack | None:
    """What holds even what asks for nothing; and whoever pays by themselves is told of each invoice by that."""
    held = {row.kind for row in stops.live(session, account.id) if row.invoice_id is None}
    if held & NEEDS_NOTHING:
        return next(WHY[kind] for kind in STRONGEST if kind in held & NEEDS_NOTHING)
    if due.wording is Wording.INVOICE and collecting.running(session, account.id) is not None:
        return HeldBack.AUTOPAY
    return None


def _last_month(session: Session) -> tuple[str, int]:
    """What the notice of last month's statement is about."""
    first, _ = month_before(today(session))
    return "month", month_number(first)


def _is_best(session: Session, account_id: int) -> bool:
    """Whether the account is graded A by all that it paid in the past year, and has not paid yet."""
    grades = sections_today(session, account_id).grades or Grades()
    delay = weighted_delay(session, account_id)
    return delay is not None and delay <= grades.best


def _reach(session: Session, account: Account, due: Waiting) -> Reached | HeldBack:
    """Who hears of it: of a card its owner, of everything else whoever pays the invoices."""
    if due.wording is Wording.CARD_EXPIRING:
        method = session.get_one(SavedMethod, due.subject[1])
        return _at_owner(session, account, method) or _at_account(session, account, due.wording)
    return _at_account(session, account, due.wording)


def _at_account(session: Session, account: Account, wording: Wording) -> Reached | HeldBack:
    return reaching.reach(session, account, wording=wording, channel=Channel.EMAIL, recipient=Recipient.CONTACT)


def _at_owner(session: Session, account: Account, method: SavedMethod) -> Reached | None:
    """The address of whoever has saved a method; None where that does not work or want it."""
    owner = session.get_one(Login, method.login_id)
    if addresses.latest(session, Channel.EMAIL, [owner.email]).get(owner.email) in addresses.UNUSABLE:
        return None
    of_owner = select(Contact.id).where(Contact.account_id == account.id, Contact.login_id == owner.id)
    contact_id = session.scalar(of_owner.order_by(Contact.id).limit(1))
    return Reached(Channel.EMAIL, owner.email, Recipient.CONTACT, contact_id, owner.name, owner.language)


def _held_back(session: Session, account: Account, due: Waiting, why: HeldBack, actor: Actor) -> Notice:
    asked = parts_of(session, due)
    parts = [Part(each.invoice_id, each.due_on, Money.zero(account.currency), each.asked, why) for each in asked]
    return hold_back(
        session,
        account,
        What(due.wording, subject=due.subject),
        why,
        parts,
        channel=Channel.EMAIL,
        recipient=Recipient.CONTACT,
        actor=actor,
    )


def _parts(session: Session, invoice_ids: Sequence[int]) -> list[Part]:
    """These invoices with all that is open on them, the longest due first."""
    wanted = select(Invoice).where(Invoice.id.in_(invoice_ids)).order_by(Invoice.due_on, Invoice.id)
    found = session.scalars(wanted, execution_options={"populate_existing": True})
    return [Part(each.id, each.due_on, each.open, Money.zero(each.currency)) for each in found]
