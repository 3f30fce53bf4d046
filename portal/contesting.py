"""Contesting: saying what is wrong with an invoice, or with some of its lines, with files that show it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.disputes.raising import LONGEST_WORDS, Complaint, left_to_contest, raise_dispute
from domain.disputes.reasons import REASON_GROUPS, REASON_NAMES, Reason
from domain.documents.intake import Intake, TakenIn
from domain.receivables import queries as receivables
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.shared.money import Money
from portal.access import Entered
from portal.doors import Door, SignedIn, limited
from portal.given import AccountId
from portal.uploading import count_uploads
from portal.views import invoice_view
from web.acting import read_and_carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.rate_limits import Rate
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest, visit_of

RAISING = Rate(20, 3600)
"""So many disputes one login may raise."""
FORM_PATH = "/accounts/{account_id:int}/invoices/{invoice_id:int}/dispute"
REASONS = {reason.value: reason for reason in Reason}
SAY_WHAT = N_("Say what is wrong, so that we can look into it.")
PAY_THE_REST = "pay"
"""What the button sends that goes on to pay what is not in dispute."""


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the invoice that can be ticked."""

    id: int
    description: str
    quantity: str | None
    amount: Money
    """With its tax."""


@get(FORM_PATH, sync_to_thread=True)
def dispute_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice_id: FromPath[int]
) -> Response[bytes]:
    """What is wrong, with which lines, and how much it is about."""
    return form_page(request, database, SignedIn(request, account_id), invoice_id)


@post(FORM_PATH, sync_to_thread=True, request_max_body_size=MOST_SENT)
def raise_it(
    request: AnyRequest,
    database: GivenDatabase,
    intake: GivenIntake,
    account_id: AccountId,
    invoice_id: FromPath[int],
    form: SentForm,
) -> Response[bytes]:
    """Raise the dispute, and go where it stands, or on to pay the rest."""
    return contest(request, database, intake, SignedIn(request, account_id), invoice_id, form)


def contest(
    request: AnyRequest, database: Database, intake: Intake, door: Door, invoice_id: int, form: Form
) -> Response[bytes]:
    """Read the form, take in its files, raise the dispute, and go where it stands, or on to pay the rest."""
    with database.reading() as session:
        account = door.enter(session, Right.DISPUTE)
        door.invoice(session, invoice_id)
    visit_of(request).site.limiter.count("dispute", limited(door), RAISING)

    def again(form: Form) -> Response[bytes]:
        return form_page(request, database, door, invoice_id, form, status=422)

    def read() -> Complaint:
        said = _complaint(form, account)
        return replace(said, files=taken_in(request, door, intake, form))

    def act(session: Session, complaint: Complaint) -> str:
        door.enter(session, Right.DISPUTE)
        door.invoice(session, invoice_id)
        use_once(session, form.value("once"))
        who = door.login_id
        dispute = raise_dispute(session, account.id, invoice_id, complaint, login_id=who, actor=door.actor)
        door.acted(session)
        row = door.invoice(session, invoice_id)
        rest = left_to_contest(session, invoice_id, Money(row.open_minor, row.currency))
        if form.value("then") == PAY_THE_REST and rest:
            return with_query(f"{account.path}/pay", invoice=invoice_id, disputed=dispute.id)
        return f"{account.path}/disputes/{dispute.id}"

    there = account.invoice_path(invoice_id)
    return read_and_carry_out(request, database, form, read, act, there=there, again=again)


def taken_in(request: AnyRequest, door: Door, intake: Intake, form: Form) -> tuple[TakenIn, ...]:
    """The files that came with a form, looked at and in the store; raises as the intake does, or TooOften."""
    sent = form.uploads("files")
    count_uploads(request, len(sent), who=limited(door))
    return tuple(intake.take_all(sent, field="files"))


def form_page(
    request: AnyRequest,
    database: Database,
    door: Door,
    invoice_id: int,
    form: Form | None = None,
    *,
    status: int = 200,
) -> Response[bytes]:
    """The form, with all that is not in dispute yet; whoever came by a link sees no lines."""
    with database.reading() as session:
        account = door.enter(session, Right.DISPUTE)
        row = door.invoice(session, invoice_id)
        left = left_to_contest(session, invoice_id, Money(row.open_minor, row.currency))
        view = invoice_view(row, today(session))
        lines = [] if account.by_link else _lines(session, invoice_id, row.currency)
    context = {
        "account": account,
        "invoice": view,
        "left": left,
        "right": view.open - left,
        "lines": lines,
        "groups": [(group, [(one.value, REASON_NAMES[one]) for one in reasons]) for group, reasons in REASON_GROUPS],
        "longest": LONGEST_WORDS,
        "may_pay": account.may_pay,
        "form": form or Form.starting(request),
    }
    return page(request, "portal/disputes/form.html", context, status=status)


def _complaint(form: Form, account: Entered) -> Complaint:
    with form.reading():
        return Complaint(
            reason=form.choice("reason", REASONS, missing=N_("Choose what comes closest.")),
            words=form.text("words", longest=LONGEST_WORDS, missing=SAY_WHAT),
            amount=form.amount("amount", account.currency) if form.value("amount").strip() else None,
            line_ids=form.ids("line") if form.values("line") and not account.by_link else (),
        )


def _lines(session: Session, invoice_id: int, currency: str) -> list[LineView]:
    """The lines that can be contested by themselves; none where there is but one."""
    rows = [row for row in receivables.lines(session, invoice_id) if row.amount_minor + row.tax_minor > 0]
    if len(rows) < 2:
        return []
    return [
        LineView(row.id, row.description, row.quantity, Money(row.amount_minor + row.tax_minor, currency))
        for row in rows
    ]
