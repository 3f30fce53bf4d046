"""Dispute shaping: who handles it, that it goes on in another one, that a part becomes one, that it is open again."""

from __future__ import annotations

from functools import partial

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.dispute import PATH, dispute_page
from backoffice.dispute_views import handler_choices, reason_groups
from backoffice.disputing import CHOOSE, REASONS
from domain.disputes import joining, owning, queries, reopening, thread
from domain.disputes.kin import may_take_up
from domain.disputes.model import Dispute
from domain.disputes.raising import LONGEST_WORDS, Complaint
from domain.disputes.routes import NOT_A_HANDLER
from domain.documents.intake import TakenIn
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import carry_out, read_and_carry_out
from web.disputes import dispute_view
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest


@post(f"{PATH}/owner", guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def own_dispute(
    request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Take it, give it to somebody, or to nobody."""

    def act(session: Session) -> None:
        row = queries.dispute(session, dispute_id)
        with form.reading():
            owner_id = form.choice("owner", handler_choices(session), missing=NOT_A_HANDLER)
        owning.assign(session, row.account_id, row.id, owner_id, actor=actor_of(request))

    again = partial(dispute_page, request, database, dispute_id)
    return carry_out(request, database, form, act, there=f"/disputes/{dispute_id}", again=again)


@post(f"{PATH}/merge", guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def merge_dispute(
    request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Go on with it in another dispute of the same invoice, and show that one."""

    def act(session: Session) -> str:
        row = queries.dispute(session, dispute_id)
        others = {str(one.id): one.id for one in may_take_up(session, row)}
        if not others:
            raise Conflict(N_("Only two disputes about the same invoice can become one."))
        with form.reading():
            into = form.choice("into", others)
        joining.merge(session, row.account_id, row.id, into, actor=actor_of(request))
        return f"/disputes/{into}"

    again = partial(dispute_page, request, database, dispute_id)
    return carry_out(request, database, form, act, there=f"/disputes/{dispute_id}", again=again)


@get(f"{PATH}/split", guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def split_form(request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int]) -> Response[bytes]:
    """Which part becomes a dispute of its own, and why."""
    return _split_page(request, database, dispute_id, Form.starting(request))


@post(f"{PATH}/split", guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def split_dispute(
    request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Make it one, and show it."""

    def act(session: Session) -> str:
        row = queries.dispute(session, dispute_id)
        with form.reading():
            part = Complaint(
                reason=form.choice("reason", REASONS, missing=CHOOSE),
                words=form.text("words", longest=LONGEST_WORDS, missing=N_("Say what this part is about.")),
                amount=None if form.values("line") else form.amount("amount", row.currency),
                line_ids=form.ids("line") if form.values("line") else (),
            )
        use_once(session, form.value("once"))
        return f"/disputes/{joining.split(session, row.account_id, row.id, part, actor=actor_of(request)).id}"

    again = partial(_split_page, request, database, dispute_id)
    return carry_out(request, database, form, act, there=f"/disputes/{dispute_id}", again=again)


@get(f"{PATH}/reopen", guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def reopen_form(request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int]) -> Response[bytes]:
    """What we should look at again."""
    return _reopen_page(request, database, dispute_id, Form.starting(request))


@post(f"{PATH}/reopen", guards=admit(Permission.HANDLE_DISPUTES), request_max_body_size=MOST_SENT, sync_to_thread=True)
def reopen_dispute(
    request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int], form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """Look at it once more, on the customer's word."""
    with database.reading() as session:
        row = queries.dispute(session, dispute_id)

    def read() -> tuple[str, list[TakenIn]]:
        with form.reading():
            words = form.text("words", longest=LONGEST_WORDS, missing=N_("Say what we should look at again."))
        return words, intake.take_all(form.uploads("files"), field="files")

    def act(session: Session, sent: tuple[str, list[TakenIn]]) -> None:
        words, taken = sent
        use_once(session, form.value("once"))
        reopening.reopen(session, row.account_id, row.id, words, files=taken, actor=actor_of(request))

    again = partial(_reopen_page, request, database, dispute_id)
    return read_and_carry_out(request, database, form, read, act, there=f"/disputes/{dispute_id}", again=again)


def _split_page(request: AnyRequest, database: Database, dispute_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        row = queries.dispute(session, dispute_id)
        context = {
            "dispute": dispute_view(row),
            "currency": row.currency,
            "lines": [(one, Money(one.amount_minor, row.currency)) for one in thread.lines(session, row.id)],
            "reasons": reason_groups(),
            "longest": LONGEST_WORDS,
            "form": form,
        }
    return page(request, "backoffice/disputes/split.html", context)


def _reopen_page(request: AnyRequest, database: Database, dispute_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        row = queries.dispute(session, dispute_id)
        can_reopen = reopening.can_reopen(session, session.get_one(Dispute, row.id))
        context = {
            "dispute": dispute_view(row),
            "can_reopen": can_reopen,
            "longest": LONGEST_WORDS,
            "form": form.only_at({"words", "files"} if can_reopen else ()),
        }
    return page(request, "backoffice/disputes/reopen.html", context)
