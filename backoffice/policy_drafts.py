"""Policy drafts: the next version is written section by section, read in plain words, and published."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.params import FromPath

from backoffice.access import actor_of, admit
from backoffice.confirming import unsure
from backoffice.given import GivenNudge
from backoffice.policies import PolicyId, profile_choices
from backoffice.policy_fields import ABOUT, FIELDS
from backoffice.policy_forms import arranged, kind_of, read, started
from backoffice.policy_rows import AUTHORITY_ROLES, NOT_AT_ALL, TRAIT_NAMES, UP_TO, WITHOUT_LIMIT, shown
from backoffice.policy_steps import REMOVE, STEP_OPTIONS
from domain.credit import reviewing
from domain.policies import drafting, publishing, queries
from domain.policies.acts import ACT_NAMES, UNITS, Act, deciding
from domain.policies.checking import contradictions
from domain.policies.comparing import difference, in_words
from domain.policies.profiles import profiles
from domain.policies.sections import digest
from domain.policies.sentences import SECTION_NAMES
from domain.policies.step_sentences import each_step
from domain.policies.usual_sequence import USUAL_SEQUENCE
from domain.shared.db.session import Database, business, today
from domain.shared.errors import N_, NotFound, Refused
from domain.staff.model import ROLE_NAMES
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.localisation import Localisation
from web.visit import AnyRequest, visit_of

SectionKey = FromPath[str]
CHOOSE = N_("Choose")


@get("/policies/{policy_id:int}/draft", guards=admit(Permission.SEE_POLICIES), sync_to_thread=True)
def show_draft(request: AnyRequest, database: GivenDatabase, policy_id: PolicyId) -> Response[bytes]:
    """What is being written, and what it says otherwise than the last version."""
    with database.reading() as session:
        written = queries.draft_of(session, policy_id)
    if written is None:
        return see_other(request, f"/policies/{policy_id}")
    return _draft_page(request, database, policy_id, Form.starting(request))


@post("/policies/{policy_id:int}/draft", guards=admit(Permission.WRITE_POLICY), sync_to_thread=True)
def change_draft(request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, form: SentForm) -> Response[bytes]:
    """Begin it, throw it away, take the late charges of a profile over, or the usual reminders."""
    act, actor = form.value("act"), actor_of(request)
    try:
        if act == "take_over":
            with form.reading():
                chosen = form.choice("profile", {each.key: each for each in profiles()})
        with database.transaction() as session:
            if act == "take_over":
                drafting.take_over(session, policy_id, chosen.sections, source=chosen.source, actor=actor)
            elif act == "usual_sequence":
                drafting.write_section(session, policy_id, "dunning", USUAL_SEQUENCE, actor=actor)
            elif act == "discard":
                drafting.discard(session, policy_id, actor=actor)
                is_gone = drafting.last_version(session, policy_id) is None
            else:
                drafting.begin(session, policy_id, actor=actor)
    except Refused as refused:
        return _draft_page(request, database, policy_id, form.refused(refused), status=422)
    if act == "discard":
        return see_other(request, "/policies" if is_gone else f"/policies/{policy_id}")
    return see_other(request, f"/policies/{policy_id}/draft")


@get("/policies/{policy_id:int}/draft/{section:str}", guards=admit(Permission.WRITE_POLICY), sync_to_thread=True)
def section_form(
    request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, section: SectionKey
) -> Response[bytes]:
    """One section, to be filled in."""
    kind = kind_of(section)
    with database.reading() as session:
        written, currency = queries.draft_of(session, policy_id), business(session).currency
    if written is None:
        return see_other(request, f"/policies/{policy_id}")
    form = started(kind, getattr(written.sections, section), visit_of(request).speaking, currency)
    return _section_page(request, database, policy_id, section, form)


@post("/policies/{policy_id:int}/draft/{section:str}", guards=admit(Permission.WRITE_POLICY), sync_to_thread=True)
def write_section(
    request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, section: SectionKey, form: SentForm
) -> Response[bytes]:
    """Keep what was typed, turn the section off, or show more rows or one less."""
    kind, act = kind_of(section), form.value("act")
    form = arranged(form, kind)
    if act == "more" or act.startswith(REMOVE):
        return _section_page(request, database, policy_id, section, form)
    try:
        with database.reading() as session:
            drafting.the_policy(session, policy_id)
            currency = business(session).currency
        written = None
        if act != "off":
            with form.reading():
                written = read(form, kind, currency)
        with database.transaction() as session:
            drafting.write_section(session, policy_id, section, written, actor=actor_of(request))
    except Refused as refused:
        return _section_page(request, database, policy_id, section, form.refused(refused), status=422)
    return see_other(request, f"/policies/{policy_id}/draft#{section}")


@get("/policies/{policy_id:int}/publish", guards=admit(Permission.PUBLISH_POLICY), sync_to_thread=True)
def publish_form(request: AnyRequest, database: GivenDatabase, policy_id: PolicyId) -> Response[bytes]:
    """What changes, from when, and whom it touches."""
    with database.reading() as session:
        written, day = queries.draft_of(session, policy_id), today(session)
    if written is None:
        return see_other(request, f"/policies/{policy_id}")
    form = Form.starting(request, valid_from=day.isoformat(), seen=digest(written.sections))
    return _publish_page(request, database, policy_id, form)


@post("/policies/{policy_id:int}/publish", guards=admit(Permission.PUBLISH_POLICY), sync_to_thread=True)
def publish_policy(
    request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Publish it, for good; the worker brings the holds on new credit in step with it."""
    with database.reading() as session:
        drafting.the_policy(session, policy_id)
    try:
        with form.reading():
            valid_from = form.day("valid_from", missing=N_("Enter the day from which it is valid."))
        with database.reading() as session:
            if (written := queries.draft_of(session, policy_id)) is not None:
                publishing.refuse_unfit(session, written, valid_from)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            publishing.publish(session, policy_id, valid_from, seen=form.value("seen"), actor=actor_of(request))
            reviewing.ask(session)
    except Refused as refused:
        return _publish_page(request, database, policy_id, form.refused(refused), status=422)
    nudge()
    return see_other(request, f"/policies/{policy_id}")


