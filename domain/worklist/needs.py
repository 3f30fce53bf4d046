"""Needs: what somebody must be allowed to do what each kind of work asks for."""

from __future__ import annotations

from functools import cache

from domain.staff.model import Role
from domain.staff.permissions import Permission, may
from domain.tasks.model import TaskKind

_T, _P = TaskKind, Permission
ASKED = TaskKind.APPROVAL_REQUESTED
"""What a colleague asks for waits for those who may approve it, whoever looks after the account; never for them."""
BY_ROLE = frozenset(
    {
        _T.REFUND_APPROVAL,
        _T.SETTLEMENT_APPROVAL,
        _T.WRITE_OFF_APPROVAL,
        _T.PLACEMENT_APPROVAL,
        _T.CREDIT_REVIEW,
    }
)
"""The kinds that wait for a role whose authority is enough, whoever looks after the account."""
TO_APPROVE = BY_ROLE | {ASKED}
"""All that waits for those who may approve it."""
NEEDS = {
    _T.REFUND_UNKNOWN: _P.REFUND,
    _T.REFUND_FAILED: _P.REFUND,
    _T.REFUND_TO_EXPLAIN: _P.REFUND,
    _T.CHARGEBACK: _P.ANSWER_CHARGEBACK,
    _T.CHARGEBACK_LOST: _P.ANSWER_CHARGEBACK,
    _T.CHARGEBACK_NOT_ACCEPTED: _P.ANSWER_CHARGEBACK,
    _T.CHARGEBACK_NOT_ANSWERED: _P.ANSWER_CHARGEBACK,
    _T.DISPUTE: _P.HANDLE_DISPUTES,
    _T.PLAN_REQUEST: _P.HANDLE_PLANS,
    _T.PLAN_UNSIGNED: _P.MANAGE_LOGINS,
    _T.PLACEMENT_REFUSED: _P.PROPOSE_HANDOFF,
    _T.PLACEMENT_BACK: _P.PROPOSE_HANDOFF,
    _T.PARTNER_QUESTION: _P.PROPOSE_HANDOFF,
    _T.PARTNER_COST: _P.BOOK_REMITTANCE,
    _T.LEGAL_DEADLINE: _P.HANDLE_CASES,
    _T.LIMITATION_NEAR: _P.HANDLE_CASES,
    _T.TAX_RELIEF_DUE: _P.WRITE_OFF,
    _T.PROOF_DUE: _P.HANDLE_INSOLVENCY,
    _T.CALL_DUE: _P.RECORD_CALL,
    _T.NOTICES_TO_APPROVE: _P.APPROVE_NOTICE,
    _T.MESSAGE_IN: _P.HANDLE_MESSAGES,
    _T.CREDIT_APPLICATION: _P.DECIDE_CREDIT,
    _T.EVENT_FAILED: _P.RETRY_EVENT,
}
"""The permission without which a kind of work cannot be done; of the others anybody who looks after the account can do
something."""


@cache
def barred(role: Role) -> frozenset[TaskKind]:
    """The kinds of work that somebody of this role cannot do, even for an account that they look after."""
    return frozenset(kind for kind, permission in NEEDS.items() if not may(role, permission))
