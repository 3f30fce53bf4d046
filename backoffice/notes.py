"""Notes: what staff write down about an account for each other; pinned, taken back, and read by whom they mention."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId
from domain.notes import queries, writing
from domain.notes.mentions import labels
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotFound, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, page_or_fragment, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

ACTS = {"pin": True, "unpin": False}
"""What a button of a note does to its pin."""
DONE = {
    "kept": N_("The note is kept. Whoever it mentions finds it among their tasks."),
    "pin": N_("The note stands on top now."),
    "unpin": N_("The note stands among the others again."),
    "withdraw": N_("The note is withdrawn; that there was one stays to be seen."),
    "read": N_("The note counts as read."),
}
"""What was done to a note, said where the notes are shown again."""
FIELDS = {"words": "note"}
"""What a field of the use case is called on the page, where several forms stand."""


@get("/accounts/{account_id:int}/notes", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_notes(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The notes about an account: the pinned ones on top, then the newest."""
    return _page(request, database, account_id, Form.starting(request))


@post("/accounts/{account_id:int}/notes", guards=admit(Permission.WRITE_NOTES), sync_to_thread=True)
def write_note(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Keep a note, and tell those whom it mentions."""
    with database.reading() as session:
        entered(session, account_id)
    try:
        with form.reading():
            words = form.text("note", longest=writing.LONGEST_WORDS, missing=N_("Write what is to be remembered."))
            tell = form.text("tell", required=False)
        with database.transaction() as session:
            also = [writing.meant(writing.colleagues(session), tell)] if tell else []
            use_once(session, form.value("once"))
            writing.write(session, account_id, words, also=also, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}#notes")
    except Refused as refused:
        refused.field = FIELDS.get(refused.field or "", refused.field)
        return _page(request, database, account_id, form.refused(refused), status=status_of(refused))
    return _after(request, database, account_id, "kept")


@post("/accounts/{account_id:int}/notes/{note_id:int}", guards=admit(Permission.WRITE_NOTES), sync_to_thread=True)
def change_note(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, note_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Pin it on top, let it go from there, or withdraw one's own."""
    with database.reading() as session:
        if queries.note(session, note_id).account_id != account_id:
            raise NotFound(writing.NO_SUCH_NOTE)
    act = form.value("act")
    try:
        with form.reading():
            form.choice("act", {"withdraw": True, **ACTS})
        with database.transaction() as session:
            if act in ACTS:
                writing.pin(session, account_id, note_id, pinned=ACTS[act], actor=actor_of(request))
            else:
                writing.withdraw(session, account_id, note_id, actor=actor_of(request))
    except Refused as refused:
        again = form.refused(refused).only_at(("note", "tell"))
        return _page(request, database, account_id, again, status=status_of(refused))
    return _after(request, database, account_id, act)


@get("/notes/{note_id:int}", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_note(request: AnyRequest, database: GivenDatabase, note_id: FromPath[int]) -> Response[bytes]:
    """One note, with a way to answer it."""
    return _note_page(request, database, note_id)


@get("/notes/{note_id:int}/{staff_id:int}", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def open_mention(request: AnyRequest, database: GivenDatabase, note_id: FromPath[int]) -> Response[bytes]:
    """The note that a task is about; opening it changes nothing, for browsers open pages before anybody asks."""
    return _note_page(request, database, note_id)


@post("/notes/{note_id:int}/read", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def read_note(request: AnyRequest, database: GivenDatabase, note_id: FromPath[int]) -> Response[bytes]:
    """Say that one has read a note that mentions oneself: the task to read it is done."""
    with database.transaction() as session:
        account_id = writing.read(session, note_id, actor=actor_of(request))
    return _after(request, database, account_id, "read")


def notes_context(session: Session, account_id: int, noted: str = "") -> dict[str, object]:
    """What the panel of notes on an account's page shows; `noted` is what was done to one just now, as in `DONE`."""
    pinned = queries.pinned(session, account_id)
    top = {note.id for note in pinned}
    newest = [note for note in queries.latest(session, account_id) if note.id not in top]
    called = labels(writing.colleagues(session))
    return {
        "notes": [*pinned, *newest],
        "colleagues": [*called.values()],
        "longest": writing.LONGEST_WORDS,
        "noted": DONE.get(noted),
    }


def _context(session: Session, account_id: int, noted: str = "") -> dict[str, object]:
    return {"account": entered(session, account_id), **notes_context(session, account_id, noted)}


def _after(request: AnyRequest, database: Database, account_id: int, noted: str) -> Response[bytes]:
    if visit_of(request).from_htmx:
        return _page(request, database, account_id, Form.starting(request), noted=noted)
    return see_other(request, f"/accounts/{account_id}?noted={noted}#notes")


def _note_page(request: AnyRequest, database: Database, note_id: int) -> Response[bytes]:
    with database.reading() as session:
        note = queries.note(session, note_id)
        context = _context(session, note.account_id) | {"notes": [note], "form": Form.starting(request)}
    return page(request, "backoffice/account/note.html", context)


def _page(
    request: AnyRequest, database: Database, account_id: int, form: Form, *, noted: str = "", status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = _context(session, account_id, noted)
    return page_or_fragment(
        request,
        page="backoffice/account/notes.html",
        fragment="backoffice/account/_notes.html",
        context={**context, "form": form},
        status=status,
    )
