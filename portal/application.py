"""The portal: what customers see, assembled from its handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from litestar import Litestar
from litestar.types import ControllerRouterHandler

from domain.accounts import logins
from domain.documents.intake import Intake
from domain.documents.rendering import Renderer
from domain.documents.scanning import Scanner
from domain.documents.storage import Store
from domain.payments.processor import Processor
from domain.sessions.customers import CUSTOMERS
from domain.shared.db.session import Database
from domain.shared.errors import N_
from portal import (
    advice,
    applying_for_credit,
    autopay,
    bank_questions,
    contesting,
    credit,
    disputes,
    documents,
    evidence,
    extensions,
    home,
    invoices,
    later,
    pay_link,
    paying,
    payments,
    plan,
    plan_paying,
    plan_signing,
    plans,
    promises,
    settlements,
    several,
    several_paying,
    signing_in,
    statements,
    terms,
    unsubscribing,
    viewing,
    ways_to_pay,
)
from portal.access import Customer, entered_of, only_looking
from web.kit import assemble
from web.link_doors import LINK_DOORS
from web.places import Place
from web.settings import SiteSettings
from web.visit import AnyRequest, visit_of

HANDLERS: Sequence[ControllerRouterHandler] = (
    *LINK_DOORS,
    home.root,
    home.choose_account,
    home.home,
    invoices.open_invoices,
    invoices.settled_invoices,
    invoices.invoice,
    disputes.list_disputes,
    disputes.show_dispute,
    disputes.write_about_dispute,
    disputes.withdraw_dispute,
    contesting.dispute_form,
    contesting.raise_it,
    extensions.later_form,
    extensions.pay_later,
    later.later,
    promises.promise_form,
    promises.make_promise,
    promises.show_promise,
    plans.list_plans,
    plans.plan_form,
    plans.ask_for_plan,
    plans.counter_form,
    plans.counter_plan,
    plan.show_plan,
    plan.withdraw_plan,
    plan_signing.plan_agreement,
    plan_signing.sign_plan,
    plan_paying.start_plan,
    plan_paying.plan_pay_page,
    plan_paying.pay_plan,
    plan_paying.plan_method_page,
    plan_paying.set_plan_method,
    paying.check,
    paying.pay,
    several.several_accounts,
    several.several_invoices,
    several.several,
    several_paying.round_page,
    several_paying.round_state,
    several_paying.pay_item,
    several_paying.skip_item,
    several_paying.give_up_item,
    several_paying.item_returned,
    advice.advice_page,
    advice.tell_us,
    advice.take_advice_back,
    applying_for_credit.apply_page,
    applying_for_credit.apply,
    applying_for_credit.withdraw_application,
    credit.credit_page,
    credit.use,
    payments.list_payments,
    payments.show_payment,
    payments.returned,
    payments.state,
    payments.give_up,
    bank_questions.confirm,
    autopay.show_autopay,
    autopay.check_autopay,
    autopay.turn_on_autopay,
    autopay.check_autopay_off,
    autopay.turn_off_autopay,
    ways_to_pay.list_ways,
    ways_to_pay.add_way,
    ways_to_pay.added,
    ways_to_pay.added_state,
    ways_to_pay.share_way,
    ways_to_pay.check_removal,
    ways_to_pay.remove_way,
    statements.show_statement,
    statements.statement_csv,
    statements.statement_pdf,
    terms.show_terms,
    terms.read_terms,
    terms.terms_pdf,
    terms.acceptance_pdf,
    terms.accept_terms,
    documents.invoice_pdf,
    documents.receipt_pdf,
    documents.credit_note_pdf,
    documents.discount_note_pdf,
    documents.concession_note_pdf,
    settlements.show_settlement,
    settlements.check_settlement,
    settlements.accept_settlement,
    settlements.decline_settlement,
    evidence.show_packs,
    evidence.ask_for_pack,
    evidence.show_pack,
    evidence.download_pack,
    documents.list_documents,
    documents.document,
    documents.document_picture,
    pay_link.PAGES,
    unsubscribing.unsubscribe_page,
    unsubscribing.one_click,
    unsubscribing.stop_messages,
    unsubscribing.start_messages,
    *viewing.PAGES,
)


def application(
    *,
    settings: SiteSettings,
    database: Database,
    processor: Processor,
    store: Store,
    renderer: Renderer,
    nudge: Callable[[], None],
    machines: Sequence[ControllerRouterHandler] = (),
    scanner: Scanner | None = None,
) -> Litestar:
    """The portal, ready to serve; `nudge` wakes the worker, `machines` are handlers that programs call.

    `scanner` looks for viruses in files; nobody does where there is none.
    """

    def remember_language(request: AnyRequest, language: str) -> None:
        visitor = visit_of(request).visitor
        if isinstance(visitor, Customer) and visitor.viewer is None:
            with database.transaction() as session:
                logins.set_language(session, visitor.login_id, language)

    return assemble(
        name="portal",
        route_handlers=[*HANDLERS, *machines],
        settings=settings,
        database=database,
        authenticate=signing_in.authenticate(database),
        page_context=page_context,
        guards=[only_looking],
        remember_language=remember_language,
        provides={
            "people": CUSTOMERS,
            "processor": processor,
            "store": store,
            "intake": Intake(store, scanner),
            "renderer": renderer,
            "nudge": nudge,
        },
    )


def page_context(request: AnyRequest) -> Mapping[str, object]:
    """The navigation of the account that a page is about, the way to the others, and who of staff looks, if any."""
    account, visitor = entered_of(request), visit_of(request).visitor
    viewer = visitor.viewer if isinstance(visitor, Customer) else None
    if account is None:
        return {"nav": (), "viewer": viewer}
    path = account.path
    return {
        "viewer": viewer,
        "nav": (
            Place("home", N_("Home"), "home", path),
            Place("invoices", N_("Invoices"), "invoice", f"{path}/invoices"),
            Place("statement", N_("Statement"), "statement", f"{path}/statement"),
            Place("payments", N_("Payments"), "card", f"{path}/payments"),
            *((Place("ways", N_("Ways to pay"), "lock", f"{path}/ways-to-pay"),) if account.may_pay else ()),
        ),
        "nav_more": (Place("documents", N_("Documents"), "clip", f"{path}/documents"),),
        "home": path,
        "account_name": account.name,
        "switch_href": "/accounts" if account.has_others else "",
    }
