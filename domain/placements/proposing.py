"""Proposing: a debt that meets the criteria is proposed for a partner, and approved or not by who has the authority."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.placements import again, candidates, cards, changing, queries
from domain.placements.candidates import Looked
from domain.placements.criteria import Finding, Late
from domain.placements.model import OURS, Partner, Placement, PlacementInvoice, PlacementStatus
from domain.policies import authority
from domain.policies.acts import Act
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.staff.model import Role
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

LONGEST_REASON = 1_000
NOT_NOW = N_("This debt cannot be handed over now. {found}")


@dataclass(frozen=True, slots=True)
class Considered:
    """What a proposal comes to: the invoices with their sum, which time it is, and the commission in basis points."""

    looked: Looked
    late: Sequence[Late]
    total: Money
    turn: int
    rate_bp: int


@dataclass(frozen=True, slots=True)
class Force:
    """That debts which can no longer be enforced go all the same: why, and the role of whoever says so."""

    why: str
    role: Role


def consider(session: Session, account_id: int, partner_id: int) -> Considered:
    """What proposing all that is ready would come to today, without writing it; refused as `propose` refuses."""
    account, partner = accounts.account(session, account_id), queries.partner(session, partner_id)
    return _considered(session, account, partner, None, force=False)


def propose(
    session: Session,
    account_id: int,
    partner_id: int,
    *,
    reason: str,
    actor: Actor,
    invoice_ids: Collection[int] | None = None,
    force: Force | None = None,
    same_partner: bool = False,
) -> Placement:
    """Propose what of an account's debts is ready, or these invoices of it, for a partner; somebody has to approve.

    What came back from a partner goes to another one, unless it may be the `same_partner`. Raises Conflict with the
    first criterion that is not met, Invalid beside the field, NotFound; BeyondAuthority where somebody forces what can
    no longer be enforced and may not.
    """
    account = accounts.lock(session, account_id)
    partner = queries.partner(session, partner_id)
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Say it in at most {most} characters."), field="reason", most=LONGEST_REASON)
    if force is not None:
        _check_force(session, account_id, force)
    considered = _considered(session, account, partner, invoice_ids, force=force is not None, same_partner=same_partner)
    looked, late, total = considered.looked, considered.late, considered.total
    placement = Placement(
        account_id=account_id,
        partner_id=partner_id,
        currency=account.currency,
        status=PlacementStatus.PROPOSED,
        turn=considered.turn,
        version_id=looked.version_id,
        reason=reason.strip(),
        findings=[_kept(finding) for finding in looked.judged.findings],
        proposed_minor=total.minor,
        proposed_at=now(session),
        barred_why=force.why.strip() if force and any(each.barred for each in late) else None,
    )
    session.add(placement)
    session.flush()
    session.add_all(
        PlacementInvoice(
            placement_id=placement.id, invoice_id=each.invoice_id, part=each.part, proposed_minor=each.open.minor
        )
        for each in late
    )
    changing.note(session, placement, None, actor=actor, why=placement.reason)
    tasks.open_task(
        session,
        TaskKind.PLACEMENT_APPROVAL,
        subject=("placement", placement.id),
        account_id=account_id,
        worth=total,
        roles=_who_may(session, placement, total),
    )
    return placement


def _who_may(session: Session, placement: Placement, total: Money) -> list[Role]:
    """The roles whose authority is enough for a proposal."""
    able = authority.who_covers(session, Act.HANDOFF, total, account_id=placement.account_id)
    if placement.barred_why is None:
        return able
    barred = authority.who_covers(session, Act.HANDOFF_BARRED, None, account_id=placement.account_id)
    return [role for role in able if role in barred]


def ready(looked: Looked, invoice_ids: Collection[int] | None = None) -> Sequence[Late]:
    """The invoices that may be handed over now (of these); Conflict says why of the first criterion that is not met."""
    for finding in looked.judged.missing():
        raise Conflict(NOT_NOW, found=finding.words)
    late = [each for each in looked.judged.ready if invoice_ids is None or each.invoice_id in invoice_ids]
    if invoice_ids is not None and len(late) < len(set(invoice_ids)):
        raise Invalid(N_("One of these can no longer be handed over. Choose again."), field="invoice")
    if not late:
        raise Invalid(N_("Choose at least one invoice."), field="invoice")
    return late


def approve(session: Session, account_id: int, placement_id: int, *, role: Role, actor: Actor) -> Placement:
    """Let a debt be sent; BeyondAuthority, Conflict where it moved on or the criteria are no longer met.

    It does not have to be looked at again before it is sent: that is done by itself.
    """
    accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    amount = Money(placement.proposed_minor, placement.currency)
    authority.check(session, role, Act.HANDOFF, amount, account_id=account_id)
    if placement.barred_why is not None:
        authority.check(session, role, Act.HANDOFF_BARRED, None, account_id=account_id)
    ready(candidates.look(session, account_id, force=placement.barred_why is not None))
    changing.change(session, placement, PlacementStatus.APPROVED, actor=actor)
    return placement


def decline(session: Session, account_id: int, placement_id: int, *, why: str, actor: Actor) -> Placement:
    """Keep a debt with us; Invalid without a reason, Conflict where it is with the partner already."""
    if not why.strip():
        raise Invalid(N_("Say why."), field="why")
    accounts.lock(session, account_id)
    placement = queries.entity(session, account_id, placement_id)
    changing.change(session, placement, PlacementStatus.DECLINED, actor=actor, why=why.strip())
    return placement


def drop_what_fell_away(session: Session, account_id: int, *, actor: Actor) -> int:
    """Drop what was proposed or approved of a locked account and meets the criteria no longer; how many there were."""
    placements = session.scalars(
        select(Placement)
        .where(Placement.account_id == account_id, Placement.status.in_(OURS))
        .execution_options(populate_existing=True)
    ).all()
    if not placements:
        return 0
    fell_away = 0
    for placement in placements:
        missing = candidates.look(session, account_id, force=placement.barred_why is not None).judged.missing()
        if missing:
            changing.change(session, placement, PlacementStatus.DROPPED, actor=actor, why=missing[0].criterion.value)
            fell_away += 1
    return fell_away


def _considered(
    session: Session,
    account: Account | AnyRow,
    partner: Partner,
    invoice_ids: Collection[int] | None,
    *,
    force: bool,
    same_partner: bool = False,
) -> Considered:
    _check_partner(partner, account.country)
    if session.scalars(
        select(Placement.id).where(Placement.account_id == account.id, Placement.status.in_(OURS))
    ).first():
        raise Conflict(N_("Debts of this account are proposed already: decide on that first."))
    looked = candidates.look(session, account.id, force=force)
    late = ready(looked, invoice_ids)
    ids = [each.invoice_id for each in late]
    if not same_partner:
        again.check_partner(session, partner, ids)
    total = Money.sum((each.open for each in late), account.currency)
    turn = again.turn(session, ids)
    card = cards.card_of(queries.card_in_force(session, partner.id, today(session)).terms)
    oldest = max((today(session) - each.due_on).days for each in late)
    return Considered(looked, late, total, turn, cards.rate_bp(card, total, oldest, again=turn > 1))


def _check_force(session: Session, account_id: int, force: Force) -> None:
    if not force.why.strip():
        raise Invalid(N_("Say why it goes although it can no longer be enforced."), field="barred_why")
    if len(force.why) > LONGEST_REASON:
        raise Invalid(N_("Say it in at most {most} characters."), field="barred_why", most=LONGEST_REASON)
    authority.check(session, force.role, Act.HANDOFF_BARRED, None, account_id=account_id)


def _check_partner(partner: Partner, country: str | None) -> None:
    if partner.ended_at is not None:
        raise Conflict(N_("Nothing is handed to {name} any more."), field="partner", name=partner.name)
    if partner.countries and country is not None and country not in partner.countries:
        raise Conflict(N_("{name} does not act in {country}."), field="partner", name=partner.name, country=country)


def _kept(finding: Finding) -> dict[str, Any]:
    """A criterion as the placement keeps it: as it was when somebody proposed it."""
    return {"criterion": finding.criterion.value, "met": finding.met}
