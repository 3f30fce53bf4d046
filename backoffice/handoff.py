"""Handoff: one placement with its criteria, invoices and history, and what can be done with it in its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import carry_out_when_sure
from backoffice.handoffs import LIST
from backoffice.partner_money_placed import placed_money
from backoffice.placement_views import (
    PlacementView,
    change_views,
    criterion_views,
    invoice_views,
    part_sums,
    placement_view,
)
from backoffice.wording import with_doers
from domain.payments import queries as payments
from domain.placements import cards, ending, proposing, queries, sending
from domain.placements.candidates import look
from domain.placements.cards import Card, card_of
from domain.placements.correspondence.writing import LONGEST_WORDS
from domain.placements.criteria import Finding
from domain.placements.model import OURS, PLACED, PlacementStatus
from domain.placements.naming import percent_of
from domain.policies import authority
from domain.policies.acts import Act
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money
from domain.staff.model import Role
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.placement_talk import talk_view
from web.proposals import proposed_settlements
from web.visit import AnyRequest

PATH = "/handoffs/{placement_id:int}"
ACT = "act"
"""Which button was pressed; the reason for it is in a field of the same name and `_why`."""
OURS_TO_DO = ("approve", "send", "decline", "recall")
SAID_BY_PARTNER = ("take", "refuse", "give_back", "uncollectable")
WITH_REASON = frozenset({"decline", "recall", "refuse", "give_back", "uncollectable"})
FORCE = "force"
"""The tick that recalls it although a payment is under way."""
LONGEST_WHY = 500
POSSIBLE = {
    PlacementStatus.PROPOSED: {"approve", "decline"},
    PlacementStatus.APPROVED: {"send", "decline"},
    PlacementStatus.SENT: {"recall", "take", "refuse"},
    PlacementStatus.ACTIVE: {"recall", "give_back", "uncollectable"},
    PlacementStatus.HELD: {"recall", "give_back", "uncollectable"},
}
"""What can be done in each state; in the others nothing."""
PlacementId = FromPath[int]


@dataclass(frozen=True, slots=True)
class Agreed:
    """The commission: what was agreed when it was sent, or, before that, what it would be today.

    `most` is what the partner gets, and `tax` the tax on it, where all that is open is collected.
    """

    percent: Decimal
    legal_percent: Decimal
    tax_percent: Decimal
    is_agreed: bool
    most: Money
    tax: Money


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def show_handoff(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """Why it may be handed over, what of it, for which commission, how it went, and what comes next."""
    return handoff_page(request, database, placement_id, Form.starting(request))


@post(PATH, guards=admit(Permission.HAND_OFF), sync_to_thread=True)
def decide_handoff(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Approve it within one's authority, keep it with us, send it, or take it back."""
    account_id = account_of(database, placement_id)
    role, actor = officer_of(request).role, actor_of(request)

    def act(session: Session, why: str) -> None:
        use_once(session, form.value("once"))
        match form.value(ACT):
            case "approve":
                proposing.approve(session, account_id, placement_id, role=role, actor=actor)
            case "decline":
                proposing.decline(session, account_id, placement_id, why=why, actor=actor)
            case "send":
                sending.send(session, account_id, placement_id, actor=actor)
            case _:
                ending.recall(session, account_id, placement_id, why=why, actor=actor, force=form.ticked(FORCE))

    def again(form: Form) -> Response[bytes]:
        return handoff_page(request, database, placement_id, form)

    there = f"{LIST}/{placement_id}"
    return carry_out_when_sure(request, database, form, lambda: _why(form, OURS_TO_DO), act, there=there, again=again)


