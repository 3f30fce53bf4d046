"""Write-offs of an account: what was written off, and what of it is open and can be, by who may propose it."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import carry_out_when_sure
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from backoffice.write_off_views import write_off_view
from domain.processing.write_offs.deciding import propose
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.permissions import Permission
from domain.write_offs import queries
from domain.write_offs.model import WRITE_OFF_KINDS, WriteOffKind
from domain.write_offs.proposing import LONGEST_REASON, Wish
from web.forms import Form, SentForm, query_form
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/write-offs"


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def account_write_offs(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What was written off on the account, and what could be; an invoice that the address names is ticked."""
    return _show(request, database, account_id, query_form(request))


@post(PATH, guards=admit(Permission.WRITE_OFF), sync_to_thread=True)
def propose_write_off(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Write off the invoices that are ticked, or propose it to somebody who may."""
    with database.reading() as session:
        entered(session, account_id)

    def read() -> Wish:
        with form.reading():
            chosen = form.ids("invoice", missing=N_("Choose at least one invoice."))
            kind = form.choice("kind", {each.value: each for each in WriteOffKind}, missing=N_("Choose one of these."))
            reason = form.text("reason", longest=LONGEST_REASON, missing=N_("Say why."))
        return Wish(kind, chosen, reason)

    def act(session: Session, wish: Wish) -> str | None:
        use_once(session, form.value("once"))
        made = propose(session, account_id, wish, role=officer_of(request).role, actor=actor_of(request))
        return f"/write-offs/{made[0].id}" if len(made) == 1 else None

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, account_id, form)

    there = f"/accounts/{account_id}/write-offs"
    return carry_out_when_sure(request, database, form, read, act, there=there, again=again)


def _show(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "write_offs")
        context["write_offs"] = [write_off_view(session, row) for row in queries.of_account(session, account_id)]
        context["choice"] = [
            (row.id, row.number, row.due_on, Money(row.open_minor, row.currency))
            for row in queries.can_be_written_off(session, account_id)
        ]
    context |= {"kinds": WRITE_OFF_KINDS, "longest": LONGEST_REASON, "form": form}
    return page(request, "backoffice/write_offs/account.html", context)
