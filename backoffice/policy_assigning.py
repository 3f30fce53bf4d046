"""Policy assigning: whom a policy rules from when; groups of accounts; and what rules one account."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.confirming import unsure
from backoffice.frame import frame
from backoffice.given import AccountId, GivenNudge
from backoffice.policy_checking import check_context
from backoffice.wording import with_doers
from domain.accounts import queries as accounts
from domain.credit import reviewing
from domain.credit.foreseeing import Foreseen, foresee
from domain.credit.holding import review
from domain.policies import assigning, groups, queries
from domain.policies.assigning import Whom
from domain.policies.comparing import in_words
from domain.policies.sections import Sections
from domain.policies.whom import Supposed
from domain.shared.db.session import Database, business, today
from domain.shared.errors import N_, Invalid, Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

GroupId = FromPath[int]
ALL, GROUP, ACCOUNT = "everybody", "group", "account"
NO_POLICY = "none"
CHOOSE = N_("Choose one")
REMINDING = frozenset({"dunning", "courtesies"})
"""The sections that follow the version assigned today, not the one that governs an invoice."""


@get("/policies/assign", guards=admit(Permission.PUBLISH_POLICY), sync_to_thread=True)
def assign_form(
    request: AnyRequest,
    database: GivenDatabase,
    policy: FromQuery[str] = "",
    account: FromQuery[str] = "",
    group: FromQuery[str] = "",
) -> Response[bytes]:
    """Which policy, whom, and from when."""
    with database.reading() as session:
        day = today(session)
    whom = ACCOUNT if account else f"{GROUP}-{group}" if group else ""
    form = Form.starting(request, policy=policy, account=account, whom=whom, from_on=day.isoformat())
    return _assign_page(request, database, form)


@post("/policies/assign", guards=admit(Permission.PUBLISH_POLICY), sync_to_thread=True)
def assign_policy(request: AnyRequest, database: GivenDatabase, form: SentForm, nudge: GivenNudge) -> Response[bytes]:
    """Show whom it would move and which holds it would end; assign it once that is confirmed.

    Holds follow at once for one account, and by the worker for more.
    """
    step = form.value("step")
    if step == "change":
        return _assign_page(request, database, form)
    try:
        with database.reading() as session:
            wanted = _wanted(session, form)
            foreseen = foresee(session, wanted.policy_id, wanted.whom, wanted.on)
        if step == "confirm" and (asked := unsure(request, database, form)) is not None:
            return asked
        if step != "confirm" or form.value("seen") != foreseen.fingerprint:
            return _check_page(request, database, form, wanted, foreseen)
        with database.transaction() as session:
            assigning.assign(session, wanted.policy_id, wanted.whom, wanted.on, actor=actor_of(request))
            if wanted.whom.account_id is not None:
                review(session, wanted.whom.account_id)
            else:
                reviewing.ask(session)
    except Refused as refused:
        return _assign_page(request, database, form.refused(refused), status=422)
    nudge()
    whom = wanted.whom
    if whom.account_id is not None:
        return see_other(request, f"/accounts/{whom.account_id}/terms")
    return see_other(request, "/policies" if whom.group_id is None else f"/policies/groups/{whom.group_id}")


@get("/policies/groups", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def list_groups(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Every group, with the form for another."""
    return _groups_page(request, database, Form.starting(request))


