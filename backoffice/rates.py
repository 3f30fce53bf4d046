"""Rates: the reference rates with their sources, what is missing, and entering what was published, or a file of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from litestar import Response, get, post
from litestar.params import FromQuery

from backoffice.access import actor_of, admit
from backoffice.wording import Doer, with_doers
from domain.importing.rates import COLUMNS, BadRow, BadRows, Imported, import_rates
from domain.late_charges.days import settle_known
from domain.policies import reference_rates
from domain.policies.reference_rates import PUBLISHED, REFERENCE_NAMES, NewRate
from domain.policies.sections import Reference
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

SHOWN = 4
"""Rates of a reference that are shown at once; the older ones unfold."""
MOST_BAD = 50
"""Rows that cannot be used, of those that are named at once."""
CHOICES = {reference.value: reference for reference in PUBLISHED}


@dataclass(frozen=True, slots=True)
class RateView:
    """One rate, who entered it, and whether it counts: not where a later row says otherwise for the same day."""

    row: AnyRow
    doer: Doer
    counts: bool


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """One reference: through which day it is complete and who said so (row and doer); its rates, newest first.

    `missing_on` is the day whose rate rules this half-year, where nobody knows it.
    """

    key: str
    name: str
    through: date | None
    missing_on: date | None
    said: tuple[AnyRow, Doer] | None
    newest: Sequence[RateView]
    older: Sequence[RateView]


@get("/rates", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_rates(
    request: AnyRequest,
    database: GivenDatabase,
    added: FromQuery[int | None] = None,
    known: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Every rate with its source, and what is missing for today; and what a file came to that was just entered."""
    came_to = None if added is None or known is None else Imported(added, known)
    return _page(request, database, Form.starting(request), came_to=came_to)


@post("/rates", guards=admit(Permission.ENTER_RATES), sync_to_thread=True)
def change_rates(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Enter a rate, or a file of rates, or note through which day one is complete."""
    act = form.value("act")
    try:
        if act == "import":
            found = _import(request, database, form)
            return see_other(request, with_query("/rates", added=found.added, known=found.known))
        if act == "complete":
            _complete(request, database, form)
        else:
            _enter(request, database, form)
    except BadRows as refused:
        return _page(request, database, form.refused(refused), bad=refused.rows, status=422)
    except Refused as refused:
        return _page(request, database, form.refused(refused), status=422)
    return see_other(request, "/rates")


def _enter(request: AnyRequest, database: Database, form: Form) -> None:
    with form.reading():
        new = NewRate(
            reference=form.choice("reference", CHOICES),
            from_on=form.day("from_on"),
            rate=_percent(form, "rate"),
            source=form.text("source", longest=300, missing=N_("Say where the rate is published.")),
        )
    with database.transaction() as session:
        reference_rates.enter(session, new, actor=actor_of(request))
        settle_known(session)


def _import(request: AnyRequest, database: Database, form: Form) -> Imported:
    with form.reading():
        sent = form.upload("file", missing=N_("Choose a file of rates."))
    assert sent is not None
    with database.transaction() as session:
        return import_rates(session, sent.file, actor=actor_of(request))


def _complete(request: AnyRequest, database: Database, form: Form) -> None:
    with form.reading():
        reference: Reference = form.choice("reference", CHOICES)
        through_on = form.day("through_on")
    with database.transaction() as session:
        reference_rates.vouch(session, reference, through_on, actor=actor_of(request))
        settle_known(session)


def _percent(form: Form, name: str) -> Decimal:
    typed = form.text(name, required=False, longest=12)
    try:
        return Decimal(typed.replace(",", ".").replace("−", "-").removesuffix("%").strip())
    except InvalidOperation:
        if not form.error(name):
            form.refuse(name, N_("Enter the rate in per cent, such as {example}."), example=Decimal("3.75"))
        return Decimal(0)


def _view(
    reference: Reference,
    through: date | None,
    missing_on: date | None,
    said: tuple[AnyRow, Doer] | None,
    rows: Sequence[tuple[AnyRow, Doer]],
) -> ReferenceView:
    days = [row.from_on for row, _ in rows]
    rates = [RateView(row, doer, row.from_on not in days[:place]) for place, (row, doer) in enumerate(rows)]
    name, newest, older = REFERENCE_NAMES[reference], rates[:SHOWN], rates[SHOWN:]
    return ReferenceView(reference.value, name, through, missing_on, said, newest, older)


def _page(
    request: AnyRequest,
    database: Database,
    form: Form,
    *,
    came_to: Imported | None = None,
    bad: Sequence[BadRow] = (),
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        rows, through = with_doers(session, reference_rates.entered(session)), reference_rates.looked_up(session)
        said = {
            row.subject_id: (row, doer) for row, doer in with_doers(session, reference_rates.said_complete(session))
        }
        used = reference_rates.in_use(session)
        missing = {each.reference: each.day for each in reference_rates.missing_today(session, PUBLISHED)}
    speaking = visit_of(request).speaking
    context = {
        "references": [
            _view(
                each,
                through.get(each),
                missing.get(each),
                said.get(each.value),
                [pair for pair in rows if pair[0].reference is each],
            )
            for each in PUBLISHED
        ],
        "missing": [(REFERENCE_NAMES[each], day) for each, day in missing.items() if each in used],
        "unused": {each.value for each in PUBLISHED} - {each.value for each in used},
        "choices": [(each.value, speaking.translate(REFERENCE_NAMES[each])) for each in PUBLISHED],
        "came_to": came_to,
        "columns": COLUMNS,
        "bad": [(row.number, speaking.refusal(row.problem)) for row in bad[:MOST_BAD]],
        "more_bad": max(0, len(bad) - MOST_BAD),
        "form": form,
    }
    return page(request, "backoffice/rates/list.html", context, status=status)
