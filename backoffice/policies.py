"""Policies: which there are and whom they rule; making one; what a published version says; who may do what."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath

from backoffice.access import actor_of, admit
from backoffice.policy_rows import AUTHORITY_ROLES
from backoffice.wording import with_doers
from domain.credit.reviewing import last_review
from domain.policies import drafting, queries
from domain.policies.acts import ACT_NAMES, Act, deciding
from domain.policies.authority import limits
from domain.policies.comparing import difference, in_words
from domain.policies.inner_sentences import extent
from domain.policies.profiles import PROFILE_NAMES, profiles
from domain.policies.ruling import RuleBook
from domain.policies.sections import Authority, Sections
from domain.shared.db.session import Database, business, today
from domain.shared.errors import N_, Refused
from domain.shared.words import Words
from domain.staff import queries as staff
from domain.staff.model import ROLE_NAMES
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PolicyId = FromPath[int]
EMPTY = "empty"


@get("/policies", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def list_policies(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Every policy, and what was assigned to whom."""
    with database.reading() as session:
        assigned = queries.assignments(session)
        context = {
            "policies": queries.policies(session),
            "assignments": with_doers(session, assigned),
            "unruled": queries.ruled(session, today(session)).get(None, 0),
            "review": last_review(session),
        }
    return page(request, "backoffice/policies/list.html", context)


@get("/policies/new", guards=admit(Permission.WRITE_POLICY), sync_to_thread=True)
def new_policy(request: AnyRequest) -> Response[bytes]:
    """Its name, and what it starts from."""
    return _new_page(request, Form.starting(request, start=EMPTY))


@post("/policies/new", guards=admit(Permission.WRITE_POLICY), sync_to_thread=True)
def make_policy(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Make it, with the draft of its first version."""
    starts = {EMPTY: Sections(), **{each.key: each.sections for each in profiles()}}
    try:
        with form.reading():
            name = form.text("name", missing=N_("Enter a name, such as Standard terms."), longest=drafting.LONGEST_NAME)
            sections = form.choice("start", starts)
        with database.transaction() as session:
            policy = drafting.create(session, name, sections=sections, actor=actor_of(request))
    except Refused as refused:
        return _new_page(request, form.refused(refused), status=422)
    return see_other(request, f"/policies/{policy.id}/draft")


@get("/policies/{policy_id:int}", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_policy(request: AnyRequest, database: GivenDatabase, policy_id: PolicyId) -> Response[bytes]:
    """What its last version says, all its versions, and whom it was assigned to."""
    with database.reading() as session:
        policy = drafting.the_policy(session, policy_id)
        versions = queries.versions(session, policy_id)
        assigned = queries.assignments(session, policy_id=policy_id)
        context = {
            "policy": policy,
            "versions": versions,
            "publishers": staff.names(session, {row.published_by for row in versions if row.published_by is not None}),
            "said": in_words(queries.published(session, policy_id), business(session).currency),
            "is_drafted": queries.draft_of(session, policy_id) is not None,
            "assignments": with_doers(session, assigned),
            "accounts": queries.ruled(session, today(session)).get(policy_id, 0),
            "review": last_review(session),
        }
    return page(request, "backoffice/policies/show.html", context)


@get("/policies/{policy_id:int}/versions/{number:int}", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_version(
    request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, number: FromPath[int]
) -> Response[bytes]:
    """What one version says, and what it changed."""
    with database.reading() as session:
        policy, currency = drafting.the_policy(session, policy_id), business(session).currency
        version = queries.version(session, policy_id, number)
        before = queries.version(session, policy_id, number - 1).sections if number > 1 else Sections()
        context = {
            "policy": policy,
            "version": version,
            "publishers": staff.names(session, [] if version.published_by is None else [version.published_by]),
            "said": in_words(version.sections, currency),
            "differences": difference(before, version.sections, currency) if number > 1 else [],
        }
    return page(request, "backoffice/policies/version.html", context)


@get("/policies/authority", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_authority(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """How far each role may go alone: as usual, and under each policy that says otherwise today."""
    return page(request, "backoffice/policies/authority.html", authority_context(database))


def authority_context(database: Database) -> dict[str, object]:
    """The tables of authority: as usual, and of each policy that says otherwise today."""
    with database.reading() as session:
        on, currency = today(session), business(session).currency
        ruling = RuleBook(session, ()).in_force(on)
        names = queries.names(session, ruling)
        own = [
            (names[policy_id], policy_id, _table(version.sections.authority, currency))
            for policy_id, version in ruling.items()
            if version.sections.authority is not None
        ]
    return {
        "usual": _table(None, currency),
        "own": sorted(own),
        "roles": [ROLE_NAMES[role] for role in AUTHORITY_ROLES],
    }


def profile_choices(request: AnyRequest) -> list[tuple[str, str]]:
    """The profiles to start from, by key."""
    speaking = visit_of(request).speaking
    return [(key, speaking.translate(name)) for key, name in PROFILE_NAMES.items()]


def _table(section: Authority | None, currency: str) -> list[tuple[str, list[Words]]]:
    ruling = limits(section)
    return [
        (
            ACT_NAMES[act],
            [extent(act, ruling[act][role] if role in deciding(act) else 0, currency) for role in AUTHORITY_ROLES],
        )
        for act in Act
    ]


def _new_page(request: AnyRequest, form: Form, *, status: int = 200) -> Response[bytes]:
    context = {
        "form": form,
        "starts": [(EMPTY, visit_of(request).speaking.translate(N_("nothing"))), *profile_choices(request)],
        "profiles": profiles(),
    }
    return page(request, "backoffice/policies/new.html", context, status=status)
