"""Needing: the permissions without which nobody approves something, whatever their authority; without a session."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from domain.approvals.model import ApprovalKind
from domain.policies.acts import NEEDED, Act
from domain.staff.permissions import Permission

BESIDES: Mapping[ApprovalKind, Permission] = {
    ApprovalKind.ACCEPT_DISPUTE: Permission.HANDLE_DISPUTES,
    ApprovalKind.CREDIT_CHARGEBACK: Permission.ANSWER_CHARGEBACK,
}
"""What is needed to do it alone besides the permission of its act."""


def needed(kind: ApprovalKind, act: Act) -> Collection[Permission]:
    """The permissions that somebody needs to approve or refuse a request of a kind that takes authority for an act."""
    also = BESIDES.get(kind)
    return (NEEDED[act],) if also is None else (NEEDED[act], also)
