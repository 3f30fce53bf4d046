"""Partner delivery: how a partner gets what we hand to it, and the files that it has brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.confirming import carry_out_when_sure
from backoffice.partner_views import partner_view
from backoffice.partners import LIST, PATH
from domain.placements import queries
from domain.placements.correspondence import files
from domain.placements.correspondence.model import BROUGHT_NAMES
from domain.placements.people import delivering
from domain.placements.people.model import DELIVERY_NAMES, Delivery
from domain.processing.placing.answers import OUTCOME_NAMES, Answer, Outcome, counts
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

DELIVERY = f"{PATH}/delivery"
LATEST = 20
"""So many files are shown."""
LONGEST_FOLDER = 80


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that a partner brought: how, when, what became of its records, and why some were refused."""

    name: str
    by: str
    at: datetime
    counts: dict[str, int]
    refused: list[Answer]


@get(DELIVERY, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def partner_delivery(request: AnyRequest, database: GivenDatabase, partner_id: FromPath[int]) -> Response[bytes]:
    """How it gets what we hand to it, and what it has brought."""
    with database.reading() as session:
        queries.partner(session, partner_id)
        chosen = delivering.delivery(session, partner_id)
    start = Form.starting(request, delivery=chosen.delivery.value, folder=chosen.folder or "")
    return _page(request, database, partner_id, start)


@post(DELIVERY, guards=admit(Permission.MANAGE_PARTNERS), sync_to_thread=True)
def choose_delivery(
    request: AnyRequest, database: GivenDatabase, partner_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Choose how it gets it."""
    with database.reading() as session:
        queries.partner(session, partner_id)

    def read() -> tuple[Delivery, str]:
        with form.reading():
            wanted = form.choice("delivery", {each.value: each for each in Delivery})
            return wanted, form.text("folder", required=False, longest=LONGEST_FOLDER)

    def act(session: Session, said: tuple[Delivery, str]) -> None:
        use_once(session, form.value("once"))
        wanted, folder = said
        delivering.choose(session, partner_id, wanted, folder=folder, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, partner_id, form)

    there = f"{LIST}/{partner_id}/delivery"
    return carry_out_when_sure(request, database, form, read, act, there=there, again=again)


def _page(request: AnyRequest, database: Database, partner_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        partner = partner_view(queries.partner(session, partner_id))
        brought = [_file(row) for row in files.brought(session, partner_id, limit=LATEST)]
    context = {
        "partner": partner,
        "ways": [(each.value, words) for each, words in DELIVERY_NAMES.items()],
        "files": brought,
        "outcomes": [(outcome.value, words) for outcome, words in OUTCOME_NAMES.items()],
        "longest": LONGEST_FOLDER,
        "form": form,
    }
    return page(request, "backoffice/partners/delivery.html", context)


def _file(row: AnyRow) -> FileView:
    answers = [Answer.of(kept) for kept in row.answers]
    many = {outcome.value: number for outcome, number in counts(answers).items()}
    refused = [answer for answer in answers if answer.outcome is Outcome.REFUSED]
    return FileView(row.name, BROUGHT_NAMES[row.brought_by], row.taken_at, many, refused)
