"""Acts: what each act of the audit trail is called on an account's timeline, and what it is about; no session."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.approvals.model import KIND_NAMES, ApprovalKind
from domain.audit.queries import Act
from domain.notices.model import HELD_BACK_NAMES, OUTCOME_NAMES, CallOutcome, HeldBack
from domain.placements.model import CLOSING_NAMES, Closing
from domain.placements.routes.model import ROUTE_NAMES, Route
from domain.policies.contacting import RECIPIENT_NAMES, WORDING_NAMES, Channel, Recipient, Wording
from domain.reporting.account_acts import ACCOUNT_ACT_WORDS, changes
from domain.reporting.act_words import ActWords, Topic
from domain.reporting.approval_acts import APPROVAL_ACT_WORDS
from domain.reporting.handoff_acts import HANDOFF_ACT_WORDS
from domain.reporting.legal_acts import LEGAL_ACT_WORDS
from domain.reporting.work_acts import WORK_ACT_WORDS
from domain.reporting.write_off_acts import WRITE_OFF_ACT_WORDS
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.stops.model import STOP_NAMES, StopKind

ACT_WORDS = {
    "account.seen_as_customer": ActWords(Topic.VIEWS, "eye", N_("Seen as the customer sees it")),
    "account.opened": ActWords(Topic.PEOPLE, "people", N_("Account opened")),
    "account.invoicing_changed": ActWords(Topic.PEOPLE, "pencil", N_("What invoices have to bear was changed")),
    "contact.added": ActWords(Topic.PEOPLE, "people", N_("Contact added: {name}")),
    "contact.changed": ActWords(Topic.PEOPLE, "pencil", N_("Contact changed: {name}")),
    "access.granted": ActWords(Topic.PEOPLE, "lock", N_("Rights given to {about}")),
    "access.revoked": ActWords(Topic.PEOPLE, "lock", N_("Rights taken from {about}")),
    "payment.started": ActWords(Topic.MONEY, "card", N_("Payment started")),
    "movement.taken": ActWords(Topic.MONEY, "card", N_("Money at the processor taken as a payment: {why}")),
    "movement.not_ours": ActWords(Topic.MONEY, "card", N_("Money at the processor is not this account's: {why}")),
    "payment.recovered": ActWords(
        Topic.MONEY, "card", N_("Payment found at the processor after our books had lost it")
    ),
    "payment.declined": ActWords(Topic.MONEY, "broken", N_("Payment declined: {why}")),
    "payment.retried": ActWords(Topic.MONEY, "card", N_("Payment tried again")),
    "payment.failure_told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told that a payment did not come")),
    "method.saved": ActWords(Topic.MONEY, "card", N_("Saved for later: {name}")),
    "method.renewed": ActWords(Topic.MONEY, "card", N_("Renewed by its bank: {name}")),
    "method.lost": ActWords(Topic.MONEY, "broken", N_("Can no longer be used: {name}")),
    "method.shared": ActWords(Topic.MONEY, "people", N_("Shared with the others on this account: {name}")),
    "method.unshared": ActWords(Topic.MONEY, "lock", N_("No longer shared: {name}")),
    "method.removed": ActWords(Topic.MONEY, "card", N_("Removed: {name}")),
    "autopay.started": ActWords(Topic.MONEY, "clock", N_("Automatic payment turned on: {name}")),
    "autopay.stopped": ActWords(Topic.MONEY, "pause", N_("Automatic payment turned off: {why}")),
    "autopay.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told about automatic payment")),
    "collection.announced": ActWords(
        Topic.MESSAGES, "mail", N_("{to} was told what will be taken automatically for {invoices}")
    ),
    "collection.asks": ActWords(Topic.MONEY, "warning", N_("The bank wants the payer to confirm it")),
    "collection.exhausted": ActWords(Topic.MONEY, "broken", N_("Automatic payment given up: {why}")),
    "collection.cancelled": ActWords(Topic.MONEY, "pause", N_("Automatic payment not made: {why}")),
    "collection.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told about an automatic payment")),
    "receipt.banked": ActWords(Topic.MONEY, "done", N_("Receipt taken to the bank")),
    "return.banked": ActWords(Topic.MONEY, "done", N_("The bank has taken the returned receipt")),
    "bank_line.booked": ActWords(Topic.MONEY, "done", N_("Identified on bank statement")),
    "bank_line.undone": ActWords(
        Topic.MONEY, "warning", N_("The line of a bank statement is booked differently: {why}")
    ),
    "bank_line.rebooked": ActWords(
        Topic.MONEY, "done", N_("Identified on bank statement, after it had been booked by mistake")
    ),
    "receipt.withdrawal_told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told that receipt {number} is void")),
    "advice.told": ActWords(Topic.MONEY, "mail", N_("Transfer announced")),
    "advice.taken_back": ActWords(Topic.MONEY, "mail", N_("Announced transfer taken back")),
    "credit.used": ActWords(Topic.MONEY, "done", N_("Credit used for {invoices}")),
    "allocation.moved": ActWords(Topic.MONEY, "card", N_("Moved from invoice {from} to {to}: {why}")),
    "round.begun": ActWords(Topic.MONEY, "card", N_("To be paid in one sitting with other accounts")),
    "round.skipped": ActWords(Topic.MONEY, "pause", N_("Left out when other accounts were paid")),
    "refund.found": ActWords(Topic.MONEY, "warning", N_("Refunded at the processor by somebody else")),
    "refund.payee_written": ActWords(Topic.MONEY, "pencil", N_("Refund to be paid to {name}, {number}")),
    "refund.approved": ActWords(Topic.MONEY, "done", N_("Refund approved")),
    "refund.refused": ActWords(Topic.MONEY, "pause", N_("Refund refused: {why}")),
    "refund.sent": ActWords(Topic.MONEY, "card", N_("Refund sent")),
    "refund.failed": ActWords(Topic.MONEY, "broken", N_("Refund failed: {why}")),
    "refund.canceled": ActWords(Topic.MONEY, "pause", N_("Refund not made: {why}")),
    "refund.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told about a refund")),
    "chargeback.inquiry": ActWords(Topic.MONEY, "dispute", N_("The customer's bank asks about a payment")),
    "chargeback.inquiry_closed": ActWords(Topic.MONEY, "done", N_("The customer's bank has closed its inquiry")),
    "chargeback.needs_response": ActWords(Topic.MONEY, "dispute", N_("Chargeback: the bank waits for our answer")),
    "chargeback.under_review": ActWords(Topic.MONEY, "clock", N_("Chargeback: the bank decides")),
    "chargeback.appeal": ActWords(Topic.MONEY, "clock", N_("Chargeback: decided once more")),
    "chargeback.won": ActWords(Topic.MONEY, "done", N_("Chargeback won")),
    "chargeback.lost": ActWords(Topic.MONEY, "broken", N_("Chargeback lost")),
    "chargeback.accepting": ActWords(Topic.MONEY, "dispute", N_("Chargeback to be accepted")),
    "chargeback.accepted": ActWords(Topic.MONEY, "broken", N_("Chargeback accepted")),
    "chargeback.not_accepted": ActWords(Topic.MONEY, "warning", N_("Chargeback could not be accepted: {why}")),
    "chargeback.answer_drafted": ActWords(Topic.MONEY, "pencil", N_("Answer to a chargeback begun")),
    "chargeback.answer_edited": ActWords(Topic.MONEY, "pencil", N_("Answer to a chargeback changed")),
    "chargeback.answering": ActWords(Topic.MONEY, "dispute", N_("Answer to a chargeback to be handed in")),
    "chargeback.answered": ActWords(Topic.MONEY, "done", N_("Answer to a chargeback handed in")),
    "chargeback.not_answered": ActWords(Topic.MONEY, "warning", N_("Answer to a chargeback not taken: {why}")),
    "chargeback.assigned": ActWords(Topic.MONEY, "dispute", N_("Chargeback has another handler")),
    "chargeback.debt_stands": ActWords(Topic.MONEY, "dispute", N_("Lost chargeback: the debt stands: {why}")),
    "chargeback.debt_credited": ActWords(Topic.MONEY, "invoice", N_("Lost chargeback: the debt is credited: {why}")),
    "chargeback.prevented": ActWords(Topic.MONEY, "broken", N_("Given back before it became a chargeback")),
    "chargeback.unknown": ActWords(Topic.MONEY, "warning", N_("Chargeback in a state that we do not know")),
    "fraud_warning.received": ActWords(Topic.MONEY, "warning", N_("The card network suspects fraud")),
    "late_charge.waived": ActWords(Topic.MONEY, "invoice", N_("Late charge {number} waived: {why}")),
    "statement.issued": ActWords(Topic.MESSAGES, "statement", N_("Statement {number} issued")),
    "receipt.sent": ActWords(Topic.MESSAGES, "mail", N_("Receipt {number} sent to {to}")),
    "policy.assigned": ActWords(Topic.ALL, "policy", N_("Credit policy assigned: {name}")),
    "policy.unassigned": ActWords(Topic.ALL, "policy", N_("Credit policy of its own ended")),
    "terms.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was asked to accept the terms {number}")),
    "terms.reminded": ActWords(Topic.MESSAGES, "mail", N_("{to} was reminded to accept the terms {number}")),
    "terms.asked_again": ActWords(Topic.MESSAGES, "mail", N_("To be asked again to accept the terms {number}")),
    "terms.accepted": ActWords(Topic.PEOPLE, "done", N_("Terms {number} accepted by {name}, {title}")),
    "terms.filed": ActWords(Topic.PEOPLE, "done", N_("Signed paper filed: terms {number}, by {name}, {title}")),
    "terms.copy_sent": ActWords(Topic.MESSAGES, "mail", N_("{to} was sent a copy of the terms {number}")),
    "group.joined": ActWords(Topic.ALL, "people", N_("Put into the group {name}")),
    "group.left": ActWords(Topic.ALL, "people", N_("Taken out of the group {name}")),
    "document.filed": ActWords(Topic.MESSAGES, "clip", N_("Document filed: {about}")),
    "message.retried": ActWords(Topic.MESSAGES, "mail", N_("Message tried again")),
    "document.superseded": ActWords(Topic.MESSAGES, "clip", N_("Document replaced: {filename}")),
    "document.erased": ActWords(Topic.MESSAGES, "clip", N_("Document erased: {why}")),
    "legal_hold.placed": ActWords(Topic.MESSAGES, "lock", N_("Legal hold placed: {why}")),
    "legal_hold.lifted": ActWords(Topic.MESSAGES, "lock", N_("Legal hold lifted: {why}")),
    "document.opened": ActWords(Topic.VIEWS, "eye", N_("Document opened: {about}")),
    "application.begun": ActWords(Topic.PEOPLE, "pencil", N_("Application for credit begun")),
    "application.submitted": ActWords(Topic.PEOPLE, "mail", N_("Applied for credit")),
    "application.withdrawn": ActWords(Topic.PEOPLE, "pause", N_("Application for credit withdrawn")),
    "application.reference_answered": ActWords(Topic.PEOPLE, "people", N_("Trade reference: {name}")),
    "application.proposed_refusal": ActWords(
        Topic.PEOPLE, "clock", N_("To be refused credit, once a second person agrees")
    ),
    "application.looked_at_again": ActWords(Topic.PEOPLE, "work", N_("A second person does not agree to the refusal")),
    "application.approved": ActWords(Topic.PEOPLE, "done", N_("Application for credit approved")),
    "application.refused": ActWords(Topic.PEOPLE, "pause", N_("Application for credit refused")),
    "application.confirmed": ActWords(
        Topic.MESSAGES, "mail", N_("{to} was told that we have the application for credit")
    ),
    "application.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told about the application for credit")),
    "credit_check.recorded": ActWords(Topic.PEOPLE, "eye", N_("Credit checked: {name}")),
    "credit_limit.set": ActWords(Topic.MONEY, "lock", N_("Credit limit set: {why}")),
    "credit_limit.ended": ActWords(Topic.MONEY, "lock", N_("Own credit limit ended: {why}")),
    "unbilled.set": ActWords(Topic.MONEY, "invoice", N_("Ordered and not yet billed: {number}")),
    "unbilled.removed": ActWords(Topic.MONEY, "invoice", N_("No longer unbilled: {number}")),
    "credit_hold.above_limit": ActWords(
        Topic.MONEY, "pause", N_("New credit on hold: more is used than the credit limit allows")
    ),
    "credit_hold.overdue": ActWords(Topic.MONEY, "pause", N_("New credit on hold: something is overdue for too long")),
    "credit_hold.check_expired": ActWords(Topic.MONEY, "pause", N_("New credit on hold: the credit check has expired")),
    "credit_hold.stopped": ActWords(Topic.MONEY, "pause", N_("New credit on hold: a stop is on the account")),
    "credit_hold.ended": ActWords(Topic.MONEY, "done", N_("A hold on new credit has ended")),
    "credit_hold.lifted": ActWords(Topic.MONEY, "done", N_("Hold on new credit lifted: {why}")),
    "credit_hold.lifting_ended": ActWords(Topic.MONEY, "pause", N_("Hold on new credit counts again: {why}")),
    "invoice.extension_cut": ActWords(Topic.MONEY, "clock", N_("{number} is due earlier again: on {due_on}")),
    "invoice.extended": ActWords(Topic.MONEY, "clock", N_("{number} is due later: on {due_on}")),
    "extension.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told that {number} is due later")),
    "dispute.raised": ActWords(Topic.MONEY, "dispute", N_("Dispute {number} raised on {invoices}")),
    "dispute.under_review": ActWords(Topic.MONEY, "dispute", N_("Somebody looks into dispute {number}")),
    "dispute.withdrawn": ActWords(Topic.MONEY, "done", N_("Dispute {number} withdrawn")),
    "dispute.written": ActWords(Topic.MESSAGES, "dispute", N_("Something was written about dispute {number}")),
    "dispute.noted": ActWords(Topic.MESSAGES, "dispute", N_("A note was kept about dispute {number}")),
    "dispute.assigned": ActWords(Topic.MONEY, "dispute", N_("Dispute {number} has another handler")),
    "dispute.resized": ActWords(Topic.MONEY, "dispute", N_("Dispute {number} has another amount, because of {why}")),
    "dispute.merged": ActWords(Topic.MONEY, "dispute", N_("Dispute {number} goes on in {into}")),
    "dispute.split": ActWords(Topic.MONEY, "dispute", N_("A part of dispute {number} goes on as {into}")),
    "dispute.paper_given": ActWords(Topic.MONEY, "dispute", N_("Dispute {number} answered with the paper it missed")),
    "dispute.reopened": ActWords(Topic.MONEY, "dispute", N_("Dispute {number} is looked at once more")),
    "dispute.closed": ActWords(Topic.MONEY, "done", N_("Dispute {number} closed: the customer said no more")),
    "dispute.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told about dispute {number}")),
    "evidence.asked_for": ActWords(Topic.MESSAGES, "clip", N_("Evidence pack asked for")),
    "evidence.made": ActWords(Topic.MESSAGES, "clip", N_("Evidence pack made; its manifest is {manifest}")),
    "evidence.failed": ActWords(Topic.MESSAGES, "broken", N_("Evidence pack could not be made")),
    "stop.set": ActWords(Topic.MONEY, "pause", N_("{stop}: {why}")),
    "stop.lifted": ActWords(Topic.MONEY, "done", N_("No longer held: {stop}. {why}")),
    "promise.made": ActWords(Topic.MONEY, "clock", N_("Promise to pay by {promised_on}")),
    "promise.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told what was promised")),
    "promise.kept": ActWords(Topic.MONEY, "done", N_("Promise to pay by {promised_on}: kept")),
    "promise.broken": ActWords(Topic.MONEY, "broken", N_("Promise to pay by {promised_on}: not kept")),
    "promise.withdrawn": ActWords(Topic.MONEY, "clock", N_("Promise to pay by {promised_on} withdrawn: {why}")),
    "promise.replaced": ActWords(Topic.MONEY, "clock", N_("Promise to pay by {promised_on}: replaced by another")),
    "plan.requested": ActWords(Topic.MONEY, "plan", N_("Payment plan asked for")),
    "plan.countered": ActWords(Topic.MONEY, "plan", N_("Another payment plan proposed")),
    "plan.offered": ActWords(Topic.MONEY, "plan", N_("Payment plan ready to be signed")),
    "plan.accepted": ActWords(Topic.MONEY, "plan", N_("Payment plan signed")),
    "plan.active": ActWords(Topic.MONEY, "plan", N_("Payment plan runs")),
    "plan.paused": ActWords(Topic.MONEY, "pause", N_("Payment plan paused: {why}")),
    "plan.completed": ActWords(Topic.MONEY, "done", N_("Payment plan completed")),
    "plan.declined": ActWords(Topic.MONEY, "pause", N_("Payment plan declined: {why}")),
    "plan.withdrawn": ActWords(Topic.MONEY, "pause", N_("Proposal for a payment plan withdrawn")),
    "plan.expired": ActWords(Topic.MONEY, "clock", N_("Payment plan not signed, or not started, in time")),
    "plan.grace": ActWords(
        Topic.MONEY, "clock", N_("More time for what was missed of a payment plan: until {until_on}")
    ),
    "plan.defaulted": ActWords(Topic.MONEY, "broken", N_("Payment plan not kept: chased again")),
    "plan.cancelled": ActWords(Topic.MONEY, "pause", N_("Payment plan cancelled: {why}")),
    "plan.superseded": ActWords(Topic.MONEY, "plan", N_("Payment plan replaced by another")),
    "plan.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told of the payment plan")),
    "plan.not_told": ActWords(Topic.MESSAGES, "mail", N_("Nobody could be told of the payment plan: no address works")),
    "plan.method": ActWords(Topic.MONEY, "card", N_("Payment plan to be taken from {method}")),
    "settlement.awaiting_approval": ActWords(
        Topic.MONEY, "clock", N_("Offer to settle for {amount} waits for approval: {why}")
    ),
    "settlement.offered": ActWords(Topic.MONEY, "invoice", N_("Offered to settle for {amount}")),
    "settlement.accepted": ActWords(Topic.MONEY, "done", N_("Offer to settle for {amount} accepted")),
    "settlement.fulfilled": ActWords(Topic.MONEY, "done", N_("Settled for {amount}: nothing more is owed")),
    "settlement.reopened": ActWords(
        Topic.MONEY, "warning", N_("Settlement for {amount} open again: a payment went back")
    ),
    "settlement.broken": ActWords(
        Topic.MONEY, "broken", N_("Settlement for {amount} not kept: the whole debt stands again")
    ),
    "settlement.declined": ActWords(Topic.MONEY, "pause", N_("Offer to settle for {amount} declined")),
    "settlement.expired": ActWords(Topic.MONEY, "clock", N_("Offer to settle for {amount} expired")),
    "settlement.withdrawn": ActWords(Topic.MONEY, "pause", N_("Offer to settle for {amount} withdrawn")),
    "settlement.told": ActWords(Topic.MESSAGES, "mail", N_("{to} was told about the offer to settle for {amount}")),
    "insolvency.opened": ActWords(
        Topic.MONEY, "pause", N_("Insolvent since {started_on}: everything is stopped. {proceeding}")
    ),
    "insolvency.amended": ActWords(Topic.MONEY, "pencil", N_("What is known of the insolvency was put right")),
    "insolvency.proof_filed": ActWords(Topic.MONEY, "statement", N_("Claim {number} filed in the insolvency")),
    "insolvency.proof_sent": ActWords(Topic.MESSAGES, "mail", N_("Claim {number} was mailed to {to}")),
    "insolvency.claim_decided": ActWords(Topic.MONEY, "done", N_("Admitted of claim {number}")),
    "insolvency.dividend_declared": ActWords(Topic.MONEY, "clock", N_("Dividend declared in the insolvency")),
    "insolvency.dividend_withdrawn": ActWords(Topic.MONEY, "pause", N_("Dividend taken back: declared by mistake")),
    "insolvency.dividend_received": ActWords(Topic.MONEY, "card", N_("Dividend of the insolvency has come")),
    "insolvency.distributed": ActWords(Topic.MONEY, "done", N_("Insolvency ended: what there was has been paid out")),
    "insolvency.no_assets": ActWords(Topic.MONEY, "done", N_("Insolvency ended: there was nothing to pay out")),
    "insolvency.discharged": ActWords(Topic.MONEY, "done", N_("Insolvency ended: the debtor was discharged")),
    "insolvency.dismissed": ActWords(Topic.MONEY, "done", N_("Insolvency dismissed: everything goes on")),
    "dispute.resolved": ActWords(Topic.MONEY, "done", N_("Dispute {number} decided: {why}")),
    "notice.waiting": ActWords(
        Topic.MESSAGES,
        "clock",
        N_("{wording}: waits for approval, about {about} ({amount})"),
        N_("{wording}: waits for approval"),
    ),
    "notice.sent": ActWords(
        Topic.MESSAGES,
        "mail",
        N_("{wording}: sent {way} to {to}, about {about} ({amount})"),
        N_("{wording}: sent {way} to {to}"),
    ),
    "notice.delivered": ActWords(
        Topic.MESSAGES, "done", N_("{wording}: has reached {to}, about {about}"), N_("{wording}: has reached {to}")
    ),
    "notice.failed": ActWords(
        Topic.MESSAGES, "broken", N_("{wording}: did not reach {to} ({why})"), N_("{wording}: did not reach {to}")
    ),
    "notice.suppressed": ActWords(
        Topic.MESSAGES,
        "pause",
        N_("{wording}: held back, about {about} ({held_back})"),
        N_("{wording}: held back ({held_back})"),
    ),
    "notice.rejected": ActWords(
        Topic.MESSAGES,
        "pause",
        N_("{wording}: not approved, about {about} ({why})"),
        N_("{wording}: not approved ({why})"),
    ),
    "letter.printed": ActWords(Topic.MESSAGES, "statement", N_("{wording}: printed as a letter")),
    "call.recorded": ActWords(Topic.MESSAGES, "phone", N_("Call: {outcome}. {why}"), N_("Call: {outcome}")),
    "pay_link.revoked": ActWords(Topic.MESSAGES, "lock", N_("A pay link was taken back")),
    "address.opted_out": ActWords(Topic.MESSAGES, "pause", N_("{to} does not want messages any more")),
    "address.opted_in": ActWords(Topic.MESSAGES, "done", N_("{to} wants messages again")),
    "address.bounced": ActWords(
        Topic.MESSAGES, "broken", N_("Nothing reaches {to}: {why}"), N_("Nothing reaches {to}")
    ),
    "address.complained": ActWords(Topic.MESSAGES, "warning", N_("{to} reported a message of ours as unwanted")),
    "address.works": ActWords(Topic.MESSAGES, "done", N_("{to} can be reached again")),
    "message.taken_in": ActWords(
        Topic.MESSAGES, "mail", N_("{from} wrote to us: “{subject}”"), N_("{from} wrote to us")
    ),
    "message.kept": ActWords(
        Topic.MESSAGES,
        "mail",
        N_("Message of {from} that needs no answer: “{subject}”"),
        N_("Message of {from} that needs no answer"),
    ),
    "message.assigned": ActWords(
        Topic.MESSAGES,
        "mail",
        N_("A message of {from} belongs here: “{subject}”"),
        N_("A message of {from} belongs here"),
    ),
    "message.taken_away": ActWords(
        Topic.MESSAGES,
        "mail",
        N_("A message of {from} belongs to another account: “{subject}”"),
        N_("A message of {from} belongs to another account"),
    ),
    "message.in_dispute": ActWords(Topic.MESSAGES, "dispute", N_("What {from} wrote is about dispute {number}")),
    "message.settled": ActWords(
        Topic.MESSAGES, "done", N_("Message of {from} dealt with: {why}"), N_("Message of {from} dealt with")
    ),
    "contact.duty_set": ActWords(Topic.PEOPLE, "people", N_("Notices go to {name}: {duty}")),
    "contact.duty_ended": ActWords(Topic.PEOPLE, "people", N_("Notices no longer go to {name}")),
    "contact.texts_agreed": ActWords(Topic.PEOPLE, "done", N_("{name} has agreed to text messages")),
    "contact.texts_refused": ActWords(Topic.PEOPLE, "pause", N_("{name} no longer agrees to text messages")),
    "task.taken": ActWords(Topic.ALL, "work", N_("Task taken")),
    "task.given_back": ActWords(Topic.ALL, "work", N_("Task given back")),
    "task.done": ActWords(Topic.ALL, "done", N_("Task done")),
    "task.reopened": ActWords(Topic.ALL, "work", N_("Task opened again")),
    "task.snoozed": ActWords(Topic.ALL, "pause", N_("Task put off until {until_on}")),
    "task.woken": ActWords(Topic.ALL, "work", N_("Task called back")),
    "audit.erased": ActWords(Topic.ALL, "lock", N_("Personal data erased")),
    **ACCOUNT_ACT_WORDS,
    **LEGAL_ACT_WORDS,
    **WRITE_OFF_ACT_WORDS,
    **HANDOFF_ACT_WORDS,
    **WORK_ACT_WORDS,
    **APPROVAL_ACT_WORDS,
}
"""Every act that may stand on an account's timeline by itself."""

