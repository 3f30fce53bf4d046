"""Partner money invoices: partners' invoices of their commission, as they are written, and what differs in them."""

from __future__ import annotations

from functools import partial

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.partner_money import money_path
from backoffice.partner_money_views import Collected, collected_view, commission_invoice_view
from domain.placements import queries
from domain.remittances import invoicing, listing
from domain.remittances.invoicing import Invoiced
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.amounts import typed_amount
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

NEW = "/partners/{partner_id:int}/commission-invoices/{currency:str}/new"
PATH = "/commission-invoices/{commission_invoice_id:int}"
FIELDS = {"reference", "invoiced_on", "net", "tax", "collection"}
DECIDE = {"accept": invoicing.accept_invoice_difference, "corrected": invoicing.invoice_corrected}
LONGEST_WHY = 500
LONGEST_REFERENCE = 64
InvoiceId = FromPath[int]


@get(NEW, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def commission_invoice_form(
    request: AnyRequest, database: GivenDatabase, partner_id: FromPath[int], currency: FromPath[str]
) -> Response[bytes]:
    """The form of a partner's invoice; its sums start as the card has them."""
    _, rows = _offered(database, partner_id, currency)
    locale = visit_of(request).speaking.formats.locale
    sums = {"net": [one.commission for one in rows], "tax": [one.tax for one in rows]}
    known = {name: typed_amount(Money.sum(each, currency), locale) for name, each in sums.items()}
    with database.reading() as session:
        day = today(session).isoformat()
    start = Form.starting(request, collection=[str(one.id) for one in rows], invoiced_on=day, **known)
    return _new_page(request, database, partner_id, currency, start)


@post(NEW, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def record_commission_invoice(
    request: AnyRequest, database: GivenDatabase, partner_id: FromPath[int], currency: FromPath[str], form: SentForm
) -> Response[bytes]:
    """Owe the partner what its invoice asks for, as far as its card says so."""
    _offered(database, partner_id, currency)

    def act(session: Session) -> str:
        with form.reading():
            invoiced = Invoiced(
                reference=form.text(
                    "reference", longest=LONGEST_REFERENCE, missing=N_("Enter the number of the invoice.")
                ),
                currency=currency,
                invoiced_on=form.day("invoiced_on"),
                collection_ids=form.ids("collection", missing=N_("Choose what the invoice is for.")),
                net=form.amount("net", currency, or_zero=True),
                tax=form.amount("tax", currency, or_zero=True),
            )
        use_once(session, form.value("once"))
        made = invoicing.record_invoice(session, partner_id, invoiced, actor=actor_of(request))
        return f"/commission-invoices/{made.id}"

    def again(form: Form) -> Response[bytes]:
        return _new_page(request, database, partner_id, currency, form)

    return carry_out(request, database, form, act, there=money_path(partner_id), again=again)


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def show_commission_invoice(
    request: AnyRequest, database: GivenDatabase, commission_invoice_id: InvoiceId
) -> Response[bytes]:
    """What it asks for, what the card says, and what it is for."""
    return _show(request, database, commission_invoice_id, Form.starting(request))


@post(PATH, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def decide_commission_invoice(
    request: AnyRequest, database: GivenDatabase, commission_invoice_id: InvoiceId, form: SentForm
) -> Response[bytes]:
    """Owe what it asks for beside the card as well, or note that the partner has put it right."""
    with database.reading() as session:
        listing.commission_invoice(session, commission_invoice_id)

    def act(session: Session) -> None:
        with form.reading():
            decide = form.choice("act", DECIDE, missing=N_("Choose what is to be done."))
            why = form.text("why", longest=LONGEST_WHY, missing=N_("Say why."))
        decide(session, commission_invoice_id, why=why, actor=actor_of(request))

    again = partial(_show, request, database, commission_invoice_id)
    there = f"/commission-invoices/{commission_invoice_id}"
    return carry_out(request, database, form, act, there=there, again=again)


def _offered(database: Database, partner_id: int, currency: str) -> tuple[str, list[Collected]]:
    """The partner's name, and what it can invoice its commission of in this currency."""
    with database.reading() as session:
        partner = queries.partner(session, partner_id)
        rows = listing.uninvoiced(session, partner)
        return partner.name, [collected_view(row) for row in rows if row.currency == currency]


def _new_page(request: AnyRequest, database: Database, partner_id: int, currency: str, form: Form) -> Response[bytes]:
    name, rows = _offered(database, partner_id, currency)
    context = {
        "partner_id": partner_id,
        "partner_name": name,
        "currency": currency,
        "collected": rows,
        "longest": LONGEST_REFERENCE,
        "form": form.only_at(FIELDS if rows else ()),
    }
    return page(request, "backoffice/remittances/new_invoice.html", context)


def _show(request: AnyRequest, database: Database, invoice_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        invoice = commission_invoice_view(listing.commission_invoice(session, invoice_id))
        rows = [collected_view(row) for row in listing.invoiced(session, invoice_id)]
    shown = form.only_at({"act", "why"} if invoice.is_open else ())
    context = {"invoice": invoice, "collected": rows, "longest": LONGEST_WHY, "form": shown}
    return page(request, "backoffice/remittances/invoice.html", context)