@post(f"{PATH}/partner", guards=admit(Permission.PROPOSE_HANDOFF), sync_to_thread=True)
def write_down_answer(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Write down what the partner said: it takes the debt or does not, gives it back, or gives it up."""
    account_id = account_of(database, placement_id)
    actor = actor_of(request)

    def act(session: Session) -> None:
        why = _why(form, SAID_BY_PARTNER)
        use_once(session, form.value("once"))
        match form.value(ACT):
            case "take":
                sending.take(session, account_id, placement_id, actor=actor)
            case "refuse":
                sending.refuse(session, account_id, placement_id, why=why, actor=actor)
            case "give_back":
                ending.give_back(session, account_id, placement_id, why=why, actor=actor)
            case _:
                ending.close_uncollectable(session, account_id, placement_id, why=why, actor=actor)

    def again(form: Form) -> Response[bytes]:
        return handoff_page(request, database, placement_id, form)

    return carry_out(request, database, form, act, there=f"{LIST}/{placement_id}", again=again)


def handoff_page(request: AnyRequest, database: Database, placement_id: int, form: Form) -> Response[bytes]:
    """The page of a placement with a form as it was sent, or as it starts."""
    with database.reading() as session:
        row = queries.placement(session, placement_id)
        rows = queries.invoices(session, placement_id)
        was_sent = row.sent_at is not None
        went = [each for each in rows if not was_sent or each.placed_minor is not None]
        placement, talk = placement_view(row), talk_view(session, placement_id)
        findings = look(session, row.account_id).judged.findings if row.status in OURS else None
        role = officer_of(request).role
        context = {
            "placement": placement,
            "open": Money.sum((Money(each.open_minor, row.currency) for each in went), row.currency),
            "criteria": criterion_views(row.findings, findings),
            "is_looked_at_today": findings is not None,
            "invoices": invoice_views(rows),
            "parts": part_sums(rows, was_sent=was_sent),
            "was_sent": was_sent,
            "agreed": _agreed(session, row, went),
            "talk": talk,
            "writers": {one.key: who.words for one, who in with_doers(session, talk.said) if not who.nameless},
            **placed_money(session, placement_id),
            **proposed_settlements(session, placement_id),
            "changes": change_views(with_doers(session, queries.changes(session, placement_id))),
            "acts": POSSIBLE.get(row.status, set()),
            "may_approve": _may_approve(session, role, placement),
            "still_met": _still_met(findings),
            "is_paying": row.status in PLACED and bool(payments.live_claims(session, [each.id for each in went])),
            "longest": LONGEST_WHY,
            "longest_words": LONGEST_WORDS,
            "form": form,
        }
    return page(request, "backoffice/handoffs/show.html", context)


def account_of(database: Database, placement_id: int) -> int:
    """The account that a placement is about; NotFound."""
    with database.reading() as session:
        account_id: int = queries.placement(session, placement_id).account_id
    return account_id


def _why(form: Form, acts: Sequence[str]) -> str:
    """The reason that was typed for what is to be done; empty where none is asked for. Invalid."""
    act = form.value(ACT)
    if act not in acts:
        raise Invalid(N_("Choose what is to be done."))
    if act not in WITH_REASON:
        return ""
    with form.reading():
        return form.text(f"{act}_why", longest=LONGEST_WHY, missing=N_("Say why."))


def _may_approve(session: Session, role: Role, placement: PlacementView) -> bool:
    return authority.covers(session, role, Act.HANDOFF, placement.proposed, account_id=placement.account_id)


def _still_met(findings: Sequence[Finding] | None) -> bool:
    """Whether every criterion is still met, as long as that matters."""
    return all(finding.met for finding in findings or ())


def _agreed(session: Session, row: AnyRow, went: Sequence[AnyRow]) -> Agreed:
    """What the partner takes: as agreed once it was sent, else by the card of today."""
    total = Money.sum((Money(each.open_minor, row.currency) for each in went), row.currency)
    rate_bp: int | None = row.rate_bp
    card = _card(session, row)
    if rate_bp is None:
        oldest = max((today(session) - each.due_on).days for each in went)
        rate_bp = cards.rate_bp(card, total, oldest, again=row.turn > 1)
    most = cards.commission(total, rate_bp, card.tax_percent)
    is_agreed = row.rate_bp is not None
    return Agreed(percent_of(rate_bp), card.legal_percent, card.tax_percent, is_agreed, most.net, most.tax)


def _card(session: Session, row: AnyRow) -> Card:
    """The card that it was sent by, or the one that holds today."""
    sent_by = queries.entity(session, row.account_id, row.id).card_id
    for card in queries.cards(session, row.partner_id):
        if card.id == sent_by:
            return card_of(card.terms)
    return card_of(queries.card_in_force(session, row.partner_id, today(session)).terms)