@post("/policies/groups", guards=admit(Permission.WRITE_POLICY), sync_to_thread=True)
def make_group(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Make one."""
    try:
        with form.reading():
            name = form.text("name", missing=N_("Enter a name, such as Building trade."), longest=120)
        with database.transaction() as session:
            group = groups.make(session, name, actor=actor_of(request))
    except Refused as refused:
        return _groups_page(request, database, form.refused(refused), status=422)
    return see_other(request, f"/policies/groups/{group.id}")


@get("/policies/groups/{group_id:int}", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_group(request: AnyRequest, database: GivenDatabase, group_id: GroupId) -> Response[bytes]:
    """Who is in it, and what rules it."""
    return _group_page(request, database, group_id, Form.starting(request))


@post("/policies/groups/{group_id:int}", guards=admit(Permission.PUBLISH_POLICY), sync_to_thread=True)
def fill_group(request: AnyRequest, database: GivenDatabase, group_id: GroupId, form: SentForm) -> Response[bytes]:
    """Put an account in, or take one out: other terms may rule it from now on."""
    with database.reading() as session:
        groups.the_group(session, group_id)
    try:
        with form.reading():
            number = _number(form)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        act = groups.take_out if form.value("act") == "take_out" else groups.put_in
        with database.transaction() as session:
            account_id = _account(session, number)
            act(session, group_id, account_id, actor=actor_of(request))
            review(session, account_id)
    except Refused as refused:
        return _group_page(request, database, group_id, form.refused(refused), status=422)
    return see_other(request, f"/policies/groups/{group_id}")


@get("/accounts/{account_id:int}/terms", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def account_terms(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Which version rules the account, since when, and which it has accepted."""
    with database.reading() as session:
        context = frame(session, account_id, "terms")
        assigned = queries.assignments(session, account_id=account_id)
        ruling = queries.ruling(session, account_id)
        currency = business(session).currency
        governing = in_words(ruling.governing.sections if ruling.governing else Sections(), currency)
        assigned_says = in_words(ruling.assigned.sections if ruling.assigned else Sections(), currency)
        context |= {
            "ruling": ruling,
            "said": [section for section in governing if section.key not in REMINDING],
            "reminders": [section for section in assigned_says if section.key in REMINDING],
            "assignments": with_doers(session, assigned),
        }
    return page(request, "backoffice/policies/account.html", context)


def _wanted(session: Session, form: Form) -> Supposed:
    """What the form asks for; Invalid where nobody is chosen, or an account is named and others are chosen."""
    policies = {NO_POLICY: None, **{str(row.id): row.id for row in queries.policies(session)}}
    with form.reading():
        policy_id = form.choice("policy", policies, missing=N_("Choose a policy."))
        group_id = form.choice("whom", _choices(session), missing=N_("Choose whom it rules."))
        is_one = form.value("whom") == ACCOUNT
        number = _number(form) if is_one else ""
        if not is_one and form.value("account").strip():
            form.refuse("account", N_("Choose one account above, or leave this empty."))
        from_on = form.day("from_on", missing=N_("Enter the day from which it rules."))
    return Supposed(policy_id, Whom(_account(session, number) if is_one else None, group_id), from_on)


def _choices(session: Session) -> dict[str, int | None]:
    """Whom one can assign to, by what the form sends: the group's id, or None."""
    return {ALL: None, ACCOUNT: None, **{f"{GROUP}-{row.id}": row.id for row in queries.groups(session)}}


def _number(form: Form) -> str:
    return form.text("account", missing=N_("Enter the number of an account."), longest=64)


def _account(session: Session, number: str) -> int:
    """The account of that number; Invalid, at its field, where there is none."""
    account_id = accounts.id_of_number(session, number)
    if account_id is None:
        raise Invalid(N_("There is no account {number}."), field="account", number=number)
    return account_id


def _assign_page(request: AnyRequest, database: Database, form: Form, *, status: int = 200) -> Response[bytes]:
    speaking = visit_of(request).speaking
    with database.reading() as session:
        published = [(str(row.id), row.name) for row in queries.policies(session) if row.number is not None]
        existing = queries.groups(session)
    context = {
        "form": form,
        "policies": [
            ("", speaking.translate(CHOOSE)),
            *published,
            (NO_POLICY, speaking.translate(N_("None: end what was assigned"))),
        ],
        "whom": [
            ("", speaking.translate(CHOOSE)),
            (ALL, speaking.translate(N_("Everybody without a policy of their own or of their group"))),
            *((f"{GROUP}-{row.id}", speaking.translate(N_("The group {name}"), name=row.name)) for row in existing),
            (ACCOUNT, speaking.translate(N_("One account"))),
        ],
    }
    return page(request, "backoffice/policies/assign.html", context, status=status)


def _check_page(
    request: AnyRequest, database: Database, form: Form, wanted: Supposed, foreseen: Foreseen
) -> Response[bytes]:
    with database.reading() as session:
        context = check_context(session, wanted, foreseen)
    context["carried"] = [(name, form.value(name)) for name in ("policy", "whom", "account", "from_on")]
    return page(request, "backoffice/policies/check.html", context)


def _groups_page(request: AnyRequest, database: Database, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        context = {"groups": queries.groups(session), "form": form}
    return page(request, "backoffice/policies/groups.html", context, status=status)


def _group_page(
    request: AnyRequest, database: Database, group_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        assigned = queries.assignments(session, group_id=group_id)
        context = {
            "group": queries.group(session, group_id),
            "members": queries.members(session, group_id),
            "assignments": with_doers(session, assigned),
            "review": reviewing.last_review(session),
            "form": form,
        }
    return page(request, "backoffice/policies/group.html", context, status=status)
