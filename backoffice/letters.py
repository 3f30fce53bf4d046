"""Letters: those that wait for paper, batches of them to print and frank, and the word that they are in the post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.notice_views import STATUS_BADGES, one_line
from backoffice.wording import Doer, with_doers
from domain.documents.storage import AtHand
from domain.notices import printing
from domain.notices.model import NoticeStatus
from domain.notices.printing import Posted
from domain.policies.contacting import WORDING_NAMES
from domain.processing.printing_letters import post_letters, print_letters
from domain.reporting.franking import MEDIA_TYPE, franking_csv
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import carry_out, read_and_carry_out
from web.downloads import download
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase, GivenStore
from web.visit import AnyRequest, visit_of

PAGE = 20
BATCH_PATH = "/letters/batches/{print_batch_id:int}"
NOT_PRINTED_BADGES = {NoticeStatus.READY: ("waiting", N_("Not posted yet"))}
"""What a letter that was printed is called until it is in the post."""


@dataclass(frozen=True, slots=True)
class LetterView:
    """One letter: whose, to whom, what it is about and asks for, its PDF, and how it stands where it was printed."""

    id: int
    account_id: int
    account_name: str
    wording: str
    name: str | None
    address: str
    subject: str
    document_id: int
    total: Money
    badge: tuple[str, str]
    pages: int | None


@dataclass(frozen=True, slots=True)
class Fates:
    """How many letters that were to be printed were not: they ask for nothing any more, or are written anew."""

    called_off: int = 0
    anew: int = 0


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch, who made it, and what became of its letters."""

    row: AnyRow
    by: Doer
    posted: Posted


@get("/letters", guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def list_letters(
    request: AnyRequest,
    database: GivenDatabase,
    before: FromQuery[int | None] = None,
    called_off: FromQuery[int] = 0,
    anew: FromQuery[int] = 0,
) -> Response[bytes]:
    """The letters that wait, each to be looked at, and the batches that were made."""
    fates = Fates(called_off, anew)
    return _list(request, database, Form.starting(request), before=before, fates=fates)


@post("/letters/batches", guards=admit(Permission.PRINT_LETTERS), sync_to_thread=True)
def make_batch(request: AnyRequest, database: GivenDatabase, form: SentForm, store: GivenStore) -> Response[bytes]:
    """Print the ticked ones that are still true; they are fetched before, so that nobody waits for the store."""

    def read() -> tuple[Sequence[int], AtHand]:
        with form.reading():
            chosen = form.ids("letter", missing=N_("Tick at least one letter."))
        with database.reading() as session:
            wanted = [row.sha256 for row in printing.among(session, chosen)]
        return chosen, AtHand(store, wanted)

    def act(session: Session, said: tuple[Sequence[int], AtHand]) -> str:
        chosen, at_hand = said
        use_once(session, form.value("once"))
        made = print_letters(session, at_hand, chosen, actor=actor_of(request))
        place = "/letters" if made.batch_id is None else f"/letters/batches/{made.batch_id}"
        fates = {"called_off": made.called_off, "anew": made.written_anew}
        told = urlencode({name: count for name, count in fates.items() if count})
        return f"{place}?{told}" if told else place

    def again(form: Form) -> Response[bytes]:
        return _list(request, database, form, status=422)

    return read_and_carry_out(request, database, form, read, act, there="/letters", again=again)


@get(BATCH_PATH, guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def show_batch(
    request: AnyRequest,
    database: GivenDatabase,
    print_batch_id: FromPath[int],
    called_off: FromQuery[int] = 0,
    anew: FromQuery[int] = 0,
) -> Response[bytes]:
    """The letters of a batch, its file, its list for franking, and whether they are in the post."""
    fates = Fates(called_off, anew)
    return _batch(request, database, print_batch_id, Form.starting(request), fates=fates)


@get(f"{BATCH_PATH}/franking.csv", guards=admit(Permission.PRINT_LETTERS), sync_to_thread=True)
def franking_list(request: AnyRequest, database: GivenDatabase, print_batch_id: FromPath[int]) -> Response[Any]:
    """What whoever franks the letters wants to know of each."""
    with database.reading() as session:
        batch = printing.batch(session, print_batch_id)
        letters = printing.printed(session, print_batch_id)
    name = f"Letters {batch.made_at:%Y-%m-%d} {batch.id}.csv"
    return download(franking_csv(letters, visit_of(request).speaking), name, MEDIA_TYPE)


@post(f"{BATCH_PATH}/posted", guards=admit(Permission.PRINT_LETTERS), sync_to_thread=True)
def post_batch(
    request: AnyRequest, database: GivenDatabase, print_batch_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Somebody says that the letters are in the post: then they are sent."""

    def act(session: Session) -> None:
        printing.batch(session, print_batch_id)
        use_once(session, form.value("once"))
        post_letters(session, print_batch_id, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return _batch(request, database, print_batch_id, form)

    return carry_out(request, database, form, act, there=f"/letters/batches/{print_batch_id}", again=again)


def _list(
    request: AnyRequest,
    database: Database,
    form: Form,
    *,
    before: int | None = None,
    fates: Fates = Fates(),
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        rows = printing.batches(session, before=before, limit=PAGE + 1)
        context = {
            "letters": [_letter(row) for row in printing.waiting(session)],
            "many": printing.count_waiting(session),
            "batches": _batches(session, rows[:PAGE]),
            "following": f"/letters?before={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
            "fates": fates,
            "ticked": None if status == 200 else set(form.values("letter")),
            "form": form,
        }
    return page(request, "backoffice/letters/list.html", context, status=status)


def _batch(
    request: AnyRequest,
    database: Database,
    batch_id: int,
    form: Form,
    *,
    fates: Fates = Fates(),
) -> Response[bytes]:
    with database.reading() as session:
        (batch,) = _batches(session, [printing.batch(session, batch_id)])
        letters = [_letter(row, row.pages) for row in printing.printed(session, batch_id)]
        context = {"batch": batch, "letters": letters, "fates": fates, "form": form}
    return page(request, "backoffice/letters/batch.html", context)


def _batches(session: Session, rows: Sequence[AnyRow]) -> list[BatchView]:
    posted = printing.posted(session, [row.id for row in rows])
    return [BatchView(row, by, posted[row.id]) for row, by in with_doers(session, rows)]


def _letter(row: AnyRow, pages: int | None = None) -> LetterView:
    return LetterView(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account_name,
        wording=WORDING_NAMES[row.wording],
        name=row.name,
        address=one_line(row.address) or "",
        subject=row.subject,
        document_id=row.document_id,
        total=Money(row.total_minor, row.currency),
        badge=NOT_PRINTED_BADGES.get(row.status, STATUS_BADGES[row.status]),
        pages=pages,
    )
