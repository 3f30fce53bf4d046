"""Partner agreements: the papers that were agreed with a partner, with their days, and filing one more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath

from backoffice.access import actor_of, admit
from backoffice.partner_views import partner_view
from domain.placements import queries
from domain.placements.people import agreements
from domain.placements.people.agreements import LONGEST_TITLE, SOON, Described
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

PATH = "/partners/{partner_id:int}/agreements"
PartnerId = FromPath[int]


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement as the page shows it: what it is called, its days, its paper, and how it stands today."""

    title: str
    from_on: date
    until_on: date | None
    document_id: int
    filename: str
    is_erased: bool
    badge: tuple[str, str]


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def partner_agreements(request: AnyRequest, database: GivenDatabase, partner_id: PartnerId) -> Response[bytes]:
    """All that was agreed with it on paper, and the form for one more."""
    return _show(request, database, partner_id, Form.starting(request))


@post(
    PATH,
    guards=admit(Permission.FILE_DOCUMENTS),
    sync_to_thread=True,
    request_max_body_size=MOST_SENT,
)
def file_partner_agreement(
    request: AnyRequest, database: GivenDatabase, partner_id: PartnerId, form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """File a paper that was agreed with it."""
    with database.reading() as session:
        queries.partner(session, partner_id)
    try:
        with form.reading():
            said = Described(
                form.text("title", longest=LONGEST_TITLE, missing=N_("Say what it is.")),
                form.day("from_on", missing=N_("Enter the day from which it holds.")),
                form.optional_day("until_on"),
            )
            sent = form.upload("file", missing=N_("Choose the file of the agreement."))
        assert sent is not None
        taken = intake.take_in(sent)
        with database.transaction() as session:
            use_once(session, form.value("once"))
            agreements.file_agreement(session, partner_id, taken, said, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/partners/{partner_id}/agreements")
    except Refused as refused:
        return _show(request, database, partner_id, form.refused(refused), status=422)
    return see_other(request, f"/partners/{partner_id}/agreements")


def _show(
    request: AnyRequest, database: Database, partner_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        day = today(session)
        context = {
            "partner": partner_view(queries.partner(session, partner_id)),
            "agreements": [_view(row, day) for row in agreements.of_partner(session, partner_id)],
            "longest": LONGEST_TITLE,
            "form": form,
        }
    return page(request, "backoffice/partners/agreements.html", context, status=status)


def _view(row: AnyRow, day: date) -> AgreementView:
    return AgreementView(
        row.title, row.from_on, row.until_on, row.document_id, row.filename, row.is_erased, _badge(row, day)
    )


def _badge(row: AnyRow, day: date) -> tuple[str, str]:
    """How an agreement stands on a day."""
    if row.until_on is not None and row.until_on < day:
        return "void", N_("ran out")
    if row.from_on > day:
        return "waiting", N_("not yet in force")
    if row.until_on is not None and row.until_on <= day + SOON:
        return "late", N_("runs out soon")
    return "paid", N_("in force")
