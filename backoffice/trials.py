"""Trials: a policy's draft on past days, beside what happened; each number opens what is behind it.

A trial of few accounts is made while somebody waits; one of many is made by the worker, and kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.frame import entered
from backoffice.given import AccountId, GivenNudge
from backoffice.policies import PolicyId
from backoffice.trial_views import InCurrencyView, behind_view, currency_view, shown_rows
from domain.accounts import queries as accounts
from domain.policies import drafting, queries
from domain.policies.reference_rates import REFERENCE_NAMES
from domain.policies.sections import Sections
from domain.reporting.trial import keeping, scope
from domain.reporting.trial.exporting import MEDIA_TYPE, Line, lines_of, trial_csv
from domain.reporting.trial.keeping import Kept, Wanted, Working
from domain.reporting.trial.sums import Sums, summed
from domain.reporting.trial.trying import Trial, check_days, try_out, usual_period
from domain.shared.chunking import chunks
from domain.shared.errors import N_, Invalid, Refused
from domain.shared.home import home_first
from domain.staff.permissions import Permission
from web.downloads import download
from web.forms import Form, SentForm, query_form
from web.fragments import page, page_or_fragment, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PATH = "/policies/{policy_id:int}/trial"


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of a trial: its sums, where it was kept that, and how far one is that is being made."""

    sums: Sums | None = None
    kept: Kept | None = None
    working: Working | None = None


