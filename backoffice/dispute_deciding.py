"""Dispute deciding: look into one, accept it with a credit note, reject it, or write down that it is withdrawn."""

from __future__ import annotations

from litestar import Response, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.approvals_asking import asks, do_or_ask, pressed
from backoffice.confirming import unsure
from backoffice.credited_lines import lines_of, read_line
from backoffice.dispute import PATH, dispute_page
from domain.approvals.wishes import AcceptDispute
from domain.disputes import queries, raising, resolving
from domain.disputes.reasons import RootCause
from domain.disputes.resolving import LONGEST_ANSWER
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.disputes import accepting
from domain.sessions.once import SentAlready
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid, Refused
from domain.staff.model import Role
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

ACT = "act"
"""Which button was pressed: `review`, `check`, `change`, `accept`, `settled`, `reject`, `withdraw`."""
TELL = N_("Tell the customer how this was decided and why.")
CAUSES: dict[str, RootCause | None] = {"": None} | {cause.value: cause for cause in RootCause}


@post(PATH, guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def decide_dispute(
    request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Look into it, see what accepting would do, accept, reject, or write down that the customer withdraws it."""
    with database.reading() as session:
        row = queries.dispute(session, dispute_id)
    if form.value(ACT) == "change":
        return dispute_page(request, database, dispute_id, form)
    try:
        if pressed(form, ACT) in ("check", "accept"):
            return _accept(request, database, row, form)
        with database.transaction() as session:
            _do(request, session, row, form)
    except SentAlready:
        return see_other(request, f"/disputes/{dispute_id}")
    except Refused as refused:
        return dispute_page(request, database, dispute_id, form.refused(refused), status=status_of(refused))
    return see_other(request, f"/disputes/{dispute_id}")


def _accept(request: AnyRequest, database: Database, row: AnyRow, form: Form) -> Response[bytes]:
    """Show what would be credited; do it once that is confirmed, above a collector's authority with the code again."""
    role = officer_of(request).role
    with database.reading() as session:
        lines = lines_of(session, row.invoice_id, row.currency)
    with form.reading():
        amount = form.amount("amount", row.currency)
        line_id = read_line(form, lines)
        answer = form.text("answer", longest=LONGEST_ANSWER, missing=TELL)
        cause = form.choice("cause", CAUSES)
    if form.value(ACT) == "check" and not asks(form):
        with database.reading() as session:
            effect = accepting.preview(session, row.id, amount, line_id=line_id)
            accepting.check_authority(session, row.id, amount, role)
        return dispute_page(request, database, row.id, form, effect=effect)
    with database.reading() as session:
        is_large = not authority.covers(session, Role.COLLECTOR, Act.CREDIT_NOTE, amount, account_id=row.account_id)
    if is_large and not asks(form) and (asked := unsure(request, database, form)) is not None:
        return asked
    with database.transaction() as session:
        wish = AcceptDispute(dispute_id=row.id, amount_minor=amount.minor, line_id=line_id, cause=cause, why=answer)
        there = do_or_ask(request, session, form, row.account_id, wish)
    return see_other(request, there or f"/disputes/{row.id}")


def _do(request: AnyRequest, session: Session, row: AnyRow, form: Form) -> None:
    actor = actor_of(request)
    match form.value(ACT):
        case "review":
            resolving.begin_review(session, row.account_id, row.id, actor=actor)
        case "withdraw":
            with form.reading():
                why = form.text("why", longest=500, missing=N_("Say who told you, and when."))
            raising.withdraw(session, row.account_id, row.id, actor=actor, why=why)
        case "reject" | "settled" as act:
            with form.reading():
                answer = form.text("answer", longest=LONGEST_ANSWER, missing=TELL)
                cause = form.choice("cause", CAUSES)
            decide = resolving.accept_settled if act == "settled" else resolving.reject
            decide(session, row.account_id, row.id, answer=answer, actor=actor, cause=cause)
        case _:
            raise Invalid(N_("Choose one of these."))
