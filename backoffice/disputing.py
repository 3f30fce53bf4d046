"""Disputing: staff write down, on the customer's word, what is wrong with an invoice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.credited_lines import lines_of
from backoffice.dispute_views import reason_groups
from backoffice.frame import entered
from backoffice.given import AccountId, InvoiceId
from backoffice.views import invoice_view
from domain.disputes.raising import LONGEST_WORDS, Complaint, left_to_contest, raise_dispute
from domain.disputes.reasons import Reason
from domain.notices import queries as notices
from domain.receivables import queries as receivables
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import read_and_carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/dispute"
REASONS = {reason.value: reason for reason in Reason}
CHOOSE = N_("Choose what is wrong.")
WRITE_DOWN = N_("Write down what the customer says.")


@get(PATH, guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def dispute_form(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    invoice_id: InvoiceId,
    call: FromQuery[int | None] = None,
) -> Response[bytes]:
    """What the customer says is wrong; it begins with what was said in a call that led here."""
    return _page(request, database, account_id, invoice_id, None, call=call)


@post(PATH, guards=admit(Permission.HANDLE_DISPUTES), request_max_body_size=MOST_SENT, sync_to_thread=True)
def raise_it(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    invoice_id: InvoiceId,
    form: SentForm,
    intake: GivenIntake,
) -> Response[bytes]:
    """Write it down, and go where it is decided."""
    with database.reading() as session:
        row = receivables.invoice(session, account_id, invoice_id)

    def read() -> Complaint:
        with form.reading():
            complaint = Complaint(
                reason=form.choice("reason", REASONS, missing=CHOOSE),
                amount=form.amount("amount", row.currency) if form.value("amount").strip() else None,
                words=form.text("words", longest=LONGEST_WORDS, missing=WRITE_DOWN),
                line_ids=form.ids("line") if form.values("line") else (),
            )
        return replace(complaint, files=tuple(intake.take_all(form.uploads("files"))))

    def act(session: Session, complaint: Complaint) -> str:
        use_once(session, form.value("once"))
        actor = actor_of(request)
        return f"/disputes/{raise_dispute(session, account_id, invoice_id, complaint, login_id=None, actor=actor).id}"

    there = f"/accounts/{account_id}/invoices/{invoice_id}"
    again = partial(_page, request, database, account_id, invoice_id)
    return read_and_carry_out(request, database, form, read, act, there=there, again=again)


def _page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    invoice_id: int,
    form: Form | None,
    *,
    call: int | None = None,
) -> Response[bytes]:
    with database.reading() as session:
        row = receivables.invoice(session, account_id, invoice_id)
        left = left_to_contest(session, invoice_id, Money(row.open_minor, row.currency))
        context = {"account": entered(session, account_id), "invoice": invoice_view(row, today(session)), "left": left}
        context["lines"] = [line for line in lines_of(session, invoice_id, row.currency) if line.total.minor > 0]
        words = notices.words_of_call(session, account_id, call)
    context |= {
        "reasons": reason_groups(),
        "longest": LONGEST_WORDS,
        "form": form or Form.starting(request, words=words),
    }
    return page(request, "backoffice/disputes/new.html", context)
