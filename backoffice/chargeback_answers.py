"""Answering a bank: gather what we hold, work on it together, look at all of it, and hand it in, once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.chargeback_answer_views import (
    FILE_FIELDS,
    NEW_FILES,
    NEW_FILES_GO,
    SHOWN,
    answer_view,
    files_of,
    problems,
    read_content,
    starting,
)
from backoffice.chargebacks import chargeback_page, chargeback_view, who_hands_in
from backoffice.confirming import unsure
from backoffice.given import GivenNudge
from domain.chargebacks import answering, evidence, handing_in
from domain.chargebacks import queries as chargebacks
from domain.chargebacks.answering import NOBODY_BEGAN, Content
from domain.chargebacks.answers import answer_of, can_answer
from domain.chargebacks.model import WORKED_ON, Chargeback, ChargebackAnswer
from domain.documents.intake import TakenIn
from domain.documents.storage import Store
from domain.processing.contested import gathering
from domain.processing.contested.enclosing import edit_with
from domain.processing.contested.gathering import Kept
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Refused
from domain.staff.permissions import Permission
from web.acting import carry_out, read_and_carry_out, status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenRenderer, GivenStore
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

ANSWER_PATH = "/chargebacks/{chargeback_ref:str}/answer"


class Sent(NamedTuple):
    """What the form of a draft says: its content, which version was changed, and new files with where they go."""

    content: Content
    version: int
    goes: str
    files: Sequence[TakenIn]


@get(ANSWER_PATH, guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def answer_form(request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str]) -> Response[bytes]:
    """The draft of an answer; before there is one, what it is put together from."""
    return _form_page(request, database, chargeback_ref, None)


@post(f"{ANSWER_PATH}/gather", guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def gather_answer(
    request: AnyRequest,
    database: GivenDatabase,
    chargeback_ref: FromPath[str],
    form: SentForm,
    store: GivenStore,
    renderer: GivenRenderer,
) -> Response[bytes]:
    """Put together what we hold, in the place of what the draft says."""
    with database.reading() as session:
        gathered = gathering.gather(session, renderer, chargeback_ref)

    def act(session: Session, kept: Kept) -> None:
        use_once(session, form.value("once"))
        gathering.draft(session, chargeback_ref, kept, actor=actor_of(request))

    there = f"/chargebacks/{chargeback_ref}/answer"
    read, again = partial(gathering.keep, store, gathered), partial(_form_page, request, database, chargeback_ref)
    return read_and_carry_out(request, database, form, read, act, there=there, again=again)


@post(
    ANSWER_PATH,
    guards=admit(Permission.HANDLE_DISPUTES),
    sync_to_thread=True,
    request_max_body_size=MOST_SENT,
)
def edit_answer(
    request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str], form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """Keep what was changed, file what was sent with it, and stay, or go on to look at all of it."""
    with database.reading() as session:
        chargebacks.by_ref(session, chargeback_ref)

    def read() -> Sent:
        with form.reading():
            content = read_content(form)
            version = form.number("version", least=1, most=10**9)
            goes = form.choice(NEW_FILES_GO, {one.name: one.name for one in FILE_FIELDS})
        return Sent(content, version, goes, intake.take_all(form.uploads(NEW_FILES), field=NEW_FILES))

    def act(session: Session, sent: Sent) -> None:
        who = actor_of(request)
        edit_with(session, chargeback_ref, sent.content, sent.files, goes=sent.goes, version=sent.version, actor=who)

    there = f"/chargebacks/{chargeback_ref}/answer" + ("/check" if form.value("step") == "check" else "")
    again = partial(_form_page, request, database, chargeback_ref)
    return read_and_carry_out(request, database, form, read, act, there=there, again=again)


@get(f"{ANSWER_PATH}/check", guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def check_answer(
    request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str], store: GivenStore
) -> Response[bytes]:
    """All of the answer as the bank will have it, what is missing, and what is too much."""
    return _check_page(request, database, store, chargeback_ref, Form.starting(request))


@post(f"{ANSWER_PATH}/send", guards=admit(Permission.ANSWER_CHARGEBACK), sync_to_thread=True)
def send_answer(
    request: AnyRequest,
    database: GivenDatabase,
    chargeback_ref: FromPath[str],
    form: SentForm,
    store: GivenStore,
    nudge: GivenNudge,
) -> Response[bytes]:
    """Hand it in: the worker does, and the bank has it for good."""
    with database.reading() as session:
        row = chargebacks.by_ref(session, chargeback_ref)
        answer = answer_of(session, row.id)
    wrong = problems(database, store, row, answer) if answer is not None else []
    try:
        with form.reading():
            version = form.number("version", least=1, most=10**9)
        if wrong:
            return _check_page(request, database, store, chargeback_ref, form, status=422)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            use_once(session, form.value("once"))
            answering.submit(session, chargeback_ref, version=version, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/chargebacks/{chargeback_ref}")
    except Refused as refused:
        return _check_page(request, database, store, chargeback_ref, form.refused(refused), status=status_of(refused))
    nudge()
    return see_other(request, f"/chargebacks/{chargeback_ref}")


@post(f"{ANSWER_PATH}/again", guards=admit(Permission.ANSWER_CHARGEBACK), sync_to_thread=True)
def hand_in_again(
    request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str], form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Have the worker try again what it had given up: the answer as it is."""
    with database.reading() as session:
        chargebacks.by_ref(session, chargeback_ref)
    if (asked := unsure(request, database, form)) is not None:
        return asked

    def act(session: Session) -> None:
        handing_in.try_again(session, chargeback_ref, actor=actor_of(request))

    again = partial(chargeback_page, request, database, chargeback_ref)
    answer = carry_out(request, database, form, act, there=f"/chargebacks/{chargeback_ref}", again=again)
    nudge()
    return answer


