"""Moving credit: an account's credit goes to another account, which is found by its number or name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.confirming import unsure
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.views import AccountView, account_view
from domain.accounts import queries as accounts
from domain.accounts.searching import Found, search
from domain.processing.moving import check_credit_move, move_credit, nobody_sees_both
from domain.receivables import credits
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid, Refused
from domain.staff.permissions import Permission
from web.amounts import typed_amount
from web.forms import Form, SentForm
from web.fragments import fragment, page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/credit/move"
STEP = "step"
"""Which button was pressed: `check` or `move`; `look` is htmx asking while somebody types."""
LOOKED_AT = 50
OFFERED = 8
"""Accounts that one search looks at, and that are offered of those in the right currency."""
CARRIED = ("account", "to", "amount", "reason")


@get(PATH, guards=admit(Permission.MOVE_CREDIT), sync_to_thread=True)
def move_credit_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Where to, how much, and why."""
    with database.reading() as session:
        account = entered(session, account_id)
        there = credits.unapplied(session, account_id, account.currency)
    amount = typed_amount(there, visit_of(request).speaking.formats.locale) if there else ""
    return _page(request, database, account_id, Form.starting(request, amount=amount))


@post(PATH, guards=admit(Permission.MOVE_CREDIT), sync_to_thread=True)
def move_the_credit(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Find the other account, show both, then move it."""
    if form.value(STEP) == "look":
        return _look(request, database, account_id, form)
    try:
        with database.reading() as session:
            account = entered(session, account_id)
        with form.reading():
            words = form.text("account", longest=120, missing=N_("Enter the number or the name of the other account."))
            amount = form.amount("amount", account.currency)
            reason = form.text("reason", longest=500, missing=N_("Say why."))
        if form.value(STEP) == "move" and (asked := unsure(request, database, form)) is not None:
            return asked
        with database.reading() as session:
            target = _target(session, account, words, form)
            check_credit_move(session, account_id, target.id, amount)
            strangers = nobody_sees_both(session, account_id, target.id)
        if form.value(STEP) != "move":
            found = {"target": target, "amount": amount, "reason": reason, "strangers": strangers}
            return _page(request, database, account_id, form, found)
        with database.transaction() as session:
            use_once(session, form.value("once"))
            move_credit(session, account_id, target.id, amount, reason=reason, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}")
    except Refused as refused:
        return _page(request, database, account_id, form.refused(refused), status=422)
    return see_other(request, f"/accounts/{target.id}/credit")


def _target(session: Session, account: AccountView, words: str, form: Form) -> AccountView:
    """The account that was chosen, else the only one that these words can mean; Invalid where there is not just one.

    A number that is typed whole means its account, whatever others it occurs in.
    """
    offered = _offered(session, account, words)
    chosen = [one.id for one in offered if str(one.id) == form.value("to")]
    exact = [one.id for one in search(session, words, limit=LOOKED_AT) if one.number == words.strip()]
    possible = chosen or exact or [one.id for one in offered]
    if not possible:
        raise Invalid(N_("No account in this currency has that number or name."), field="account")
    if len(possible) > 1:
        raise Invalid(N_("Several accounts fit. Choose the one that you mean."), field="account")
    return account_view(accounts.account(session, possible[0]))


def _offered(session: Session, account: AccountView, words: str) -> Sequence[Found]:
    """The accounts that the credit could go to, by what is typed."""
    found = search(session, words.strip(), limit=LOOKED_AT) if words.strip() else []
    return [one for one in found if one.currency == account.currency and one.id != account.id][:OFFERED]


def _look(request: AnyRequest, database: Database, account_id: int, form: Form) -> Response[bytes]:
    """The accounts that fit, while somebody types."""
    with database.reading() as session:
        offered = _offered(session, entered(session, account_id), form.value("account"))
    context = {"form": form, "offered": offered, "words": form.value("account").strip()}
    return fragment(request, "backoffice/credit/_found.html", context)


def _page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    form: Form,
    found: Mapping[str, object] | None = None,
    *,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
        context = {
            "account": account,
            "credit": credits.unapplied(session, account_id, account.currency),
            "offered": _offered(session, account, form.value("account")),
            "words": form.value("account").strip(),
            "form": form,
            "found": found,
            "carried": [(name, form.value(name)) for name in CARRIED if form.value(name)],
        }
    return page(request, "backoffice/credit/move.html", context, status=status)
