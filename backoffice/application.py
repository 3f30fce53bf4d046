"""The back office: what staff see, assembled from its handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from backoffice import (
    acceptances,
    account,
    accounts,
    api_keys,
    applying,
    autopay,
    bank,
    bank_deciding,
    bank_statements,
    bank_undoing,
    banking_receipts,
    behaviour,
    calls,
    chargebacks,
    charging,
    clearing,
    credit_account,
    credit_applications,
    credit_holds,
    crediting,
    disputes,
    disputing,
    extensions,
    imports,
    invoices,
    invoicing_details,
    late_charges,
    moving_credit,
    notices,
    papers,
    payees,
    payments,
    people,
    policies,
    policy_assigning,
    policy_drafts,
    profile,
    promises,
    rates,
    receipts,
    refunding,
    refunds,
    reminders,
    signing_in,
    staff,
    stops,
    trials,
)
from backoffice import inbox as inbox_pages
from backoffice import tasks as task_pages
from backoffice.access import Officer
from backoffice.credit_account import CheckedBy
from domain.banking.files import BankFileReader
from domain.credit.checks.provider import CreditChecks
from domain.documents.rendering import Renderer
from domain.documents.storage import Store
from domain.inbox import queries as inbox
from domain.notices.queries import waiting as waiting_notices
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.staff import changing
from domain.staff.permissions import Permission, may
from domain.tasks import queries as tasks
from web.kit import assemble
from web.places import Place, Who
from web.settings import SiteSettings
from web.visit import AnyRequest, visit_of

HANDLERS: Sequence[ControllerRouterHandler] = (
    signing_in.sign_in,
    signing_in.come_in,
    signing_in.sign_out,
    accounts.root,
    accounts.list_accounts,
    accounts.new_account,
    accounts.open_account,
    account.show_account,
    account.show_timeline,
    account.all_invoices,
    account.account_payments,
    account.ledger,
    account.account_documents,
    behaviour.account_behaviour,
    behaviour.list_getting_worse,
    invoices.show_invoice,
    invoices.new_invoice,
    invoices.issue_invoice,
    invoicing_details.details_form,
    invoicing_details.change_invoicing_details,
    crediting.credit_form,
    crediting.issue_credit_note,
    charging.charge_form,
    charging.charge,
    extensions.extend_form,
    extensions.extend_invoice,
    extensions.shorten_form,
    extensions.shorten_extension,
    late_charges.waive_form,
    late_charges.waive_charge,
    rates.show_rates,
    rates.change_rates,
    crediting.void_form,
    crediting.void_invoice,
    papers.invoice_pdf,
    papers.credit_note_pdf,
    papers.issue_statement,
    papers.document,
    people.people,
    people.new_contact,
    people.add_contact,
    people.contact_form,
    people.change_contact,
    people.new_login,
    people.invite,
    people.login_form,
    people.change_login,
    payments.list_payments,
    payments.show_payment,
    refunding.refund_form,
    refunding.ask_refund,
    refunding.explain_form,
    refunding.explain_refund,
    refunds.list_refunds,
    refunds.show_refund,
    refunds.decide_refund,
    refunds.bank_refund,
    payees.write_payee,
    receipts.receipt_form,
    receipts.record,
    banking_receipts.list_to_bank,
    banking_receipts.bank,
    banking_receipts.paying_in_slip,
    banking_receipts.return_form,
    banking_receipts.take_receipt_back,
    applying.credit_page,
    applying.apply_credit,
    moving_credit.move_credit_form,
    moving_credit.move_the_credit,
    applying.move_form,
    applying.move,
    autopay.list_collections,
    autopay.account_autopay,
    autopay.stop_autopay,
    clearing.show_clearing,
    clearing.ask_now,
    clearing.list_payouts,
    clearing.show_payout,
    clearing.show_movement,
    clearing.decide_movement,
    chargebacks.list_chargebacks,
    chargebacks.show_chargeback,
    chargebacks.accept_form,
    chargebacks.accept_chargeback,
    disputes.list_disputes,
    disputes.show_dispute,
    disputes.decide_dispute,
    promises.list_promises,
    promises.show_promise,
    promises.withdraw_promise,
    promises.promise_form,
    promises.write_promise_down,
    disputing.dispute_form,
    disputing.raise_it,
    notices.list_notices,
    notices.decide_notices,
    notices.show_notice,
    notices.notice_words,
    notices.decide_notice,
    notices.revoke_link,
    calls.call_form,
    calls.record_due_call,
    calls.new_call,
    calls.record_new_call,
    calls.show_call,
    reminders.tonight,
    reminders.nightly_run,
    reminders.pause_reminders,
    reminders.resume_reminders,
    stops.show_stops,
    stops.set_a_stop,
    stops.lift_a_stop,
    inbox_pages.list_events,
    inbox_pages.show_event,
    inbox_pages.retry_event,
    task_pages.list_tasks,
    task_pages.show_task,
    task_pages.work_task,
    bank.list_bank_lines,
    bank.list_sure_lines,
    bank.accept_sure_lines,
    bank_deciding.show_bank_line,
    bank_deciding.accept_suggestion,
    bank_deciding.pay_with_bank_line,
    bank_deciding.link_bank_line,
    bank_deciding.decide_bank_line,
    bank_undoing.undoing_form,
    bank_undoing.undo_bank_line,
    bank_statements.list_bank_statements,
    bank_statements.upload_bank_file,
    bank_statements.show_bank_file,
    bank_statements.take_in_bank_file,
    imports.list_imports,
    imports.upload,
    imports.match_columns,
    imports.read_file,
    imports.follow_work,
    imports.show_import,
    imports.book_file,
    imports.discard,
    imports.undo,
    credit_account.show_credit,
    credit_account.set_credit_limit,
    credit_account.lift_hold,
    credit_account.enter_check,
    credit_account.ask_for_check,
    credit_holds.list_holds,
    credit_applications.list_applications,
    credit_applications.show_application,
    credit_applications.answer_reference,
    credit_applications.decide_application,
    credit_applications.look_again,
    api_keys.list_keys,
    api_keys.make_key,
    api_keys.revoke_key,
    policies.list_policies,
    policies.new_policy,
    policies.make_policy,
    policies.show_policy,
    policies.show_version,
    policies.show_authority,
    policy_drafts.show_draft,
    policy_drafts.change_draft,
    policy_drafts.section_form,
    policy_drafts.write_section,
    policy_drafts.publish_form,
    policy_drafts.publish_policy,
    trials.show_trial,
    trials.trial_file,
    trials.trial_account,
    policy_assigning.assign_form,
    policy_assigning.assign_policy,
    policy_assigning.list_groups,
    policy_assigning.make_group,
    policy_assigning.show_group,
    policy_assigning.fill_group,
    policy_assigning.account_terms,
    acceptances.overview,
    acceptances.of_version,
    acceptances.ask_again,
    acceptances.of_account,
    acceptances.file_paper,
    staff.list_staff,
    staff.new_member,
    staff.add_member,
    staff.show_member,
    staff.change_member,
    profile.show_profile,
    profile.change_language,
    profile.change_password,
)


def application(
    *,
    settings: SiteSettings,
    database: Database,
    store: Store,
    renderer: Renderer,
    bank_reader: BankFileReader,
    nudge: Callable[[], None],
    webhook_counts: Callable[[], Mapping[str, int]],
    checks: CreditChecks | None = None,
) -> Litestar:
    """The back office, ready to serve; `nudge` wakes the worker, `checks` is whoever can be asked about a customer."""

    def remember_language(request: AnyRequest, language: str) -> None:
        visitor = visit_of(request).visitor
        if isinstance(visitor, Officer):
            with database.transaction() as session:
                changing.set_language(session, visitor.staff_id, language)

    return assemble(
        name="office",
        route_handlers=HANDLERS,
        settings=settings,
        database=database,
        authenticate=signing_in.authenticate(database),
        page_context=navigation(database),
        refusal_shell="backoffice/_refusal.html",
        remember_language=remember_language,
        provides={
            "store": store,
            "renderer": renderer,
            "bank_reader": bank_reader,
            "nudge": nudge,
            "webhook_counts": webhook_counts,
            "checked_by": CheckedBy(checks),
        },
    )


def navigation(database: Database) -> Callable[[AnyRequest], Mapping[str, object]]:
    """Gives the places that somebody's role may see, with what waits there."""

    def around(request: AnyRequest) -> Mapping[str, object]:
        officer = visit_of(request).visitor
        if not isinstance(officer, Officer):
            return {"nav": ()}
        with database.reading() as session:
            open_tasks = tasks.counts(session)[tasks.View.OPEN]
            failed = inbox.counts(session)[inbox.View.FAILED]
            to_decide = waiting_notices(session)
        return {
            "nav": _seen(
                officer,
                (Permission.SEE_ACCOUNTS, Place("accounts", N_("Accounts"), "people", "/accounts")),
                (Permission.SEE_PAYMENTS, Place("payments", N_("Payments"), "card", "/payments")),
                (Permission.SEE_NOTICES, Place("notices", N_("Notices"), "mail", "/notices", to_decide)),
                (Permission.SEE_ACCOUNTS, Place("promises", N_("Promises"), "clock", "/promises")),
                (Permission.SEE_DISPUTES, Place("disputes", N_("Disputes"), "dispute", "/disputes")),
                (Permission.SEE_CHARGEBACKS, Place("chargebacks", N_("Chargebacks"), "dispute", "/chargebacks")),
                (Permission.SEE_PAYMENTS, Place("refunds", N_("Refunds"), "back", "/refunds")),
                (Permission.SEE_BANK, Place("bank", N_("Bank"), "statement", "/bank")),
                (Permission.SEE_TASKS, Place("tasks", N_("Tasks"), "work", "/tasks", open_tasks)),
                (Permission.SEE_INBOX, Place("inbox", N_("Stripe inbox"), "bell", "/inbox", failed)),
            ),
            "nav_more": (
                *_seen(
                    officer,
                    (Permission.SEE_PAYMENTS, Place("receipts", N_("Receipts to bank"), "statement", "/receipts")),
                    (Permission.SEE_PAYMENTS, Place("collections", N_("Automatic payments"), "clock", "/collections")),
                    (Permission.SEE_CLEARING, Place("clearing", N_("Does it all add up?"), "check", "/clearing")),
                    (
                        Permission.SEE_ACCOUNTS,
                        Place("applications", N_("Credit applications"), "pencil", "/credit-applications"),
                    ),
                    (
                        Permission.SEE_FIGURES,
                        Place("behaviour", N_("Paying later than usual"), "late", "/behaviour"),
                    ),
                    (Permission.SEE_ACCOUNTS, Place("holds", N_("Credit holds"), "pause", "/credit-holds")),
                    (Permission.MANAGE_API_KEYS, Place("api_keys", N_("API keys"), "lock", "/api-keys")),
                    (Permission.SEE_POLICIES, Place("policies", N_("Credit policies"), "policy", "/policies")),
                    (Permission.SEE_IMPORTS, Place("imports", N_("Imports"), "download", "/imports")),
                    (Permission.SEE_POLICIES, Place("rates", N_("Reference rates"), "statement", "/rates")),
                    (Permission.SEE_STAFF, Place("staff", N_("Staff"), "lock", "/staff")),
                ),
                Place("profile", N_("Your profile"), "pencil", "/profile"),
            ),
            "who": Who(officer.name, officer.role_name),
        }

    return around


def _seen(officer: Officer, *places: tuple[Permission, Place]) -> tuple[Place, ...]:
    return tuple(place for permission, place in places if may(officer.role, permission))