def _draft_page(
    request: AnyRequest, database: Database, policy_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        currency = business(session).currency
        written, last = queries.draft_of(session, policy_id), drafting.last_version(session, policy_id)
        if written is None:
            raise NotFound(drafting.NO_DRAFT)
        context = {
            "policy": drafting.the_policy(session, policy_id),
            "last": last,
            "said": in_words(written.sections, currency),
            "differences": difference(last.sections, written.sections, currency) if last else [],
            "contradictions": contradictions(written.sections),
            "profiles": profiles(),
            "profile_choices": profile_choices(request),
            "usual_sequence": each_step(USUAL_SEQUENCE, currency),
            "about": ABOUT,
            "form": form,
        }
    return page(request, "backoffice/policies/draft.html", context, status=status)


def _section_page(
    request: AnyRequest, database: Database, policy_id: int, section: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    speaking = visit_of(request).speaking
    with database.reading() as session:
        policy, written = drafting.the_policy(session, policy_id), queries.draft_of(session, policy_id)
        currency = business(session).currency
    fields = FIELDS.get(kind_of(section), ())
    context = {
        "policy": policy,
        "section": section,
        "name": SECTION_NAMES[section],
        "about": ABOUT[section],
        "is_on": written is not None and getattr(written.sections, section) is not None,
        "fields": fields,
        "options": {each.name: _in_words(each.options, speaking) for each in fields},
        "currency": currency,
        "form": form,
        "shown": shown,
        "step_options": {
            name: [("", speaking.translate(CHOOSE)), *_in_words(words, speaking)]
            for name, words in STEP_OPTIONS.items()
        },
        "traits": TRAIT_NAMES,
        "acts": [(act, ACT_NAMES[act], UNITS[act], deciding(act)) for act in Act],
        "roles": [(role, ROLE_NAMES[role]) for role in AUTHORITY_ROLES],
        "not_at_all": NOT_AT_ALL,
        "up_to": UP_TO,
        "without_limit": WITHOUT_LIMIT,
    }
    return page(request, "backoffice/policies/section.html", context, status=status)


def _in_words(options: Mapping[str, str], speaking: Localisation) -> list[tuple[str, str]]:
    """What may be chosen, as a select box shows it."""
    return [(value, speaking.translate(words)) for value, words in options.items()]


def _publish_page(
    request: AnyRequest, database: Database, policy_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        currency = business(session).currency
        written, last = queries.draft_of(session, policy_id), drafting.last_version(session, policy_id)
        sections = written.sections if written else queries.published(session, policy_id)
        context = {
            "policy": drafting.the_policy(session, policy_id),
            "last": last,
            "number": last.number + 1 if last else 1,
            "seen": digest(sections),
            "differences": difference(last.sections, sections, currency) if last else [],
            "said": in_words(sections, currency),
            "accounts": queries.ruled(session, today(session)).get(policy_id, 0),
            "acceptance": sections.acceptance,
            "form": form,
        }
    return page(request, "backoffice/policies/publish.html", context, status=status)
