"""Claims: what the books say was owed on the first day, shown to be claimed as it is or otherwise, and filed."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.insolvencies import LIST, InsolvencyId
from domain.insolvencies import proving, queries
from domain.insolvencies.proving import LONGEST_REASON, Claimed, ProofPaper
from domain.processing.insolvency.claiming import claim_of
from domain.processing.insolvency.paper import claim_paper
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import read_and_carry_out
from web.amounts import typed_amount
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase, GivenRenderer, GivenStore
from web.visit import AnyRequest, visit_of

PATH = f"{LIST}/{{insolvency_id:int}}/claim"
PARTS = ("principal", "interest", "costs")


@get(PATH, guards=admit(Permission.HANDLE_INSOLVENCY), sync_to_thread=True)
def claim_form(request: AnyRequest, database: GivenDatabase, insolvency_id: InsolvencyId) -> Response[bytes]:
    """What was owed at the beginning of the first day, with its amounts filled in."""
    locale = visit_of(request).speaking.formats.locale
    with database.reading() as session:
        account_id = queries.proceeding(session, insolvency_id).account_id
        claim = claim_of(session, queries.entity(session, account_id, insolvency_id))
        start = {name: typed_amount(getattr(claim, name), locale) for name in PARTS}
        start |= {"filed_on": today(session).isoformat(), "shown": str(claim.total.minor)}
    return _page(request, database, insolvency_id, Form.starting(request, **start))


@post(PATH, guards=admit(Permission.HANDLE_INSOLVENCY), sync_to_thread=True)
def file_claim(
    request: AnyRequest,
    database: GivenDatabase,
    store: GivenStore,
    renderer: GivenRenderer,
    insolvency_id: InsolvencyId,
    form: SentForm,
) -> Response[bytes]:
    """File it with its paper; a later one takes its place."""
    with database.reading() as session:
        row = queries.proceeding(session, insolvency_id)

    def read() -> tuple[Claimed, ProofPaper]:
        claimed = _claimed(form, row.currency)
        shown = form.value("shown")
        was = Money(int(shown) if shown.isascii() and shown.isdigit() else -1, row.currency)
        with database.reading() as session:
            return claimed, claim_paper(session, renderer, row.account_id, insolvency_id, claimed, shown=was)

    def act(session: Session, said: tuple[Claimed, ProofPaper]) -> None:
        use_once(session, form.value("once"))
        claimed, paper = said
        proving.file_proof(session, store, row.account_id, insolvency_id, claimed, paper, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, insolvency_id, form)

    there = f"{LIST}/{insolvency_id}"
    return read_and_carry_out(request, database, form, read, act, there=there, again=again)


def _claimed(form: Form, currency: str) -> Claimed:
    with form.reading():
        principal, interest, costs = (form.amount(name, currency, or_zero=True) for name in PARTS)
        filed_on = form.day("filed_on", missing=N_("Enter the day on which it is filed."))
        reason = form.text("reason", required=False, longest=LONGEST_REASON)
    return Claimed(principal, interest, costs, filed_on, reason)


def _page(request: AnyRequest, database: Database, insolvency_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        row = queries.proceeding(session, insolvency_id)
        found = queries.entity(session, row.account_id, insolvency_id)
        claim = claim_of(session, found)
        latest = queries.latest_proof(session, insolvency_id)
    context = {
        "account_name": row.account_name,
        "account_id": row.account_id,
        "currency": row.currency,
        "started_on": row.started_on,
        "due_on": row.proof_due_on,
        "is_open": row.closed_on is None,
        "claim": claim,
        "shown": claim.total.minor,
        "filed_before": latest is not None,
        "back": f"{LIST}/{insolvency_id}",
        "longest": LONGEST_REASON,
        "form": form,
    }
    return page(request, "backoffice/insolvencies/claim.html", context)
