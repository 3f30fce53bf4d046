"""Disputes of an account: those it has, as a part of its page, and raising several at once, one for each invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.dispute_views import cards, reason_groups
from backoffice.disputing import CHOOSE, REASONS, WRITE_DOWN
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from domain.disputes import queries
from domain.disputes.raising import LONGEST_WORDS, Complaint, raise_dispute
from domain.receivables import queries as receivables
from domain.receivables.model import InvoiceKind
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import read_and_carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/disputes"
PAGE = 50


@get(PATH, guards=admit(Permission.SEE_DISPUTES), sync_to_thread=True)
def account_disputes(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, before: FromQuery[int | None] = None
) -> Response[bytes]:
    """The account's disputes, the newest first."""
    with database.reading() as session:
        context = frame(session, account_id, "disputes")
        rows = queries.of_account(session, account_id, before=before, limit=PAGE + 1)
        context["cards"] = cards(session, rows[:PAGE])
    here = f"/accounts/{account_id}/disputes"
    context["older"] = with_query(here, before=rows[PAGE - 1].id) if len(rows) > PAGE else None
    return page(request, "backoffice/disputes/of_account.html", context)


@get(f"{PATH}/new", guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def several_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Which invoices, and what the customer says is wrong with all of them."""
    return _page(request, database, account_id, Form.starting(request))


@post(f"{PATH}/new", guards=admit(Permission.HANDLE_DISPUTES), request_max_body_size=MOST_SENT, sync_to_thread=True)
def raise_several(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """Write one dispute down for each invoice, over all that can be contested of it."""
    with database.reading() as session:
        entered(session, account_id)

    def read() -> tuple[Sequence[int], Complaint]:
        with form.reading():
            invoice_ids = form.ids("invoice", missing=N_("Tick at least one invoice."))
            complaint = Complaint(
                reason=form.choice("reason", REASONS, missing=CHOOSE),
                words=form.text("words", longest=LONGEST_WORDS, missing=WRITE_DOWN),
            )
        return invoice_ids, replace(complaint, files=tuple(intake.take_all(form.uploads("files"))))

    def act(session: Session, sent: tuple[Sequence[int], Complaint]) -> None:
        invoice_ids, complaint = sent
        use_once(session, form.value("once"))
        for invoice_id in invoice_ids:
            raise_dispute(session, account_id, invoice_id, complaint, login_id=None, actor=actor_of(request))

    there, again = f"/accounts/{account_id}/disputes", partial(_page, request, database, account_id)
    return read_and_carry_out(request, database, form, read, act, there=there, again=again)


def _page(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
        rows = [row for row in receivables.open_invoices(session, account_id) if row.kind is not InvoiceKind.OWED_AGAIN]
        contested = queries.contested(session, [row.id for row in rows])
    left = [(row, Money(row.open_minor - contested.get(row.id, 0), account.currency)) for row in rows]
    context = {
        "account": account,
        "invoices": [(row, amount) for row, amount in left if amount.minor > 0],
        "reasons": reason_groups(),
        "longest": LONGEST_WORDS,
        "form": form,
    }
    return page(request, "backoffice/disputes/several.html", context)
