"""Bank undoing: a line that was booked to the wrong account or invoices is taken back, to be booked differently."""

from __future__ import annotations

from litestar import Response, get, post

from backoffice.access import actor_of, admit
from backoffice.bank_deciding import PATH, LinePath
from backoffice.bank_views import PATHS, line_view
from domain.accounts import queries as accounts
from domain.banking import queries
from domain.banking.model import BOOKED_AS_NAMES, BookedAs, LineState
from domain.payments.model import Payment
from domain.processing.bank import undoing
from domain.processing.bank.undoing import LONGEST_REASON, TakenBack
from domain.processing.bank.unlinking import Unlinked
from domain.remittances.model import Remittance
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

UNDO_PATH = f"{PATH}/undo"


@get(UNDO_PATH, guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def undoing_form(request: AnyRequest, database: GivenDatabase, line_id: LinePath) -> Response[bytes]:
    """What is taken back, or why it no longer can be, and the reason for it."""
    return _page(request, database, line_id, Form.starting(request))


@post(UNDO_PATH, guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def undo_bank_line(request: AnyRequest, database: GivenDatabase, line_id: LinePath, form: SentForm) -> Response[bytes]:
    """Take it back. A line is taken back once, however often the form is sent: it needs no token of its own."""
    with database.reading() as session:
        queries.line(session, line_id)
    try:
        with form.reading():
            reason = form.text("reason", longest=LONGEST_REASON, missing=N_("Say what was wrong."))
        with database.transaction() as session:
            undoing.undo(session, line_id, reason=reason, actor=actor_of(request))
    except Refused as refused:
        return _page(request, database, line_id, form.refused(refused), status=422)
    return see_other(request, f"/bank/lines/{line_id}")


def _page(request: AnyRequest, database: Database, line_id: int, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        row = queries.line(session, line_id)
        refusal = None
        taken_back: list[TakenBack | Unlinked] = []
        try:
            taken_back = undoing.would_undo(session, line_id)
        except Refused as refused:
            refusal = (refused.text, refused.params)
        receipts = [each for each in taken_back if isinstance(each, TakenBack)]
        labels = accounts.labels(session, {each.payment.account_id for each in receipts})
        context = {
            "line": line_view(row),
            "refusal": refusal,
            "is_booked": row.state is LineState.BOOKED,
            "taken_back": [
                (
                    each.payment.receipt_number,
                    each.payment.public_id,
                    each.payment.amount,
                    labels[each.payment.account_id],
                    each.uncovered,
                )
                for each in receipts
            ],
            "unlinked": [_unlinked(each) for each in taken_back if isinstance(each, Unlinked)],
            "form": form.only_at({"reason"} if refusal is None else ()),
        }
    return page(request, "backoffice/bank/undo.html", context, status=status)


def _unlinked(each: Unlinked) -> tuple[str, str | None, str, Money, bool]:
    """What the line was not, for the template: its kind, number and page, what it is over, and if it is awaited."""
    if isinstance(each.subject, Payment):
        payment = each.subject
        kind, number = BOOKED_AS_NAMES[BookedAs.RECORDED_RECEIPT], payment.receipt_number
        return kind, number, PATHS[BookedAs.RECORDED_RECEIPT].format(payment.public_id), payment.amount, each.awaited
    if isinstance(each.subject, Remittance):
        remittance = each.subject
        kind = BOOKED_AS_NAMES[BookedAs.REMITTANCE]
        path = PATHS[BookedAs.REMITTANCE].format(remittance.id)
        return kind, remittance.reference, path, remittance.paid, each.awaited
    payout = each.subject
    kind = BOOKED_AS_NAMES[BookedAs.PAYOUT]
    return kind, payout.external_id, PATHS[BookedAs.PAYOUT].format(payout.id), payout.amount, each.awaited