def _form_page(request: AnyRequest, database: Database, chargeback_ref: str, form: Form | None) -> Response[bytes]:
    with database.reading() as session:
        row = chargebacks.by_ref(session, chargeback_ref)
        answer = answer_of(session, row.id)
        context: dict[str, object] = {
            "chargeback": chargeback_view(session, row),
            "can_answer": can_answer(session, session.get_one(Chargeback, row.id)),
            "helping": evidence.helping(row.reason),
            "hand_in": who_hands_in(session, officer_of(request)),
        }
        if answer is None or answer.state not in WORKED_ON:
            context |= {
                "answer": answer_view(session, row, answer) if answer is not None else None,
                "form": (form or Form.starting(request)).only_at(()),
            }
            return page(request, "backoffice/chargebacks/answer_begin.html", context)
        shown = (form or starting(request, answer)).only_at(SHOWN)
        going, others = files_of(session, row, answer)
        context |= {
            "answer": answer_view(session, row, answer),
            "form": shown,
            "others": evidence.others(row.reason),
            "file_fields": FILE_FIELDS,
            "going": going,
            "not_going": others,
        }
    return page(request, "backoffice/chargebacks/answer.html", context)


def _check_page(
    request: AnyRequest, database: Database, store: Store, chargeback_ref: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = chargebacks.by_ref(session, chargeback_ref)
        answer = _begun(session, row.id)
        context: dict[str, object] = {
            "chargeback": chargeback_view(session, row),
            "answer": answer_view(session, row, answer),
            "form": form.only_at(()),
        }
    context["problems"] = problems(database, store, row, answer) if answer.state in WORKED_ON else []
    return page(request, "backoffice/chargebacks/answer_check.html", context, status=status)


def _begun(session: Session, chargeback_id: int) -> ChargebackAnswer:
    answer = answer_of(session, chargeback_id)
    if answer is None:
        raise Conflict(NOBODY_BEGAN)
    return answer
