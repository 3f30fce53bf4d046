"""Permission words: every permission in plain words, in groups as people think of them; a pure file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.shared.errors import N_
from domain.staff.model import Role
from domain.staff.permissions import Permission, may

PERMISSION_WORDS: Mapping[str, Mapping[Permission, str]] = {
    N_("Customers"): {
        Permission.SEE_ACCOUNTS: N_("See accounts, invoices and what was said"),
        Permission.CHANGE_ACCOUNTS: N_("Change an account, its contacts and its terms of delivery"),
        Permission.MANAGE_LOGINS: N_("Let somebody of a customer sign in, and decide what they may there"),
        Permission.SEE_AS_CUSTOMER: N_("Look at the portal as a customer sees it"),
        Permission.WRITE_NOTES: N_("Write notes and mention colleagues"),
        Permission.RECORD_CALL: N_("Write down calls"),
        Permission.SET_STOP: N_("Stop reminders for an account or an invoice, and lift that"),
        Permission.DECIDE_CREDIT: N_("Decide over credit limits, applications and holds"),
    },
    N_("Invoices and what is charged"): {
        Permission.ISSUE_CREDIT_NOTE: N_("Issue credit notes"),
        Permission.VOID_INVOICE: N_("Void an invoice"),
        Permission.EXTEND_INVOICE: N_("Give more time for an invoice"),
        Permission.WAIVE_LATE_CHARGE: N_("Waive interest and fees"),
        Permission.ENTER_RATES: N_("Enter the reference rates that interest follows"),
    },
    N_("Money"): {
        Permission.SEE_PAYMENTS: N_("See payments and refunds"),
        Permission.RECORD_RECEIPT: N_("Record cash, cheques and transfers"),
        Permission.RETURN_RECEIPT: N_("Take a recorded receipt back"),
        Permission.APPLY_CREDIT: N_("Apply credit to invoices, and move what was applied"),
        Permission.MOVE_CREDIT: N_("Move credit to another account"),
        Permission.REFUND: N_("Refund payments and credit"),
        Permission.SEE_BANK: N_("See bank statements"),
        Permission.MATCH_BANK: N_("Decide what a line of the bank's is"),
        Permission.SEE_CLEARING: N_("See payouts and whether it all adds up"),
        Permission.TIE_OUT: N_("Have it checked now whether it all adds up"),
        Permission.EXPLAIN_MOVEMENT: N_("Explain a movement at the processor by hand"),
        Permission.SEE_LEDGER: N_("See the ledger"),
    },
    N_("Disputes and chargebacks"): {
        Permission.SEE_DISPUTES: N_("See disputes"),
        Permission.HANDLE_DISPUTES: N_("Handle disputes"),
        Permission.ROUTE_DISPUTES: N_("Say who handles which disputes, and in what time"),
        Permission.SEE_CHARGEBACKS: N_("See chargebacks"),
        Permission.ANSWER_CHARGEBACK: N_("Answer or accept chargebacks"),
    },
    N_("What is agreed"): {
        Permission.RECORD_PROMISE: N_("Write down promises to pay"),
        Permission.SEE_PLANS: N_("See payment plans and settlements"),
        Permission.HANDLE_PLANS: N_("Offer, decide over and pause payment plans"),
        Permission.OFFER_SETTLEMENT: N_("Offer to take less"),
        Permission.APPROVE: N_("Ask for a second person's approval, and give it to colleagues"),
    },
    N_("Late debts"): {
        Permission.SEE_PLACEMENTS: N_("See handoffs, partners and legal cases"),
        Permission.PROPOSE_HANDOFF: N_("Propose to hand a debt to an agency or an attorney"),
        Permission.HAND_OFF: N_("Approve a handoff"),
        Permission.MANAGE_PARTNERS: N_("Enrol partners, agree on commission, let their people in"),
        Permission.BOOK_REMITTANCE: N_("Book what partners pay over and cost"),
        Permission.WRITE_OFF: N_("Write debts off"),
        Permission.HANDLE_INSOLVENCY: N_("Handle insolvencies"),
        Permission.HANDLE_CASES: N_("Handle legal cases"),
    },
    N_("Notices and messages"): {
        Permission.SEE_NOTICES: N_("See notices and letters"),
        Permission.APPROVE_NOTICE: N_("Approve notices before they go out"),
        Permission.PRINT_LETTERS: N_("Print and post letters"),
        Permission.WRITE_TEXTS: N_("Change what notices say"),
        Permission.PAUSE_DUNNING: N_("Pause all reminders"),
        Permission.SEE_MESSAGES: N_("See messages of customers"),
        Permission.HANDLE_MESSAGES: N_("Answer and assign messages of customers"),
    },
    N_("Papers and proof"): {
        Permission.SEE_DOCUMENTS: N_("Open documents"),
        Permission.FILE_DOCUMENTS: N_("File documents"),
        Permission.ERASE_DOCUMENTS: N_("Erase documents, and say how long they are kept"),
        Permission.MAKE_EVIDENCE: N_("Make evidence packs"),
        Permission.SEE_AUDIT: N_("See the audit trail"),
    },
    N_("Work and figures"): {
        Permission.SEE_TASKS: N_("See the work that waits"),
        Permission.WORK_TASKS: N_("Do the work that waits"),
        Permission.ASSIGN_WORK: N_("Say who looks after what"),
        Permission.TUNE_WORKLIST: N_("Change how the worklist ranks"),
        Permission.SEE_FIGURES: N_("See reports"),
        Permission.SCHEDULE_REPORTS: N_("Have reports sent by email"),
        Permission.SEE_POLICY_REVIEW: N_("See what each policy brought and cost"),
        Permission.PRACTISE: N_("Practise on customers who do not exist, in the demo"),
        Permission.COACH: N_("See who has practised what, in the demo"),
    },
    N_("Policies"): {
        Permission.SEE_POLICIES: N_("See credit policies and authority"),
        Permission.WRITE_POLICY: N_("Write a draft of a policy"),
        Permission.PUBLISH_POLICY: N_("Publish a policy and say for whom it is"),
    },
    N_("The installation"): {
        Permission.SEE_IMPORTS: N_("See imports"),
        Permission.IMPORT: N_("Import files"),
        Permission.UNDO_IMPORT: N_("Undo an import"),
        Permission.SEE_INBOX: N_("See what Stripe told us"),
        Permission.RETRY_EVENT: N_("Have such an event handled again"),
        Permission.SEE_STAFF: N_("See who works here"),
        Permission.MANAGE_STAFF: N_("Invite staff, change roles, let people go"),
        Permission.MANAGE_API_KEYS: N_("Make and take back keys for other systems"),
        Permission.SEE_SETTINGS: N_("See settings"),
        Permission.CHANGE_SETTINGS: N_("Change settings"),
    },
}
"""What each permission lets somebody do, by the part of the work that it belongs to."""


def permission_groups(role: Role) -> Sequence[tuple[str, list[tuple[Permission, str]]]]:
    """What a role may, group by group; a group may be empty."""
    return [
        (group, [(permission, words) for permission, words in those.items() if may(role, permission)])
        for group, those in PERMISSION_WORDS.items()
    ]