@get(PATH, guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_trial(request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, nudge: GivenNudge) -> Response[bytes]:
    """Totals on top, then the accounts, the biggest differences first; what takes long comes later."""
    status, found, shown = 200, Found(), []
    form = query_form(request)
    with database.reading() as session:
        policy = drafting.the_policy(session, policy_id)
        wanted = _usual(session, policy_id)
        try:
            wanted = _wanted(session, policy_id, form)
            found = _found(session, wanted)
        except Refused as refused:
            form, status = form.refused(refused), 422
        if found.sums:
            shown = _shown(session, found.sums, wanted, form.value("by"), found.kept)
        choices = [(key, visit_of(request).speaking.translate(words)) for key, words in _fixed().items()]
        choices += [(f"{scope.GROUP}{row.id}", row.name) for row in queries.groups(session)]
        is_draft = queries.draft_of(session, policy_id) is not None
    if status == 200 and found == Found():
        with database.transaction() as session:
            keeping.ask(session, wanted)
        nudge()
        found = Found(working=Working())
    here = _href(wanted)
    if visit_of(request).from_htmx and not found.working:
        return see_other(request, here)
    starting = {"whom": wanted.whom, "from": wanted.first.isoformat(), "to": wanted.last.isoformat()}
    missing = sorted(found.sums.missing.items()) if found.sums else []
    context = {
        "policy": policy,
        "is_draft": is_draft,
        "found": found,
        "first": wanted.first,
        "last": wanted.last,
        "currencies": shown,
        "missing": [(REFERENCE_NAMES[reference], day, count) for (reference, day), count in missing],
        "whom": choices,
        "chosen": starting,
        "all_href": here,
        "csv_href": _href(wanted, end=".csv"),
        "form": form if form.errors else Form.starting(request, **starting),
    }
    return page_or_fragment(
        request,
        page="backoffice/policies/trial.html",
        fragment="backoffice/policies/_trial_working.html",
        context=context,
        status=status,
    )


@post(PATH, guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def try_anew(
    request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, nudge: GivenNudge, form: SentForm
) -> Response[bytes]:
    """Have a trial that is kept made anew, from what the draft says now; what is kept is shown until then."""

    with suppress(Invalid), database.transaction() as session:  # what is wrong with its days is said on its page
        drafting.the_policy(session, policy_id)
        wanted = _wanted(session, policy_id, form)
        if keeping.is_slow(session, wanted):
            keeping.ask(session, wanted)
    nudge()
    asked = {name: form.value(name) for name in ("whom", "from", "to")}
    return see_other(request, with_query(f"/policies/{policy_id}/trial", **asked))


@get(f"{PATH}.csv", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def trial_file(request: AnyRequest, database: GivenDatabase, policy_id: PolicyId) -> Response[Any]:
    """Every account of the trial, for a spreadsheet; where it is not made yet, to the page that says so."""
    with database.reading() as session:
        policy = drafting.the_policy(session, policy_id)
        wanted = _wanted(session, policy_id, query_form(request))
        if not keeping.is_slow(session, wanted):
            lines = list(lines_of(_try(session, wanted)))
        elif found := keeping.kept(session, wanted):
            lines = list(_kept_lines(session, found.id))
        else:
            return see_other(request, _href(wanted))
    name = f"{policy.name} {wanted.first} {wanted.last}.csv"
    return download(trial_csv(lines, visit_of(request).speaking), name, MEDIA_TYPE)


@get(f"{PATH}/accounts/{{account_id:int}}", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def trial_account(
    request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, account_id: AccountId
) -> Response[bytes]:
    """What is behind the numbers of one account: its invoices with their working, and its held days.

    By the sections that a kept trial was made from, where the address names one.
    """
    form = query_form(request)
    with database.reading() as session:
        policy = drafting.the_policy(session, policy_id)
        account = entered(session, account_id)
        wanted = _wanted(session, policy_id, form)
        sections = _sections(session, policy_id, form)
        found = try_out(session, sections, [account_id], wanted.first, wanted.last)
    context = {
        "policy": policy,
        "account": account,
        "behind": [part for each in found.currencies for row in each.rows for part in behind_view(row)],
        "first": wanted.first,
        "last": wanted.last,
        "back_href": _href(wanted),
    }
    return page(request, "backoffice/policies/trial_account.html", context)


def _fixed() -> dict[str, str]:
    return {scope.RULED: N_("The accounts that the policy rules today"), scope.ALL: N_("All accounts")}


def _usual(session: Session, policy_id: int) -> Wanted:
    first, last = usual_period(session)
    return Wanted(policy_id, scope.RULED, first, last)


def _wanted(session: Session, policy_id: int, form: Form) -> Wanted:
    """What is asked for; what is left open is as usual. Refused where it makes no sense."""
    usual = _usual(session, policy_id)
    with form.reading():
        first, last = form.optional_day("from") or usual.first, form.optional_day("to") or usual.last
    return Wanted(policy_id, form.value("whom")[:40] or usual.whom, first, last)


def _sections(session: Session, policy_id: int, form: Form) -> Sections:
    """What was tried: what a kept trial was made from, where one is named, and else what would be tried now."""
    if not form.value("kept"):
        return scope.tried_sections(session, policy_id)
    with form.reading():
        kept_id = form.number("kept", least=1, most=10**15)
    return keeping.kept_by_id(session, policy_id, kept_id).sections


def _found(session: Session, wanted: Wanted) -> Found:
    check_days(session, wanted.first, wanted.last)
    if not keeping.is_slow(session, wanted):
        return Found(summed(_try(session, wanted)))
    kept = keeping.kept(session, wanted)
    return Found(kept.sums if kept else None, kept, keeping.working(session, wanted))


def _try(session: Session, wanted: Wanted) -> Trial:
    sections = scope.tried_sections(session, wanted.policy_id)
    account_ids = scope.accounts_of(session, wanted.policy_id, wanted.whom)
    return try_out(session, sections, account_ids, wanted.first, wanted.last)


def _kept_lines(session: Session, trial_id: int) -> Iterator[Line]:
    """The accounts of a kept trial by the names that they have now."""
    for some in chunks(list(keeping.all_rows(session, trial_id))):
        labels = accounts.labels(session, [row.account_id for _, row in some])
        for currency, row in some:
            label = labels[row.account_id]
            yield Line(label.number, label.name, currency, row.numbers)


def _shown(session: Session, sums: Sums, wanted: Wanted, by: str, kept: Kept | None) -> list[InCurrencyView]:
    found = {each.currency: each for each in sums.currencies}
    ordered = [found[currency] for currency in home_first(session, found)]
    ids = [row.account_id for each in ordered for row in shown_rows(each, by)]
    labels = accounts.labels(session, ids)

    def href(account_id: int) -> str:
        return _href(wanted, end=f"/accounts/{account_id}", kept=kept.id if kept else "")

    def href_by(key: str) -> str:
        return _href(wanted, by=key)

    return [currency_view(each, labels, by=by, href=href, href_by=href_by) for each in ordered]


def _href(wanted: Wanted, *, end: str = "", by: str = "", kept: object = "") -> str:
    """A page of a trial; by one column where its key is given, from one that is kept where that is."""
    path = f"/policies/{wanted.policy_id}/trial{end}"
    asked: dict[str, date | str] = {"whom": wanted.whom, "from": wanted.first, "to": wanted.last}
    return with_query(path, **asked, by=by, kept=kept)
