"""Outbox: what is done about each kind of message once the transaction that left it has committed."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from app.channels.outgoing import NotNow, Undeliverable
from app.handlers.assigning import apply_rules
from app.handlers.autopay_mail import announce_collections, tell_autopay, tell_collection
from app.handlers.bulk import work_on_accounts
from app.handlers.calling import call_once_more
from app.handlers.contesting import accept_chargeback, accepting_given_up, answer_chargeback, answer_given_up
from app.handlers.crediting import review_holds, tell_application, tell_credit_decision
from app.handlers.digesting import send_digest
from app.handlers.disputing import tell_dispute
from app.handlers.extending import tell_extension
from app.handlers.foldering import lay_into_folder
from app.handlers.importing import book_file, read_file
from app.handlers.inviting_staff import send_staff_invitation, tell_recovery_used
from app.handlers.looking import Busy, look_up_payment
from app.handlers.mailing import send_payment_failed, send_receipt, send_receipt_void, tell_refund
from app.handlers.methods import forget_method, keep_method, look_up_setup
from app.handlers.noticing import send_notice
from app.handlers.placing import tell_partner
from app.handlers.planning_mail import tell_plan
from app.handlers.promising import tell_promise
from app.handlers.proving import send_proof
from app.handlers.refunding import send_refund
from app.handlers.remitting import tell_partner_of_difference, tell_partner_of_payment
from app.handlers.report_mail import send_report
from app.handlers.reporting import make_report, work_trial
from app.handlers.settings_mail import send_test, warn_of_bank
from app.handlers.settling import tell_offer
from app.handlers.signing_in import invite_partner, send_sign_in_link
from app.handlers.terms import send_terms, send_terms_copy
from app.handlers.trying_texts import try_text
from app.handlers.tying import tie_out_now
from app.wired import Wired
from domain.assignments.applying import ApplyRules
from domain.bulk.running import WorkOn
from domain.chargebacks.accepting import AcceptChargeback
from domain.chargebacks.answering import AnswerChargeback
from domain.clearing.asking import TieOutNow
from domain.collecting.messages import AnnounceCollections, TellAutopay, TellCollection
from domain.credit.applications.messages import TellApplication, TellCreditDecision
from domain.credit.reviewing import ReviewHolds
from domain.digests.sending import SendDigest
from domain.disputes.messages import TellDispute
from domain.documents.intake import Intake
from domain.documents.messages import RemoveContent
from domain.documents.opening import Opened, write_down
from domain.importing.messages import BookFile, ReadFile
from domain.importing.queries import is_awaited
from domain.insolvencies.messages import SendProof
from domain.notices.incoming.attachments import FileAttachments, file_attachments
from domain.notices.messages import CallAgain, SendNotice, TryText
from domain.outbox import delivering
from domain.outbox.delivering import Aftermath
from domain.outbox.sending import Message
from domain.payments import sending
from domain.payments.messages import EndIntent, LookUp
from domain.payments.processor import ProcessorUnreachable
from domain.placements.messages import TellPartner
from domain.placements.people.delivering import LayIntoFolder
from domain.placements.people.folders import FoldersOutOfReach
from domain.placements.people.inviting import InvitePartner
from domain.plans.messages import TellPlan
from domain.policies.messages import SendTerms, SendTermsCopy
from domain.preferences.setting import WarnOfBank
from domain.preferences.trying import TestMessage
from domain.processing.checking import CheckEverything, check_everything
from domain.processing.erasing import remove_content
from domain.processing.messages import (
    KeepMethod,
    LookUpSetup,
    SendPaymentFailed,
    SendReceipt,
    SendReceiptVoid,
    SendRefund,
    TellExtension,
    TellRefund,
)
from domain.promises.messages import TellPromise
from domain.remittances.messages import TellPartnerOfDifference, TellPartnerOfPayment
from domain.reporting.schedules.sending import SendReport
from domain.reporting.sheets.keeping import MakeReport
from domain.reporting.trial.keeping import WorkTrial
from domain.saved_methods.messages import ForgetMethod
from domain.sessions.links import SendSignInLink
from domain.settlements.messages import TellOffer
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.mail import MailRefused, MailUnavailable
from domain.staff.credentials.messages import SendInvitation, TellRecoveryUsed
from domain.tasks.model import TaskKind

log = structlog.get_logger("outbox")

AFTERMATHS: Mapping[str, Aftermath] = {
    AcceptChargeback.kind: accepting_given_up,
    AnswerChargeback.kind: answer_given_up,
}
"""What is done where a message is given up and a person has to see it at its matter, by its kind."""

BATCH = 3
"""Messages taken at once: few enough to be done before the lease runs out, also when the mail server is slow."""

EXPECTED = (Busy, FoldersOutOfReach, MailRefused, MailUnavailable, NotNow, ProcessorUnreachable, Undeliverable)
"""Bad luck that needs no traceback."""


def look_up(wired: Wired, message: LookUp) -> None:
    """Find out how the payment stands that somebody is waiting for."""
    look_up_payment(wired, message.payment_id)


def end_intent(wired: Wired, message: EndIntent) -> None:
    """Have the processor end what a failed payment has left there."""
    sending.end_intent(wired.database, wired.processor, message.payment_id)


def file_what_came(wired: Wired, message: FileAttachments) -> None:
    """File the attachments of a mail under its account."""
    file_attachments(wired.database, Intake(wired.store, wired.scanner), message.incoming_id)


def remove_erased(wired: Wired, message: RemoveContent) -> None:
    """Take the content of an erased document out of the store."""
    remove_content(wired.database, wired.store, message.sha256, also_needed=is_awaited)


def write_down_opening(wired: Wired, message: Opened) -> None:
    """Put on the audit trail that a document was opened."""
    with wired.database.transaction() as session:
        write_down(session, message)


def check_all(wired: Wired, message: CheckEverything) -> None:
    """Check the books and the trail, and write down what was found."""
    check_everything(wired.database, message.asked_id)


HANDLERS: dict[str, tuple[type[Message], Callable[[Wired, Any], None]]] = {
    SendSignInLink.kind: (SendSignInLink, send_sign_in_link),
    InvitePartner.kind: (InvitePartner, invite_partner),
    SendInvitation.kind: (SendInvitation, send_staff_invitation),
    TellRecoveryUsed.kind: (TellRecoveryUsed, tell_recovery_used),
    SendReceipt.kind: (SendReceipt, send_receipt),
    SendReceiptVoid.kind: (SendReceiptVoid, send_receipt_void),
    SendPaymentFailed.kind: (SendPaymentFailed, send_payment_failed),
    SendRefund.kind: (SendRefund, send_refund),
    TellRefund.kind: (TellRefund, tell_refund),
    TellExtension.kind: (TellExtension, tell_extension),
    LookUp.kind: (LookUp, look_up),
    EndIntent.kind: (EndIntent, end_intent),
    KeepMethod.kind: (KeepMethod, keep_method),
    LookUpSetup.kind: (LookUpSetup, look_up_setup),
    ForgetMethod.kind: (ForgetMethod, forget_method),
    AcceptChargeback.kind: (AcceptChargeback, accept_chargeback),
    AnswerChargeback.kind: (AnswerChargeback, answer_chargeback),
    TieOutNow.kind: (TieOutNow, tie_out_now),
    AnnounceCollections.kind: (AnnounceCollections, announce_collections),
    TellCollection.kind: (TellCollection, tell_collection),
    TellAutopay.kind: (TellAutopay, tell_autopay),
    TellApplication.kind: (TellApplication, tell_application),
    TellCreditDecision.kind: (TellCreditDecision, tell_credit_decision),
    ReviewHolds.kind: (ReviewHolds, review_holds),
    SendTerms.kind: (SendTerms, send_terms),
    SendTermsCopy.kind: (SendTermsCopy, send_terms_copy),
    TellDispute.kind: (TellDispute, tell_dispute),
    TellPromise.kind: (TellPromise, tell_promise),
    TellPlan.kind: (TellPlan, tell_plan),
    SendProof.kind: (SendProof, send_proof),
    TellOffer.kind: (TellOffer, tell_offer),
    TellPartner.kind: (TellPartner, tell_partner),
    TellPartnerOfPayment.kind: (TellPartnerOfPayment, tell_partner_of_payment),
    TellPartnerOfDifference.kind: (TellPartnerOfDifference, tell_partner_of_difference),
    LayIntoFolder.kind: (LayIntoFolder, lay_into_folder),
    CallAgain.kind: (CallAgain, call_once_more),
    SendNotice.kind: (SendNotice, send_notice),
    TryText.kind: (TryText, try_text),
    FileAttachments.kind: (FileAttachments, file_what_came),
    Opened.kind: (Opened, write_down_opening),
    RemoveContent.kind: (RemoveContent, remove_erased),
    MakeReport.kind: (MakeReport, make_report),
    WorkTrial.kind: (WorkTrial, work_trial),
    ReadFile.kind: (ReadFile, read_file),
    BookFile.kind: (BookFile, book_file),
    ApplyRules.kind: (ApplyRules, apply_rules),
    SendDigest.kind: (SendDigest, send_digest),
    WorkOn.kind: (WorkOn, work_on_accounts),
    SendReport.kind: (SendReport, send_report),
    CheckEverything.kind: (CheckEverything, check_all),
    TestMessage.kind: (TestMessage, send_test),
    WarnOfBank.kind: (WarnOfBank, warn_of_bank),
}


CROWDS = frozenset({SendNotice.kind, SendTerms.kind})
"""What comes by the thousand on one morning: it has a lane of its own, so that a link to sign in does not queue."""


CHECKS = frozenset({CheckEverything.kind})
"""What takes as long as the books are large: a lane of its own, so that nothing at all waits behind it."""
CHECKS_HOLD = timedelta(hours=1)
"""For so long nobody else takes up a check that is under way."""
REPORTS = frozenset({MakeReport.kind, SendReport.kind, WorkTrial.kind})
"""What takes long where the books are long: a lane of its own, so that neither a link to sign in waits behind it, nor
it behind a check."""
REPORTS_HOLD = timedelta(minutes=30)


def handle_due(wired: Wired) -> int:
    """Handle a batch of messages that are due, whatever they are; how many there were."""
    return handle_urgent(wired) + handle_crowds(wired) + handle_reports(wired) + handle_checks(wired)


def handle_urgent(wired: Wired) -> int:
    """Handle a batch of what somebody waits for; how many there were."""
    with wired.database.transaction() as session:
        rows = delivering.lease(session, BATCH, but=CROWDS | CHECKS | REPORTS, aftermaths=AFTERMATHS)
    return _handle_each(wired, rows)


def handle_crowds(wired: Wired) -> int:
    """Handle a batch of what comes in crowds; how many there were."""
    with wired.database.transaction() as session:
        rows = delivering.lease(session, BATCH, only=CROWDS)
    return _handle_each(wired, rows)


def handle_reports(wired: Wired) -> int:
    """Handle a report that somebody asked for, or that is due by mail; how many there were."""
    with wired.database.transaction() as session:
        rows = delivering.lease(session, 1, only=REPORTS, hold=REPORTS_HOLD)
    return _handle_each(wired, rows)


def handle_checks(wired: Wired) -> int:
    """Handle a check of everything that was asked for; how many there were."""
    with wired.database.transaction() as session:
        rows = delivering.lease(session, 1, only=CHECKS, hold=CHECKS_HOLD)
    return _handle_each(wired, rows)


def _handle_each(wired: Wired, rows: AnyRows) -> int:
    for row in rows:
        _handle(wired, row)
    return len(rows)


def _handle(wired: Wired, row: AnyRow) -> None:
    try:
        kind, handler = HANDLERS[row.kind]
        handler(wired, msgspec.convert(row.payload, kind))
    except Exception as problem:
        expected = isinstance(problem, EXPECTED)
        log.warning("message failed", message_kind=row.kind, message=row.id, exc_info=not expected)
        words = str(problem) if expected else traceback.format_exc()
        refused = isinstance(problem, (MailRefused, Undeliverable))
        task = TaskKind.MAIL_UNDELIVERABLE if refused else TaskKind.WORK_FAILED
        with wired.database.transaction() as session:
            delivering.failed(session, row, words, for_good=refused, task=task, aftermaths=AFTERMATHS)
        return
    with wired.database.transaction() as session:
        delivering.done(session, row)
    log.info("message handled", message_kind=row.kind, message=row.id)
