"""Assignment of an account: somebody is given it by hand, or the rules say again whose it is."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.assignment_views import keeper_context
from backoffice.frame import entered
from backoffice.given import AccountId
from domain.assignments.assigning import assign, give_back
from domain.assignments.people import NOT_A_KEEPER, keepers
from domain.shared.db.session import Database
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/keeper"


@get(PATH, guards=admit(Permission.ASSIGN_WORK), sync_to_thread=True)
def keeper_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Who looks after it, to be changed."""
    return _page(request, database, account_id, None)


@post(PATH, guards=admit(Permission.ASSIGN_WORK), sync_to_thread=True)
def change_keeper(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Give it to somebody by hand, or back to the rules."""

    def act(session: Session) -> None:
        entered(session, account_id)
        if form.value("act") == "give_back":
            give_back(session, account_id, actor=actor_of(request))
            return
        with form.reading():
            people = {str(staff_id): staff_id for staff_id, _ in keepers(session)} or {"": 0}
            staff_id = form.choice("staff_id", people, missing=NOT_A_KEEPER)
        assign(session, [account_id], staff_id, actor=actor_of(request))

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/accounts/{account_id}",
        again=lambda form: _page(request, database, account_id, form),
    )


def _page(request: AnyRequest, database: Database, account_id: int, form: Form | None) -> Response[bytes]:
    with database.reading() as session:
        keeper = keeper_context(session, account_id)
        context = {
            "account": entered(session, account_id),
            "keeper": keeper,
            "people": keepers(session),
            "form": form or Form.starting(request, staff_id=str(keeper.staff_id) if keeper else ""),
        }
    return page(request, "backoffice/assignments/keeper.html", context)
