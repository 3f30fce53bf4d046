"""Permissions: the one table of what each role may see and do in the back office; a pure file."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from domain.shared.errors import N_, NotAllowed
from domain.staff.model import ROLE_NAMES, Role


class Permission(StrEnum):
    """Something in the back office that not everybody may do."""

    SEE_ACCOUNTS = "see_accounts"
    CHANGE_ACCOUNTS = "change_accounts"
    MANAGE_LOGINS = "manage_logins"
    SEE_PAYMENTS = "see_payments"
    SEE_LEDGER = "see_ledger"
    SEE_DOCUMENTS = "see_documents"
    FILE_DOCUMENTS = "file_documents"
    ERASE_DOCUMENTS = "erase_documents"
    SEE_FIGURES = "see_figures"
    RECORD_RECEIPT = "record_receipt"
    RETURN_RECEIPT = "return_receipt"
    APPLY_CREDIT = "apply_credit"
    MOVE_CREDIT = "move_credit"
    REFUND = "refund"
    SEE_CHARGEBACKS = "see_chargebacks"
    ANSWER_CHARGEBACK = "answer_chargeback"
    SEE_DISPUTES = "see_disputes"
    HANDLE_DISPUTES = "handle_disputes"
    ROUTE_DISPUTES = "route_disputes"
    SET_STOP = "set_stop"
    RECORD_PROMISE = "record_promise"
    MAKE_EVIDENCE = "make_evidence"
    SEE_PLANS = "see_plans"
    HANDLE_PLANS = "handle_plans"
    OFFER_SETTLEMENT = "offer_settlement"
    SEE_PLACEMENTS = "see_placements"
    PROPOSE_HANDOFF = "propose_handoff"
    HAND_OFF = "hand_off"
    MANAGE_PARTNERS = "manage_partners"
    BOOK_REMITTANCE = "book_remittance"
    WRITE_OFF = "write_off"
    HANDLE_INSOLVENCY = "handle_insolvency"
    HANDLE_CASES = "handle_cases"
    SEE_NOTICES = "see_notices"
    APPROVE_NOTICE = "approve_notice"
    WRITE_TEXTS = "write_texts"
    PAUSE_DUNNING = "pause_dunning"
    PRINT_LETTERS = "print_letters"
    RECORD_CALL = "record_call"
    SEE_MESSAGES = "see_messages"
    HANDLE_MESSAGES = "handle_messages"
    SEE_BANK = "see_bank"
    MATCH_BANK = "match_bank"
    SEE_CLEARING = "see_clearing"
    TIE_OUT = "tie_out"
    EXPLAIN_MOVEMENT = "explain_movement"
    ISSUE_CREDIT_NOTE = "issue_credit_note"
    VOID_INVOICE = "void_invoice"
    SEE_POLICIES = "see_policies"
    WRITE_POLICY = "write_policy"
    PUBLISH_POLICY = "publish_policy"
    ENTER_RATES = "enter_rates"
    WAIVE_LATE_CHARGE = "waive_late_charge"
    EXTEND_INVOICE = "extend_invoice"
    SEE_IMPORTS = "see_imports"
    IMPORT = "import"
    UNDO_IMPORT = "undo_import"
    SEE_INBOX = "see_inbox"
    RETRY_EVENT = "retry_event"
    SEE_TASKS = "see_tasks"
    WORK_TASKS = "work_tasks"
    DECIDE_CREDIT = "decide_credit"
    APPROVE = "approve"
    MANAGE_API_KEYS = "manage_api_keys"
    SEE_STAFF = "see_staff"
    MANAGE_STAFF = "manage_staff"
    SEE_AUDIT = "see_audit"
    WRITE_NOTES = "write_notes"
    SEE_AS_CUSTOMER = "see_as_customer"
    ASSIGN_WORK = "assign_work"
    TUNE_WORKLIST = "tune_worklist"
    SCHEDULE_REPORTS = "schedule_reports"
    SEE_POLICY_REVIEW = "see_policy_review"
    SEE_SETTINGS = "see_settings"
    CHANGE_SETTINGS = "change_settings"
    PRACTISE = "practise"
    COACH = "coach"


_COLLECTOR, _DISPUTES, _MANAGER, _ADMINISTRATOR, _AUDITOR = Role
EVERYBODY = frozenset(Role)

PERMISSIONS: dict[Permission, frozenset[Role]] = {
    Permission.SEE_ACCOUNTS: EVERYBODY,
    Permission.CHANGE_ACCOUNTS: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.MANAGE_LOGINS: frozenset({_COLLECTOR, _MANAGER, _ADMINISTRATOR}),
    Permission.SEE_PAYMENTS: EVERYBODY,
    Permission.SEE_LEDGER: EVERYBODY,
    Permission.SEE_DOCUMENTS: EVERYBODY,
    Permission.FILE_DOCUMENTS: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.ERASE_DOCUMENTS: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.SEE_FIGURES: EVERYBODY,
    Permission.RECORD_RECEIPT: frozenset({_COLLECTOR, _MANAGER}),
    Permission.RETURN_RECEIPT: frozenset({_COLLECTOR, _MANAGER}),
    Permission.APPLY_CREDIT: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.MOVE_CREDIT: frozenset({_COLLECTOR, _MANAGER}),
    Permission.REFUND: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.SEE_CHARGEBACKS: EVERYBODY,
    Permission.ANSWER_CHARGEBACK: frozenset({_DISPUTES, _MANAGER}),
    Permission.SEE_DISPUTES: EVERYBODY,
    Permission.HANDLE_DISPUTES: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.ROUTE_DISPUTES: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.SET_STOP: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.RECORD_PROMISE: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.MAKE_EVIDENCE: frozenset({_COLLECTOR, _DISPUTES, _MANAGER, _AUDITOR}),
    Permission.SEE_PLANS: EVERYBODY,
    Permission.HANDLE_PLANS: frozenset({_COLLECTOR, _MANAGER}),
    Permission.OFFER_SETTLEMENT: frozenset({_COLLECTOR, _MANAGER}),
    Permission.SEE_PLACEMENTS: EVERYBODY,
    Permission.PROPOSE_HANDOFF: frozenset({_COLLECTOR, _MANAGER}),
    Permission.HAND_OFF: frozenset({_COLLECTOR, _MANAGER}),
    Permission.MANAGE_PARTNERS: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.BOOK_REMITTANCE: frozenset({_COLLECTOR, _MANAGER}),
    Permission.WRITE_OFF: frozenset({_COLLECTOR, _MANAGER}),
    Permission.HANDLE_INSOLVENCY: frozenset({_COLLECTOR, _MANAGER}),
    Permission.HANDLE_CASES: frozenset({_COLLECTOR, _MANAGER}),
    Permission.SEE_NOTICES: EVERYBODY,
    Permission.APPROVE_NOTICE: frozenset({_COLLECTOR, _MANAGER}),
    Permission.WRITE_TEXTS: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.PAUSE_DUNNING: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.PRINT_LETTERS: frozenset({_COLLECTOR, _MANAGER}),
    Permission.RECORD_CALL: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.SEE_MESSAGES: EVERYBODY,
    Permission.HANDLE_MESSAGES: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.SEE_BANK: EVERYBODY,
    Permission.MATCH_BANK: frozenset({_COLLECTOR, _MANAGER}),
    Permission.SEE_CLEARING: EVERYBODY,
    Permission.TIE_OUT: frozenset({_COLLECTOR, _MANAGER, _ADMINISTRATOR}),
    Permission.EXPLAIN_MOVEMENT: frozenset({_MANAGER}),
    Permission.ISSUE_CREDIT_NOTE: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.VOID_INVOICE: frozenset({_MANAGER}),
    Permission.SEE_POLICIES: EVERYBODY,
    Permission.WRITE_POLICY: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.PUBLISH_POLICY: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.ENTER_RATES: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.WAIVE_LATE_CHARGE: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.EXTEND_INVOICE: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.SEE_IMPORTS: EVERYBODY,
    Permission.IMPORT: frozenset({_COLLECTOR, _MANAGER, _ADMINISTRATOR}),
    Permission.UNDO_IMPORT: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.SEE_INBOX: frozenset({_MANAGER, _ADMINISTRATOR, _AUDITOR}),
    Permission.RETRY_EVENT: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.SEE_TASKS: EVERYBODY,
    Permission.WORK_TASKS: frozenset({_COLLECTOR, _DISPUTES, _MANAGER, _ADMINISTRATOR}),
    Permission.DECIDE_CREDIT: frozenset({_COLLECTOR, _MANAGER}),
    Permission.APPROVE: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.MANAGE_API_KEYS: frozenset({_ADMINISTRATOR}),
    Permission.SEE_STAFF: frozenset({_MANAGER, _ADMINISTRATOR, _AUDITOR}),
    Permission.MANAGE_STAFF: frozenset({_ADMINISTRATOR}),
    Permission.SEE_AUDIT: frozenset({_MANAGER, _ADMINISTRATOR, _AUDITOR}),
    Permission.WRITE_NOTES: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.SEE_AS_CUSTOMER: frozenset({_COLLECTOR, _DISPUTES, _MANAGER, _AUDITOR}),
    Permission.ASSIGN_WORK: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.TUNE_WORKLIST: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.SCHEDULE_REPORTS: frozenset({_MANAGER, _ADMINISTRATOR}),
    Permission.SEE_POLICY_REVIEW: frozenset({_MANAGER, _ADMINISTRATOR, _AUDITOR}),
    Permission.SEE_SETTINGS: frozenset({_MANAGER, _ADMINISTRATOR, _AUDITOR}),
    Permission.CHANGE_SETTINGS: frozenset({_ADMINISTRATOR}),
    Permission.PRACTISE: frozenset({_COLLECTOR, _DISPUTES, _MANAGER}),
    Permission.COACH: frozenset({_MANAGER}),
}
"""Who may. Auditors see everything and change nothing; administrators run the installation and decide over no money."""

NEEDS_STEP_UP = frozenset(
    {
        Permission.MANAGE_STAFF,
        Permission.MANAGE_API_KEYS,
        Permission.MANAGE_LOGINS,
        Permission.UNDO_IMPORT,
        Permission.ERASE_DOCUMENTS,
        Permission.VOID_INVOICE,
        Permission.REFUND,
        Permission.MOVE_CREDIT,
        Permission.ANSWER_CHARGEBACK,
        Permission.PUBLISH_POLICY,
        Permission.HAND_OFF,
        Permission.MANAGE_PARTNERS,
        Permission.WRITE_OFF,
        Permission.APPROVE,
        Permission.CHANGE_SETTINGS,
    }
)
"""What asks for the second factor again, where it was not given in the last ten minutes."""


def may(role: Role, permission: Permission) -> bool:
    """Whether `role` may."""
    return role in PERMISSIONS[permission]


def roles_with(permission: Permission) -> list[Role]:
    """The roles that may, in the order of the roles."""
    return [role for role in Role if may(role, permission)]


def may_all(role: Role, permissions: Collection[Permission], *, one_is_enough: bool = False) -> bool:
    """Whether `role` may do all of these, or any of them where one is enough."""
    enough = any if one_is_enough else all
    return enough(may(role, permission) for permission in permissions)


def require(role: Role, *permissions: Permission, one_is_enough: bool = False) -> None:
    """Do nothing where `role` may; raise NotAllowed, with the names of the roles that may, where it may not."""
    if not may_all(role, permissions, one_is_enough=one_is_enough):
        able = [other for other in Role if may_all(other, permissions, one_is_enough=one_is_enough)]
        raise NotAllowed(N_("Your role does not allow this."), who_can=[ROLE_NAMES[other] for other in able])
