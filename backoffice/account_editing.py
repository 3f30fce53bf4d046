"""Account editing: what is known of an account itself is put right in place, a few fields at a time."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import available_timezones

from litestar import Response, get, post
from litestar.params import FromQuery

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId
from domain.accounts import changing
from domain.accounts import queries as accounts
from domain.accounts.model import LEGAL_FORM_NAMES
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotFound, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import fragment, page_or_fragment, see_other
from web.given import GivenDatabase
from web.localisation import LANGUAGES
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/details"
SEEN = "seen-"
"""Before a field's name: what stood there when the form was shown."""
GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "name": (N_("Name and legal form"), ("name", "legal_form")),
    "reach": (N_("Email and phone"), ("email", "phone")),
    "place": (N_("Address and country"), ("address", "country")),
    "speaks": (N_("Language and time zone"), ("language", "time_zone")),
    "terms": (N_("Days to pay"), ("terms_days",)),
}
"""The fields that are changed together, and what each group is called."""
IN_THE_HEAD = {"name", "terms"}
"""What stands at the top of the page too, which is shown again as a whole after it was changed."""


@get(PATH, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def details_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, group: FromQuery[str] = "name"
) -> Response[bytes]:
    """A few fields of the account with what stands in them; without a group that there is, as they are to be read."""
    with database.reading() as session:
        account = entered(session, account_id)
        row = accounts.account(session, account_id)
    if group not in GROUPS:
        if visit_of(request).from_htmx:
            return fragment(request, "backoffice/account/_details.html", {"account": account})
        return see_other(request, account.path)
    now = {name: changing.as_typed(getattr(row, name)) for name in GROUPS[group][1]}
    return _form(request, database, account_id, group, Form.starting(request, **now), now)


@post(PATH, guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def change_details(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Keep them; what somebody else has changed since the form was opened is shown before it is replaced."""
    with database.reading() as session:
        entered(session, account_id)
    group = form.value("group")
    names = GROUPS[group][1] if group in GROUPS else ()
    try:
        with form.reading():
            form.choice("group", dict.fromkeys(GROUPS, True))
            wanted = {name: form.text(name, required=False, longest=changing.LONGEST_ADDRESS) for name in names}
        seen = {name: form.value(SEEN + name) for name in names}
        with database.transaction() as session:
            changing.change(session, account_id, wanted, seen, actor=actor_of(request))
    except NotFound:
        raise
    except Refused as refused:
        with database.reading() as session:
            row = accounts.account(session, account_id)
        now = {name: changing.as_typed(getattr(row, name)) for name in names}
        group = group if group in GROUPS else "name"
        again = form.refused(refused).only_at(GROUPS[group][1])
        return _form(request, database, account_id, group, again, now, status=status_of(refused))
    if visit_of(request).from_htmx and group not in IN_THE_HEAD:
        with database.reading() as session:
            context = {"account": entered(session, account_id), "changed": group}
        return fragment(request, "backoffice/account/_details.html", context)
    return see_other(request, f"/accounts/{account_id}")


def _form(
    request: AnyRequest,
    database: Database,
    account_id: int,
    group: str,
    form: Form,
    now: Mapping[str, str],
    *,
    status: int = 200,
) -> Response[bytes]:
    speaking = visit_of(request).speaking
    with database.reading() as session:
        account = entered(session, account_id)
    languages = LANGUAGES if account.language in LANGUAGES else {account.language: account.language, **LANGUAGES}
    context = {
        "account": account,
        "form": form,
        "group": group,
        "heading": GROUPS[group][0],
        "fields": GROUPS[group][1],
        "seen": [(SEEN + name, value) for name, value in now.items()],
        "legal_forms": [(one.value, speaking.translate(words)) for one, words in LEGAL_FORM_NAMES.items()],
        "languages_known": list(languages.items()),
        "time_zones": sorted(available_timezones()) if "time_zone" in GROUPS[group][1] else [],
    }
    return page_or_fragment(
        request,
        page="backoffice/account/details.html",
        fragment="backoffice/account/_details_form.html",
        context=context,
        status=status,
    )
