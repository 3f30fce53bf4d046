"""Rates: the reference rates with their sources, what is missing, and entering what was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from litestar import Response, get, post

from backoffice.access import actor_of, admit
from backoffice.wording import Doer, with_doers
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
from web.visit import AnyRequest, visit_of

SHOWN = 4
"""Rates of a reference that are shown at once; the older ones unfold."""
CHOICES = {reference.value: reference for reference in PUBLISHED}


@dataclass(frozen=True, slots=True)
class RateView:
    """One rate, who entered it, and whether it counts: not where a later row says otherwise for the same day."""

    row: AnyRow
    doer: Doer
    counts: bool


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """One reference: through which day it is complete and who said so (row and doer); its rates, newest first."""

    key: str
    name: str
    through: date | None
    said: tuple[AnyRow, Doer] | None
    newest: Sequence[RateView]
    older: Sequence[RateView]


@get("/rates", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_rates(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Every rate with its source, and what is missing for today."""
    return _page(request, database, Form.starting(request))


@post("/rates", guards=admit(Permission.ENTER_RATES), sync_to_thread=True)
def change_rates(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Enter a rate, or note through which day one is complete."""
    try:
        if form.value("act") == "complete":
            _complete(request, database, form)
        else:
            _enter(request, database, form)
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
    reference: Reference, through: date | None, said: tuple[AnyRow, Doer] | None, rows: Sequence[tuple[AnyRow, Doer]]
) -> ReferenceView:
    days = [row.from_on for row, _ in rows]
    rates = [RateView(row, doer, row.from_on not in days[:place]) for place, (row, doer) in enumerate(rows)]
    return ReferenceView(reference.value, REFERENCE_NAMES[reference], through, said, rates[:SHOWN], rates[SHOWN:])


def _page(request: AnyRequest, database: Database, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        rows, through = with_doers(session, reference_rates.entered(session)), reference_rates.looked_up(session)
        said = {
            row.subject_id: (row, doer) for row, doer in with_doers(session, reference_rates.said_complete(session))
        }
        missing = reference_rates.missing_today(session)
    translate = visit_of(request).speaking.translate
    context = {
        "references": [
            _view(each, through.get(each), said.get(each.value), [pair for pair in rows if pair[0].reference is each])
            for each in PUBLISHED
        ],
        "missing": [(REFERENCE_NAMES[each.reference], each.day) for each in missing],
        "choices": [(each.value, translate(REFERENCE_NAMES[each])) for each in PUBLISHED],
        "form": form,
    }
    return page(request, "backoffice/rates/list.html", context, status=status)
