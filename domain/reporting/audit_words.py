"""Audit words: what every act is called where the whole trail is read, also what is on no timeline; no session."""

from __future__ import annotations

from domain.audit.queries import Act
from domain.reporting.act_names import SHORT_NAMES
from domain.reporting.acts import ACT_WORDS, tell
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

OTHER_ACTS = {
    "absence.ended": N_("Absence ended early"),
    "absence.written_down": N_("Absence written down"),
    "api_key.made": N_("API key made"),
    "api_key.revoked": N_("API key revoked"),
    "assignment_rule.added": N_("Rule added of who looks after what"),
    "assignment_rule.ended": N_("Rule ended of who looks after what"),
    "assignment_rule.moved": N_("Rule of who looks after what moved to another place"),
    "audit.check_asked": N_("Check of everything asked for"),
    "audit.checked": N_("Everything checked"),
    "audit.exported": N_("Audit trail exported"),
    "bank_line.ignored": N_("Bank line set aside as not ours"),
    "bank_line.reopened": N_("Bank line to be decided on again"),
    "bank_statement.imported": N_("Bank statement taken in"),
    "books.closed": N_("Books closed"),
    "bulk.asked": N_("Act on many accounts asked for"),
    "bulk.ended": N_("Act on many accounts done"),
    "bulk.undo_asked": N_("Undoing of an act on many accounts asked for"),
    "bulk.undone": N_("Act on many accounts undone"),
    "call_notice.approved": N_("Call approved"),
    "call_notice.delivered": N_("Call made, somebody was reached"),
    "call_notice.failed": N_("Call made, nobody was reached"),
    "call_notice.sent": N_("Call made, a message was left"),
    "chargeback.reinstated": N_("Money of a chargeback given back to us"),
    "chargeback.withdrawn": N_("Money taken from us for a chargeback"),
    "commission_invoice.corrected": N_("Invoice of a partner corrected"),
    "commission_invoice.difference_accepted": N_("Difference in a partner's invoice accepted"),
    "commission_invoice.recorded": N_("Invoice of a partner recorded"),
    "concession.granted": N_("Part of a debt given up"),
    "concession.revoked": N_("Part of a debt owed again"),
    "credit.moved_in": N_("Credit moved here from another account"),
    "credit.moved_out": N_("Credit moved to another account"),
    "credit_hold.all_reviewed": N_("All credit holds looked at again"),
    "credit_limit.ended": N_("Credit limit ended"),
    "credit_limit.set": N_("Credit limit set"),
    "credit_note.issued": N_("Credit note issued"),
    "debit_note.issued": N_("Debit note issued"),
    "discount.granted": N_("Discount granted"),
    "dispute_route.set": N_("Who handles such disputes was changed"),
    "dunning.paused": N_("Reminders paused for everybody"),
    "dunning.resumed": N_("Reminders go on for everybody"),
    "event.retried": N_("Event of the processor tried again"),
    "group.made": N_("Group of accounts made"),
    "import.booked": N_("File of invoices booked"),
    "import.undone": N_("File of invoices undone"),
    "invitation.made": N_("Somebody invited to the back office"),
    "invitation.renewed": N_("Invitation to the back office renewed"),
    "invitation.sent": N_("Invitation to the back office mailed"),
    "invitation.withdrawn": N_("Invitation to the back office withdrawn"),
    "invoice.issued": N_("Invoice issued"),
    "invoice.voided": N_("Invoice voided"),
    "login.disabled": N_("Login disabled"),
    "login.enabled": N_("Login enabled again"),
    "login.made": N_("Login made"),
    "login.signed_in": N_("A customer signed in"),
    "message.cut_off": N_("A message was too long, and cut off"),
    "message.retried": N_("Work that had failed tried again"),
    "movement.explained": N_("Movement at the processor explained"),
    "notice.ready": N_("Notice ready to go"),
    "notice_text.reset": N_("Text of a notice set back to ours"),
    "notice_text.written": N_("Text of a notice changed"),
    "partner.agreement_filed": N_("Agreement with a partner filed"),
    "partner.card": N_("Rates of a partner put in force"),
    "partner.changed": N_("Partner changed"),
    "partner.delivery_chosen": N_("How a partner gets files was chosen"),
    "partner.enrolled": N_("Partner enrolled"),
    "partner.let_go": N_("Partner let go"),
    "partner.paid": N_("Partner paid"),
    "partner.signed_in": N_("Somebody of a partner signed in"),
    "partner_file.taken": N_("File of a partner taken in"),
    "partner_login.ended": N_("Login of a partner ended"),
    "partner_login.made": N_("Login of a partner made"),
    "partner_login.signed_in": N_("Somebody of a partner signed in"),
    "partner_login.told": N_("Somebody of a partner invited"),
    "payment.recorded": N_("Payment recorded"),
    "payout.arrived": N_("Payout found on the bank statement"),
    "payout.canceled": N_("Payout not made"),
    "payout.failed": N_("Payout failed"),
    "payout.in_transit": N_("Payout on its way"),
    "payout.pending": N_("Payout begun"),
    "payout.paid": N_("Payout paid"),
    "policy.assigned": N_("Policy assigned"),
    "policy.created": N_("Policy made"),
    "policy.draft_begun": N_("Draft of a policy begun"),
    "policy.draft_discarded": N_("Draft of a policy thrown away"),
    "policy.edited": N_("Draft of a policy changed"),
    "policy.published": N_("Policy published"),
    "policy.reviewed": N_("Policy reviewed"),
    "policy.unassigned": N_("Policy no longer assigned"),
    "ranking.tuned": N_("What counts on the worklist was changed"),
    "receipt.returned": N_("Receipt returned by the bank"),
    "receipt.undone": N_("Receipt taken back"),
    "reference_rate.entered": N_("Reference rate entered"),
    "reference_rate.looked_up": N_("Reference rate looked up"),
    "refund.explained": N_("Refund explained"),
    "refund.requested": N_("Refund asked for"),
    "remittance.banked": N_("Money of a partner found at the bank"),
    "remittance.difference_accepted": N_("Difference in a partner's money accepted"),
    "remittance.queried": N_("A partner was asked about money"),
    "remittance.told": N_("A partner told us about money"),
    "remittance.withdrawn": N_("What a partner told us about money was withdrawn"),
    "report.schedule_ended": N_("Report mailed no more"),
    "report.scheduled": N_("Report to be mailed again and again"),
    "report.sent": N_("Report mailed"),
    "retention.set": N_("How long papers are kept was changed"),
    "session.ended": N_("Signed out"),
    "setting.changed": N_("Setting changed"),
    "setting.given_back": N_("Setting given back to the installation"),
    "setting.tried": N_("Test message sent"),
    "sign_in.refused": N_("Signing in refused"),
    "staff.added": N_("Member of staff added"),
    "staff.digest_chosen": N_("Daily digest turned on or off"),
    "staff.digest_sent": N_("Daily digest mailed"),
    "staff.disabled": N_("Member of staff disabled"),
    "staff.enabled": N_("Member of staff enabled again"),
    "staff.identity_linked": N_("Signing in from elsewhere tied to a member of staff"),
    "staff.identity_unlinked": N_("Signing in from elsewhere let go of"),
    "staff.passkey_added": N_("Passkey added"),
    "staff.passkey_removed": N_("Passkey removed"),
    "staff.passkey_renamed": N_("Passkey renamed"),
    "staff.password_changed": N_("Password changed"),
    "staff.recovery_codes_made": N_("Recovery codes made"),
    "staff.role_changed": N_("Role of a member of staff changed"),
    "staff.second_factor_renewed": N_("Second factor renewed"),
    "staff.secrets_renewed": N_("Password and second factor set anew"),
    "staff.signed_in": N_("A member of staff signed in"),
    "staff.stepped_up": N_("A member of staff confirmed that it is them"),
    "staff.team_set": N_("Team of a member of staff set"),
    "staff.work_handed_over": N_("Work of somebody who left handed over"),
    "tie_out.asked": N_("Processor asked whether all adds up"),
    "view.removed": N_("View of a list removed"),
    "view.renamed": N_("View of a list renamed"),
    "view.saved": N_("View of a list kept"),
}
"""What acts are called that stand on no timeline by themselves."""


def group_of(act: str) -> str:
    """What an act is about: the word before the point."""
    return act.partition(".")[0]


def name_of(act: str) -> str:
    """What an act is called without what it was about, as a message id; one that a later version wrote as it is."""
    if act in OTHER_ACTS:
        return OTHER_ACTS[act]
    if act in SHORT_NAMES:
        return SHORT_NAMES[act]
    known = ACT_WORDS.get(act)
    return known.short or known.text if known else act


def told(act: Act, about: str | None) -> tuple[Words | None, Money | None]:
    """What was done, in words, and the amount that it was about; no words where there are none for it.

    A payload that does not say what the words would name, or not in the way of today, leaves the act without words.
    """
    if act.act in OTHER_ACTS:
        return Words.of(OTHER_ACTS[act.act]), None
    if act.act not in ACT_WORDS:
        return None, None
    try:
        return tell(act, about)
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError):
        return None, None
