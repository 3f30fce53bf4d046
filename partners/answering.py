"""Answering: a partner takes a debt on or refuses it, gives it back, or says how its work has ended."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Response, get, post
from sqlalchemy.orm import Session

from domain.placements import closing, ending, sending
from domain.placements.model import Closing
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from partners.access import actor_of
from partners.given import PlacementId
from partners.placement import PATH, placement_page
from partners.telling import LONGEST_WHY, form_page, tell
from web.forms import Form, SentForm
from web.given import GivenDatabase
from web.visit import AnyRequest

REFUSE, GIVE_BACK, CLOSE = f"{PATH}/refuse", f"{PATH}/give-back", f"{PATH}/close"
CLOSINGS = {
    Closing.PAID: N_("All of it was paid"),
    Closing.SETTLED: N_("Settled for less, as agreed, and that was paid"),
    Closing.UNCOLLECTABLE: N_("It cannot be collected"),
    Closing.WITHDRAWN: N_("There is no debt any more: it was credited"),
}
"""The codes by which a partner ends its work."""
SAY_WHY = N_("Say why.")


@post(f"{PATH}/take", sync_to_thread=True)
def take_it(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm) -> Response[bytes]:
    """Take the debt on."""

    def act(session: Session, row: AnyRow) -> None:
        sending.take(session, row.account_id, row.id, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return placement_page(request, database, placement_id, form)

    return tell(request, database, placement_id, form, act, again)


@get(REFUSE, sync_to_thread=True)
def refuse_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form for the reason."""
    return form_page(request, database, placement_id, "partners/refuse.html", Form.starting(request))


@post(REFUSE, sync_to_thread=True)
def refuse_it(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Do not take the debt: it is ours again."""

    def act(session: Session, row: AnyRow) -> None:
        sending.refuse(session, row.account_id, row.id, why=_why(form), actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return form_page(request, database, placement_id, "partners/refuse.html", form)

    return tell(request, database, placement_id, form, act, again)


@get(GIVE_BACK, sync_to_thread=True)
def give_back_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form for the reason."""
    return form_page(request, database, placement_id, "partners/give_back.html", Form.starting(request))


@post(GIVE_BACK, sync_to_thread=True)
def give_it_back(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Give a debt back that was taken on."""

    def act(session: Session, row: AnyRow) -> None:
        ending.give_back(session, row.account_id, row.id, why=_why(form), actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return form_page(request, database, placement_id, "partners/give_back.html", form)

    return tell(request, database, placement_id, form, act, again)


@get(CLOSE, sync_to_thread=True)
def close_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form for how it ended."""
    return form_page(request, database, placement_id, "partners/close.html", Form.starting(request), _closings)


@post(CLOSE, sync_to_thread=True)
def close_it(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Say how the work on it has ended; our books have to say so too, where it is about money."""

    def act(session: Session, row: AnyRow) -> None:
        with form.reading():
            code = form.choice("code", {each.value: each for each in CLOSINGS}, missing=N_("Choose how it ended."))
            needs_why = code is Closing.UNCOLLECTABLE and not form.error("code")
            why = form.value("why").strip() and form.text("why", required=False, longest=LONGEST_WHY)
            if needs_why and not why:
                form.refuse("why", SAY_WHY)
        closing.close(session, row.account_id, row.id, code, why=why, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return form_page(request, database, placement_id, "partners/close.html", form, _closings)

    return tell(request, database, placement_id, form, act, again)


def _why(form: Form) -> str:
    with form.reading():
        return form.text("why", longest=LONGEST_WHY, missing=SAY_WHY)


def _closings(_: Session, __: AnyRow) -> Mapping[str, object]:
    return {"closings": [(code.value, words) for code, words in CLOSINGS.items()]}
