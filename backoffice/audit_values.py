"""Audit values: what values of an act are called that were written down as one of a few."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from domain.accounts.model import LEGAL_FORM_NAMES, RIGHT_NAMES
from domain.approvals.model import APPROVAL_NAMES, KIND_NAMES
from domain.assignments.model import RULE_NAMES
from domain.banking.model import BOOKED_AS_NAMES
from domain.bulk.acts import ACT_NAMES as BULK_NAMES
from domain.chargebacks.states import REASON_NAMES as CHARGEBACK_REASON_NAMES
from domain.chargebacks.states import STATE_BADGES, WARNING_NAMES
from domain.credit.model import HOLD_WORDS
from domain.disputes.model import DISPUTE_NAMES
from domain.disputes.model import OUTCOME_NAMES as DISPUTE_OUTCOME_NAMES
from domain.disputes.reasons import CAUSE_NAMES
from domain.disputes.reasons import REASON_NAMES as DISPUTE_REASON_NAMES
from domain.documents.names import CATEGORY_NAMES
from domain.insolvencies.model import PROCEEDING_NAMES
from domain.legal_cases.model import CASE_NAMES
from domain.notices.model import HELD_BACK_NAMES, STATUS_NAMES
from domain.notices.model import OUTCOME_NAMES as CALL_OUTCOME_NAMES
from domain.placements.model import CLOSING_NAMES, PLACEMENT_NAMES, REMITS_NAMES
from domain.placements.routes.model import ROUTE_NAMES
from domain.plans.model import PLAN_NAMES
from domain.policies.acts import ACT_NAMES as POLICY_ACT_NAMES
from domain.policies.contacting import CHANNEL_NAMES, RECIPIENT_NAMES, WORDING_NAMES
from domain.policies.reference_rates import REFERENCE_NAMES
from domain.promises.model import PROMISE_NAMES
from domain.reporting.kept.model import CADENCE_NAMES
from domain.settlements.model import OFFER_NAMES
from domain.shared.languages import LANGUAGE_NAMES
from domain.staff.model import ROLE_NAMES
from domain.stops.model import STOP_NAMES
from domain.write_offs.model import WRITE_OFF_NAMES

Names: TypeAlias = Mapping[Any, str]
ANYWHERE: Mapping[str, Names] = {
    "asked": KIND_NAMES,
    "cadence": CADENCE_NAMES,
    "category": CATEGORY_NAMES,
    "cause": CAUSE_NAMES,
    "channel": CHANNEL_NAMES,
    "closing": CLOSING_NAMES,
    "duty": RECIPIENT_NAMES,
    "held_back": HELD_BACK_NAMES,
    "language": LANGUAGE_NAMES,
    "legal_form": LEGAL_FORM_NAMES,
    "proceeding": PROCEEDING_NAMES,
    "reference": REFERENCE_NAMES,
    "remits": REMITS_NAMES,
    "rights": RIGHT_NAMES,
    "role": ROLE_NAMES,
    "route": ROUTE_NAMES,
    "stop": STOP_NAMES,
    "wording": WORDING_NAMES,
}
"""Fields whose values mean the same in every act."""
WITHIN: Mapping[tuple[str, str], Names] = {
    ("bank_line", "as"): BOOKED_AS_NAMES,
    ("bulk", "act"): BULK_NAMES,
    ("approval", "act"): POLICY_ACT_NAMES,
    ("approval", "status"): APPROVAL_NAMES,
    ("assignment_rule", "kind"): RULE_NAMES,
    ("call", "outcome"): CALL_OUTCOME_NAMES,
    ("call_notice", "status"): STATUS_NAMES,
    ("case", "status"): CASE_NAMES,
    ("chargeback", "reason"): CHARGEBACK_REASON_NAMES,
    ("chargeback", "word"): {state.value: words for state, (_, words) in STATE_BADGES.items()},
    ("credit_hold", "reason"): HOLD_WORDS,
    ("dispute", "outcome"): DISPUTE_OUTCOME_NAMES,
    ("dispute", "reason"): DISPUTE_REASON_NAMES,
    ("dispute", "status"): DISPUTE_NAMES,
    ("fraud_warning", "why"): WARNING_NAMES,
    ("notice", "status"): STATUS_NAMES,
    ("placement", "status"): PLACEMENT_NAMES,
    ("plan", "status"): PLAN_NAMES,
    ("promise", "status"): PROMISE_NAMES,
    ("settlement", "status"): OFFER_NAMES,
    ("write_off", "status"): WRITE_OFF_NAMES,
}
"""Fields whose values mean something of their own in the acts of a group."""


def value_name(group: str, field: str, value: str) -> str | None:
    """What a value of a field is called in acts of a group, as a message id; None where it stands for itself."""
    names = WITHIN.get((group, field)) or ANYWHERE.get(field) or {}
    return names.get(value)
