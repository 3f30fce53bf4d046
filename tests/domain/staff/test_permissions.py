"""Permissions: every one is decided, auditors change nothing, administrators touch no money."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.shared.errors import NotAllowed
from domain.staff.model import ROLE_NAMES, Role
from domain.staff.permission_words import PERMISSION_WORDS
from domain.staff.permissions import NEEDS_STEP_UP, PERMISSIONS, Permission, may, require, roles_with

SEEING = {permission for permission in Permission if permission.value.startswith("see_")}
SECURITY = Path(__file__).resolve().parents[3] / "docs" / "security.md"
MONEY = {
    Permission.ISSUE_CREDIT_NOTE,
    Permission.VOID_INVOICE,
    Permission.RECORD_RECEIPT,
    Permission.RETURN_RECEIPT,
    Permission.APPLY_CREDIT,
    Permission.MOVE_CREDIT,
    Permission.REFUND,
    Permission.ANSWER_CHARGEBACK,
    Permission.MATCH_BANK,
    Permission.EXPLAIN_MOVEMENT,
}


def test_every_permission_is_decided_and_somebody_has_it() -> None:
    assert set(PERMISSIONS) == set(Permission)
    assert all(roles_with(permission) for permission in Permission)


def test_every_permission_is_said_in_words_once() -> None:
    said = [permission for those in PERMISSION_WORDS.values() for permission in those]

    assert sorted(said) == sorted(Permission)
    assert len({words for those in PERMISSION_WORDS.values() for words in those.values()}) == len(said)


def test_auditors_see_everything_change_nothing_and_may_have_it_proven() -> None:
    may_do = {permission for permission in Permission if may(Role.AUDITOR, permission)}

    assert may_do == SEEING | {Permission.MAKE_EVIDENCE}


def test_administrators_touch_no_money() -> None:
    assert not any(may(Role.ADMINISTRATOR, permission) for permission in MONEY)


def test_who_may_change_something_may_see_it() -> None:
    pairs = {
        Permission.CHANGE_ACCOUNTS: Permission.SEE_ACCOUNTS,
        Permission.APPROVE: Permission.SEE_ACCOUNTS,
        Permission.MANAGE_LOGINS: Permission.SEE_ACCOUNTS,
        Permission.ISSUE_CREDIT_NOTE: Permission.SEE_ACCOUNTS,
        Permission.VOID_INVOICE: Permission.SEE_ACCOUNTS,
        Permission.FILE_DOCUMENTS: Permission.SEE_DOCUMENTS,
        Permission.ERASE_DOCUMENTS: Permission.SEE_DOCUMENTS,
        Permission.IMPORT: Permission.SEE_IMPORTS,
        Permission.UNDO_IMPORT: Permission.SEE_IMPORTS,
        Permission.RETRY_EVENT: Permission.SEE_INBOX,
        Permission.WORK_TASKS: Permission.SEE_TASKS,
        Permission.MANAGE_STAFF: Permission.SEE_STAFF,
        Permission.RECORD_RECEIPT: Permission.SEE_PAYMENTS,
        Permission.RETURN_RECEIPT: Permission.SEE_PAYMENTS,
        Permission.APPLY_CREDIT: Permission.SEE_ACCOUNTS,
        Permission.MOVE_CREDIT: Permission.SEE_ACCOUNTS,
        Permission.REFUND: Permission.SEE_PAYMENTS,
        Permission.ANSWER_CHARGEBACK: Permission.SEE_CHARGEBACKS,
        Permission.HANDLE_DISPUTES: Permission.SEE_DISPUTES,
        Permission.ROUTE_DISPUTES: Permission.SEE_DISPUTES,
        Permission.SET_STOP: Permission.SEE_ACCOUNTS,
        Permission.RECORD_PROMISE: Permission.SEE_ACCOUNTS,
        Permission.MATCH_BANK: Permission.SEE_BANK,
        Permission.TIE_OUT: Permission.SEE_CLEARING,
        Permission.EXPLAIN_MOVEMENT: Permission.SEE_CLEARING,
        Permission.WRITE_POLICY: Permission.SEE_POLICIES,
        Permission.PUBLISH_POLICY: Permission.SEE_POLICIES,
        Permission.EXTEND_INVOICE: Permission.SEE_ACCOUNTS,
        Permission.MANAGE_API_KEYS: Permission.SEE_STAFF,
        Permission.DECIDE_CREDIT: Permission.SEE_ACCOUNTS,
        Permission.ENTER_RATES: Permission.SEE_POLICIES,
        Permission.WAIVE_LATE_CHARGE: Permission.SEE_ACCOUNTS,
        Permission.MAKE_EVIDENCE: Permission.SEE_DOCUMENTS,
        Permission.HANDLE_PLANS: Permission.SEE_PLANS,
        Permission.OFFER_SETTLEMENT: Permission.SEE_PLANS,
        Permission.PROPOSE_HANDOFF: Permission.SEE_PLACEMENTS,
        Permission.HAND_OFF: Permission.SEE_PLACEMENTS,
        Permission.MANAGE_PARTNERS: Permission.SEE_PLACEMENTS,
        Permission.BOOK_REMITTANCE: Permission.SEE_PLACEMENTS,
        Permission.WRITE_OFF: Permission.SEE_ACCOUNTS,
        Permission.HANDLE_INSOLVENCY: Permission.SEE_ACCOUNTS,
        Permission.HANDLE_CASES: Permission.SEE_PLACEMENTS,
        Permission.APPROVE_NOTICE: Permission.SEE_NOTICES,
        Permission.WRITE_TEXTS: Permission.SEE_NOTICES,
        Permission.PAUSE_DUNNING: Permission.SEE_NOTICES,
        Permission.PRINT_LETTERS: Permission.SEE_NOTICES,
        Permission.RECORD_CALL: Permission.SEE_NOTICES,
        Permission.HANDLE_MESSAGES: Permission.SEE_MESSAGES,
        Permission.WRITE_NOTES: Permission.SEE_ACCOUNTS,
        Permission.ASSIGN_WORK: Permission.SEE_TASKS,
        Permission.TUNE_WORKLIST: Permission.SEE_TASKS,
        Permission.SCHEDULE_REPORTS: Permission.SEE_FIGURES,
        Permission.CHANGE_SETTINGS: Permission.SEE_SETTINGS,
        Permission.PRACTISE: Permission.SEE_NOTICES,
        Permission.COACH: Permission.PRACTISE,
    }

    assert set(pairs) == set(Permission) - SEEING
    assert all(PERMISSIONS[change] <= PERMISSIONS[see] for change, see in pairs.items())


def test_to_see_needs_no_second_factor_again() -> None:
    assert not NEEDS_STEP_UP & SEEING


@pytest.mark.parametrize("permission", Permission)
def test_a_refusal_names_who_may(permission: Permission) -> None:
    for role in Role:
        if may(role, permission):
            require(role, permission)
            continue
        with pytest.raises(NotAllowed) as refused:
            require(role, permission)
        assert refused.value.who_can == tuple(ROLE_NAMES[able] for able in roles_with(permission))


def test_the_documentation_has_the_table_as_it_is() -> None:
    rows = [
        f"| `{permission}`{' *' if permission in NEEDS_STEP_UP else ''} | "
        + " | ".join("yes" if may(role, permission) else "" for role in Role)
        + " |"
        for permission in Permission
    ]

    assert "\n".join(rows) in SECURITY.read_text()
