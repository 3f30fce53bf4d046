"""What each act is called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

import domain
from domain import reporting
from domain.approvals.model import ApprovalStatus
from domain.audit.queries import Act
from domain.chargebacks.model import Choice
from domain.chargebacks.states import ChargebackState
from domain.credit.model import HoldReason
from domain.insolvencies.model import InsolvencyOutcome
from domain.legal_cases.model import CaseStatus
from domain.limitations.model import LimitationAct
from domain.notices.model import NoticeStatus
from domain.notices.reach.model import AddressKind
from domain.payments.snapshots import PayoutState
from domain.placements.model import PlacementStatus
from domain.plans.model import PlanStatus
from domain.promises.model import PromiseStatus
from domain.refunds.model import RefundStatus
from domain.reporting.acts import ACT_WORDS, UNKNOWN, tell
from domain.reporting.audit_words import OTHER_ACTS
from domain.settlements.model import OfferStatus
from domain.write_offs.model import WriteOffStatus

ERASED = datetime(2026, 3, 16, tzinfo=UTC)
ACT = re.compile(r"[a-z_]+\.[a-z_]+")
PATTERN = re.compile(r"[a-z_{}]+\.[a-z_{}]+")
STATES: Mapping[str, Iterable[str]] = {
    "address.{}": AddressKind,
    "approval.{}": ("asked", *set(ApprovalStatus) - {ApprovalStatus.WAITING}),
    "call_notice.{}": (NoticeStatus.SENT, NoticeStatus.DELIVERED, NoticeStatus.FAILED),
    "case.{}": (*CaseStatus, "interest_charged", "step_planned", "step_done", "costs_paid"),
    "chargeback.{}": ChargebackState,
    "chargeback.debt_{}": Choice,
    "credit_hold.{}": HoldReason,
    "insolvency.{}": InsolvencyOutcome,
    "limitation.{}": (LimitationAct.ACKNOWLEDGED, LimitationAct.SUSPENDED, LimitationAct.RESUMED),
    "notice.{}": NoticeStatus,
    "payout.{}": PayoutState,
    "placement.{}": PlacementStatus,
    "plan.{}": PlanStatus,
    "promise.{}": set(PromiseStatus) - {PromiseStatus.OPEN},
    "refund.{}": (RefundStatus.FAILED, RefundStatus.CANCELED, RefundStatus.REFUSED),
    "settlement.{}": OfferStatus,
    "write_off.{}": WriteOffStatus,
    "{}.signed_in": ("login", "partner_login"),
}
"""The acts that the code names by a state, and all states that are written down so."""
OTHER_TEXTS = {"{}.{}"}
"""What looks like such a name and is none: a number with decimals, a sealed address."""
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("act", ACT_WORDS)
def test_an_act_of_which_all_was_erased_still_has_all_its_words(act: str) -> None:
    erased = Act(
        id=1,
        at=ERASED,
        act=act,
        actor_kind="worker",
        actor_id=None,
        subject_kind="payment",
        subject_id="1",
        account_id=1,
        entry_id=None,
        erased_at=ERASED,
    )

    words, amount = tell(erased, None)

    assert words.params == dict.fromkeys(PLACEHOLDER.findall(words.text), UNKNOWN)
    assert amount is None


def test_every_act_that_is_written_down_anywhere_has_words() -> None:
    """Acts are named whole in the code, or end with a state of something: `STATES` says of which."""
    written, patterns = set(), set()
    for path in Path(domain.__path__[0]).rglob("*.py"):
        tree = ast.parse(path.read_text())
        if path.is_relative_to(Path(reporting.__path__[0])) or not _records(tree):
            continue
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                written |= {node.value} if ACT.fullmatch(node.value) else set()
            if isinstance(node, ast.JoinedStr) and (made := PATTERN.fullmatch(_shape(node))):
                patterns.add(made[0])
    named = {pattern.format(state) for pattern, states in STATES.items() for state in states}

    assert len(written) > 150
    assert patterns - STATES.keys() - OTHER_TEXTS == set()
    assert (written | named) - ACT_WORDS.keys() - OTHER_ACTS.keys() == set()


def _records(tree: ast.AST) -> bool:
    """Whether acts are written down in a file, by itself or by a neighbour of its package."""
    calls = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    names = {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}
    return bool(names & {"record", "_record", "note", "tell", "_tell"})


def _shape(node: ast.JoinedStr) -> str:
    """A text with values in it, `{}` in the place of each."""
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