WAYS = {
    Channel.EMAIL: N_("by email"),
    Channel.SMS: N_("by text message"),
    Channel.LETTER: N_("by post"),
    Channel.CALL: N_("by telephone"),
}
"""How each channel is called within a sentence."""
UNKNOWN = "–"
"""Stands where what an act was about has been erased."""


def acts_about(topic: Topic) -> list[str]:
    """The acts of a topic."""
    return [act for act, words in ACT_WORDS.items() if topic in (Topic.ALL, words.topic)]


def tell(act: Act, about: str | None) -> tuple[Words, Money | None]:
    """What an act is called, and the amount that it was about; `about` names its subject where that has a name."""
    after: Mapping[str, Any] = act.after or act.before
    params = {
        "about": about or UNKNOWN,
        "name": after.get("name", UNKNOWN),
        "title": after.get("title", UNKNOWN),
        "number": after.get("number", UNKNOWN),
        "why": after.get("why") or UNKNOWN,
        "to": after.get("to") or UNKNOWN,
        "from": after.get("from") or UNKNOWN,
        "into": after.get("into") or UNKNOWN,
        "filename": after.get("filename") or UNKNOWN,
        "subject": after.get("subject") or UNKNOWN,
        "duty": Words.of(RECIPIENT_NAMES[Recipient(after["duty"])]) if after.get("duty") else UNKNOWN,
        "invoices": ", ".join(after.get("invoices", ())) or UNKNOWN,
        "stop": Words.of(STOP_NAMES[StopKind(after["stop"])]) if "stop" in after else UNKNOWN,
        "due_on": date.fromisoformat(after["due_on"]) if "due_on" in after else UNKNOWN,
        "until_on": date.fromisoformat(after["until_on"]) if after.get("until_on") else UNKNOWN,
        "method": after.get("method") or UNKNOWN,
        "manifest": str(after.get("manifest_sha256") or UNKNOWN)[:16],
        "started_on": date.fromisoformat(after["started_on"]) if "started_on" in after else UNKNOWN,
        "proceeding": Words.of(after["proceeding"]) if "proceeding" in after else UNKNOWN,
        "promised_on": date.fromisoformat(after["promised_on"]) if "promised_on" in after else UNKNOWN,
        "wording": Words.of(WORDING_NAMES[Wording(after["wording"])]) if "wording" in after else UNKNOWN,
        "way": Words.of(WAYS[Channel(after["channel"])]) if "channel" in after else UNKNOWN,
        "held_back": Words.of(HELD_BACK_NAMES[HeldBack(after["held_back"])]) if after.get("held_back") else UNKNOWN,
        "outcome": _outcome(act.act, after),
        "changes": changes(act.before, act.after) or UNKNOWN,
        "partner": after.get("partner") or UNKNOWN,
        "words": after.get("words") or UNKNOWN,
        "reference": after.get("reference") or UNKNOWN,
        "asked": Words.of(KIND_NAMES[ApprovalKind(after["asked"])]) if after.get("asked") else UNKNOWN,
        "what": after.get("what") or UNKNOWN,
        "route": Words.of(ROUTE_NAMES[Route(after["route"])]) if after.get("route") else UNKNOWN,
        "closing": Words.of(CLOSING_NAMES[Closing(after["closing"])]) if after.get("closing") else UNKNOWN,
    }
    amount = _amount(after.get("amount"))
    if act.act.startswith(("case.", "notice.", "placement.", "placement_cost.", "route.", "settlement.")):
        params["amount"], amount = amount or UNKNOWN, None
    said = ACT_WORDS[act.act]
    text = said.short if said.short and UNKNOWN in _named(said.text, params).values() else said.text
    return Words.of(text, **_named(text, params)), amount


def _outcome(act: str, after: Mapping[str, Any]) -> object:
    """How a call went; disputes have outcomes too, and words of their own."""
    known = act == "call.recorded" and "outcome" in after
    return Words.of(OUTCOME_NAMES[CallOutcome(after["outcome"])]) if known else UNKNOWN


def _named(text: str, params: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in params.items() if f"{{{name}}}" in text}


def _amount(kept: object) -> Money | None:
    if isinstance(kept, Mapping) and {"amount", "currency"} <= kept.keys():
        return Money.of(kept["amount"], kept["currency"])
    return None
