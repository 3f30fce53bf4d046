"""Placing: a partner, and debts that can be handed to it, in one line."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.placements import changing, enrolling, proposing, queries, sending
from domain.placements.cards import Card, Rate
from domain.placements.enrolling import Described
from domain.placements.model import Partner, PartnerKind, Placement, PlacementInvoice, PlacementStatus
from domain.policies.contacting import Wording
from domain.policies.sections import Handoff, Part, Sections
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import now, today
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice
from tests.support.noticing import a_notice
from tests.support.policies import a_policy

_numbers = count(1)

TYPICAL = Card(
    currency="GBP",
    rates=(
        Rate(percent=Decimal(25)),
        Rate(percent=Decimal(35), late_days=60),
        Rate(percent=Decimal(50), late_days=365),
        Rate(percent=Decimal(50), below_minor=500_00),
        Rate(percent=Decimal(50), again=True),
    ),
    legal_percent=Decimal(10),
    tax_percent=Decimal(20),
)
"""A card as agencies have it."""
HANDOFF = Handoff(late_days=60, least_minor=100_00, least_notices=1)


def a_partner(session: Session, *, card: Card = TYPICAL, **more: object) -> Partner:
    """An agency with a card."""
    described = {"name": f"Fair Recovery {next(_numbers)} Ltd", "kind": PartnerKind.AGENCY, "email": "in@fair.example"}
    return enrolling.enrol(session, Described(**{**described, **more}), card, actor=OPERATOR)  # type: ignore[arg-type]


def a_late_debt(
    session: Session, amount: str = "1200", *, late_days: int = 90, section: Handoff | None = HANDOFF
) -> tuple[Account, Invoice]:
    """An account with an invoice so many days late whose final notice has run out; its terms allow handing over."""
    account = an_account(session, email="ap@harbour.example", country="GB")
    due_on = today(session) - timedelta(days=late_days)
    invoice = an_invoice(session, account, amount, issued_on=due_on - timedelta(days=30), due_on=due_on)
    warn(session, account, invoice)
    if section is not None:
        a_policy(session, Sections(handoff=section), account_id=account.id)
    return account, invoice


def warn(session: Session, account: Account, *invoices: Invoice, act_by: date | None = None) -> None:
    """A final notice went out, and its day is over unless another is named."""
    notice = a_notice(session, account, wording=Wording.FINAL_NOTICE, invoices=invoices)
    notice.status, notice.act_by = "sent", act_by or today(session) - timedelta(days=1)  # type: ignore[assignment]
    session.flush()


def proposed(session: Session, account: Account, partner: Partner) -> Placement:
    """What is ready of an account, proposed."""
    return proposing.propose(session, account.id, partner.id, reason="Nothing comes.", actor=OPERATOR)


def placed(session: Session, account: Account, partner: Partner) -> Placement:
    """What is ready of an account, with the partner, who has taken it."""
    made = proposed(session, account, partner)
    proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
    sending.send(session, account.id, made.id, actor=OPERATOR)
    return sending.take(session, account.id, made.id, actor=OPERATOR)


def handed_over(session: Session, account: Account, *invoices: Invoice) -> Placement:
    """These invoices lie with a partner, whatever the criteria say of them."""
    partner = a_partner(session)
    total = sum(invoice.open_minor for invoice in invoices)
    made = Placement(
        account_id=account.id,
        partner_id=partner.id,
        currency=account.currency,
        status=PlacementStatus.APPROVED,
        turn=1,
        reason="Nothing comes.",
        findings=[],
        proposed_minor=total,
        proposed_at=now(session),
        card_id=queries.card_in_force(session, partner.id, today(session)).id,
        rate_bp=2_500,
        placed_minor=total,
        sent_at=now(session),
        returns_on=today(session) + timedelta(days=400),
    )
    session.add(made)
    session.flush()
    for invoice in invoices:
        minor = invoice.open_minor
        line = PlacementInvoice(
            placement_id=made.id, invoice_id=invoice.id, part=Part.PRINCIPAL, proposed_minor=minor, placed_minor=minor
        )
        session.add(line)
    session.flush()
    changing.change(session, made, PlacementStatus.SENT, actor=OPERATOR)
    changing.change(session, made, PlacementStatus.ACTIVE, actor=OPERATOR)
    return made
