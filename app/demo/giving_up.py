"""Giving up: a customer who is insolvent, a debt that goes before a court, and one that is written off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.orm import Session

from app.demo import branch
from app.demo.habits import working_day
from app.demo.story import Story
from domain.insolvencies.details import Details
from domain.insolvencies.model import ProceedingKind
from domain.legal_cases import opening
from domain.legal_cases import queries as cases
from domain.legal_cases.opening import Claim
from domain.processing.insolvency.freezing import freeze
from domain.processing.write_offs import deciding
from domain.receivables import queries as receivables
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.write_offs import queries as write_offs
from domain.write_offs.model import WriteOffKind, WriteOffStatus
from domain.write_offs.proposing import Wish

COURT = "County Court Money Claims Centre"
TRACED = "The company was struck off, and an enquiry found nothing that belongs to it."


def plan_giving_up(story: Story) -> None:
    """Write into the story's diary what comes of debts that nobody expects to be paid any more."""

    def put(days: int, hour: float, deed: Callable[[Session, Story], object]) -> None:
        def do() -> None:
            with story.acts.database.transaction() as session:
                deed(session, story)

        story.put(_ago(story, days), hour, do)

    put(34, 11.2, _claim)
    put(27, 10.4, _file)
    put(19, 9.6, _freeze)
    put(15, 14.5, _propose)
    put(14, 10.3, _write_off)


def _ago(story: Story, days: int) -> date:
    return working_day(story.last_day - timedelta(days=days))


def _open(session: Session, account_id: int) -> tuple[int, ...]:
    return tuple(row.id for row in receivables.open_invoices(session, account_id))


def _claim(session: Session, story: Story) -> None:
    """Ade has a claim about the tea rooms prepared."""
    account_id = story.known(branch.SUED.number).account_id
    claim = Claim(_open(session, account_id), COURT, note="They owe it, say so, and pay nobody.")
    opening.open_case(session, account_id, claim, actor=story.acts.staff["Ade"])


def _file(session: Session, story: Story) -> None:
    """It is before the court a week later."""
    account_id = story.known(branch.SUED.number).account_id
    [case] = cases.of_account(session, account_id)
    opening.file(
        session, account_id, case.id, filed_on=today(session), number="K7QZ4418", actor=story.acts.staff["Ade"]
    )


def _freeze(session: Session, story: Story) -> None:
    """A liquidator writes that the fish bar is being wound up; our claim has a day."""
    known = Details(
        ProceedingKind.LIQUIDATION,
        today(session) - timedelta(days=4),
        proof_due_on=today(session) + timedelta(days=30),
        court="High Court in Manchester",
        number="CR-2026-MAN-000812",
        practitioner="Alder & Quist LLP",
        email="claims@alderquist.example",
        phone="020 7946 0911",
        address="12 Brown Street\nManchester M2 1EE",
    )
    freeze(session, story.known(branch.WOUND_UP.number).account_id, known, actor=story.acts.staff["Sam"])


def _propose(session: Session, story: Story) -> None:
    """Sam proposes what a company owes that is no more."""
    account_id = story.known(branch.GONE.number).account_id
    wish = Wish(WriteOffKind.ACCOUNTING, _open(session, account_id), TRACED)
    deciding.propose(session, account_id, wish, role=Role.COLLECTOR, actor=story.acts.staff["Sam"])


def _write_off(session: Session, story: Story) -> None:
    """Ade writes it off, where Sam could not alone."""
    account_id = story.known(branch.GONE.number).account_id
    for one in write_offs.of_account(session, account_id):
        if one.status is WriteOffStatus.PROPOSED:
            deciding.approve(session, account_id, one.id, role=Role.MANAGER, actor=story.acts.staff["Ade"])
