"""Trials: a policy's draft on past days, beside what happened; each number opens what is behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response, get
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.policies import PolicyId
from backoffice.trial_views import InCurrencyView, behind_view, currency_view
from domain.policies import drafting, queries
from domain.policies.reference_rates import REFERENCE_NAMES
from domain.policies.sections import Sections
from domain.reporting.trial import scope
from domain.reporting.trial.exporting import MEDIA_TYPE, trial_csv
from domain.reporting.trial.trying import Trial, try_out, usual_period
from domain.shared.errors import N_, NotFound, Refused
from domain.staff.permissions import Permission
from web.downloads import download
from web.forms import Form, query_form
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PATH = "/policies/{policy_id:int}/trial"
RULED, ALL = "ruled", "all"
SHOWN = 100
"""Accounts on the page; the file has all."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be tried, read from the address: on whom (a key of the choices), from when to when."""

    whom: str
    first: date
    last: date

    def href(self, path: str, *, by: str = "") -> str:
        """A page of the same trial; by one column where its key is given."""
        return with_query(path, **{"whom": self.whom, "from": self.first, "to": self.last, "by": by})


@get(PATH, guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_trial(request: AnyRequest, database: GivenDatabase, policy_id: PolicyId) -> Response[bytes]:
    """Totals on top, then the accounts, the biggest differences first."""
    path, status, found = f"/policies/{policy_id}/trial", 200, None
    form = query_form(request)
    with database.reading() as session:
        policy, sections = drafting.the_policy(session, policy_id), scope.tried_sections(session, policy_id)
        asked = _usual(session)
        try:
            asked = _asked(session, form)
            found = _try(session, policy_id, sections, asked)
        except Refused as refused:
            form, status = form.refused(refused), 422
        choices = [(key, visit_of(request).speaking.translate(words)) for key, words in _fixed().items()]
        choices += [(f"group-{row.id}", row.name) for row in queries.groups(session)]
        is_draft = queries.draft_of(session, policy_id) is not None
    starting = {"whom": asked.whom, "from": asked.first.isoformat(), "to": asked.last.isoformat()}
    context = {
        "policy": policy,
        "is_draft": is_draft,
        "found": found,
        "currencies": _shown(found, asked, path, form.value("by")) if found else [],
        "missing": [
            (REFERENCE_NAMES[reference], day, count) for (reference, day), count in sorted(found.missing.items())
        ]
        if found
        else [],
        "whom": choices,
        "all_href": asked.href(path),
        "csv_href": asked.href(f"{path}.csv"),
        "form": form if form.errors else Form.starting(request, **starting),
    }
    return page(request, "backoffice/policies/trial.html", context, status=status)


@get(f"{PATH}.csv", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def trial_file(request: AnyRequest, database: GivenDatabase, policy_id: PolicyId) -> Response[Any]:
    """Every account of the trial, for a spreadsheet."""
    with database.reading() as session:
        policy = drafting.the_policy(session, policy_id)
        asked = _asked(session, query_form(request))
        found = _try(session, policy_id, scope.tried_sections(session, policy_id), asked)
    name = f"{policy.name} {asked.first} {asked.last}.csv"
    return download(trial_csv(found, visit_of(request).speaking), name, MEDIA_TYPE)


@get(f"{PATH}/accounts/{{account_id:int}}", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def trial_account(
    request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, account_id: AccountId
) -> Response[bytes]:
    """What is behind the numbers of one account: its invoices with their working, and its held days."""
    with database.reading() as session:
        policy = drafting.the_policy(session, policy_id)
        account = entered(session, account_id)
        asked = _asked(session, query_form(request))
        sections = scope.tried_sections(session, policy_id)
        found = try_out(session, sections, [account_id], asked.first, asked.last)
    context = {
        "policy": policy,
        "account": account,
        "behind": [part for each in found.currencies for row in each.rows for part in behind_view(row)],
        "first": asked.first,
        "last": asked.last,
        "back_href": asked.href(f"/policies/{policy_id}/trial"),
    }
    return page(request, "backoffice/policies/trial_account.html", context)


def _fixed() -> dict[str, str]:
    return {RULED: N_("The accounts that the policy rules today"), ALL: N_("All accounts")}


def _usual(session: Session) -> Asked:
    first, last = usual_period(session)
    return Asked(RULED, first, last)


def _asked(session: Session, form: Form) -> Asked:
    """What the address asks for; what it leaves open is as usual. Refused where it makes no sense."""
    usual = _usual(session)
    with form.reading():
        first, last = form.optional_day("from") or usual.first, form.optional_day("to") or usual.last
    return Asked(form.value("whom") or usual.whom, first, last)


def _try(session: Session, policy_id: int, sections: Sections, asked: Asked) -> Trial:
    return try_out(session, sections, _accounts(session, policy_id, asked.whom), asked.first, asked.last)


def _accounts(session: Session, policy_id: int, whom: str) -> Sequence[int]:
    if whom == ALL:
        return scope.all_accounts(session)
    if whom == RULED:
        return scope.ruled_accounts(session, policy_id)
    group = whom.removeprefix("group-")
    if not group.isascii() or not group.isdigit():
        raise NotFound(N_("We could not find that group."))
    return scope.group_accounts(session, queries.group(session, int(group[:18])).id)


def _shown(found: Trial, asked: Asked, path: str, by: str) -> list[InCurrencyView]:
    def href(account_id: int) -> str:
        return asked.href(f"{path}/accounts/{account_id}")

    def href_by(key: str) -> str:
        return asked.href(path, by=key)

    return [currency_view(each, SHOWN, by=by, href=href, href_by=href_by) for each in found.currencies]
