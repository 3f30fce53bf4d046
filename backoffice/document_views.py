"""Views of documents: what one is about, where it came from, who sees it, and what stays when it is erased."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from backoffice.wording import with_doers
from domain.accounts import queries as accounts
from domain.accounts.model import RIGHT_NAMES
from domain.audit.queries import acts_on
from domain.chargebacks.model import Chargeback
from domain.disputes.model import Dispute, DisputeMessage
from domain.documents import queries
from domain.documents.intake import MOST_FILES
from domain.documents.seeing import NOT_ABOUT, SHOWN
from domain.evidence.model import EvidencePack
from domain.notices.incoming.model import Incoming
from domain.receivables.model import Invoice
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.words import Words

WITHOUT_A_PAGE = {
    "account": N_("The account as a whole"),
    "policy_version": N_("Terms of credit"),
    "checked_account": N_("A check of its credit"),
    "import": N_("An import"),
    "staff": N_("Work of staff"),
    "operator": N_("Work of the operator"),
}
"""What is said of what has no page of its own, or none that is found by its id."""
CAME_BY = {
    ActorKind.STAFF: N_("{name}, in the back office"),
    ActorKind.LOGIN: N_("{name}, in the portal"),
    ActorKind.PARTNER: N_("{name}, on the partners' site"),
}
"""From whom a document came, where they have a name."""


class Told(NamedTuple):
    """A fact in words, and the page that it leads to, where there is one."""

    words: Words
    path: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What the page of a document says of it."""

    about: Told
    came: Told
    seen_by: Words


def filed_just_now(session: Session, account_id: int, told: str) -> list[AnyRow]:
    """The documents of this account whose ids an address tells, such as "12,13"; what else it says is passed over."""
    ids = {int(each) for each in told.split(",")[:MOST_FILES] if each.isascii() and each.isdecimal() and len(each) < 19}
    return queries.documents(session, account_id, ids)


def facts_of(session: Session, row: AnyRow) -> DocumentFacts:
    """The facts about a document, a row of its queries."""
    return DocumentFacts(about=_about(session, row), came=_came(session, row), seen_by=_seen_by(session, row))


def _about(session: Session, row: AnyRow) -> Told:
    kind, subject_id = row.subject_kind, row.subject_id
    if kind in ABOUT:
        return ABOUT[kind](session, subject_id)
    return Told(Words.of(WITHOUT_A_PAGE.get(kind, N_("Something else"))))


def _invoice(session: Session, invoice_id: int) -> Told:
    invoice = session.get_one(Invoice, invoice_id)
    words = Words.of(N_("Invoice {number}"), number=invoice.number)
    return Told(words, f"/accounts/{invoice.account_id}/invoices/{invoice_id}")


def _dispute(session: Session, dispute_id: int) -> Told:
    dispute = session.get_one(Dispute, dispute_id)
    return Told(Words.of(N_("Dispute {number}"), number=dispute.number), f"/disputes/{dispute_id}")


def _said(session: Session, message_id: int) -> Told:
    return _dispute(session, session.get_one(DisputeMessage, message_id).dispute_id)


def _chargeback(session: Session, chargeback_id: int) -> Told:
    chargeback = session.get_one(Chargeback, chargeback_id)
    words = Words.of(N_("Chargeback of {amount}"), amount=chargeback.amount)
    return Told(words, f"/chargebacks/{chargeback.chargeback_ref}")


def _message(session: Session, incoming_id: int) -> Told:
    message = session.get_one(Incoming, incoming_id)
    return Told(Words.of(N_("A message from {sender}"), sender=message.sender), f"/messages/{incoming_id}")


def _pack(session: Session, pack_id: int) -> Told:
    pack = session.get_one(EvidencePack, pack_id)
    return Told(Words.of(N_("An evidence pack")), f"/evidence/{pack.public_id}")


ABOUT: dict[str, Callable[[Session, int], Told]] = {
    "invoice": _invoice,
    "dispute": _dispute,
    "dispute_message": _said,
    "chargeback": _chargeback,
    "incoming": _message,
    "evidence_pack": _pack,
    "plan": lambda _, plan_id: Told(Words.of(N_("Payment plan {number}"), number=plan_id), f"/plans/{plan_id}"),
    "offer": lambda _, offer_id: Told(Words.of(N_("An offer to settle")), f"/settlements/{offer_id}"),
    "partner": lambda _, partner_id: Told(Words.of(N_("A partner")), f"/partners/{partner_id}"),
    "notice": lambda _, notice_id: Told(Words.of(N_("A notice")), f"/notices/{notice_id}"),
    "credit_application": lambda _, one: Told(Words.of(N_("A credit application")), f"/credit-applications/{one}"),
}
"""What a document can be about that has a page, by the kind of its subject."""


def _came(session: Session, row: AnyRow) -> Told:
    """From whom it came, or with which message."""
    if row.subject_kind == "incoming":
        return _message(session, row.subject_id)
    [(act, doer)] = with_doers(session, acts_on(session, ("document", row.id), acts={"document.filed"}, limit=1))
    if act.actor_kind == ActorKind.WORKER:
        return Told(Words.of(N_("Made here, by itself")))
    if doer.nameless:
        return Told(Words.of(doer.words))
    return Told(Words.of(CAME_BY[ActorKind(act.actor_kind)], name=doer.words))


def _seen_by(session: Session, row: AnyRow) -> Words:
    right = SHOWN.get(row.category)
    if queries.is_for_staff(session, row.id):
        return Words.of(N_("Staff alone: it was filed for them."))
    if row.account_id is None:
        return Words.of(N_("Staff alone: it is no customer's."))
    if row.subject_kind in NOT_ABOUT:
        return Words.of(N_("Staff alone: what a bank asks us is between the bank and us."))
    if right is None:
        return Words.of(N_("Staff alone: papers of this sort are never shown to customers."))
    people = [
        one.name
        for one in accounts.logins_on(session, row.account_id)
        if right in one.rights and one.disabled_at is None
    ]
    may = Words(RIGHT_NAMES[right])
    if not people:
        return Words.of(N_("Staff, and whoever of the customer may {do}: nobody so far."), do=may)
    return Words.of(N_("Staff, and whoever of the customer may {do}: {names}."), do=may, names=tuple(people))
