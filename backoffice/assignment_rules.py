"""Assignment rules: the rules in their order, a new one, a move and an end, each told before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.assignment_views import RuleView, change_views, countries, places, rule_views, rule_words
from domain.assignments import applying, ruling
from domain.assignments.fitting import Choice, Rule
from domain.assignments.model import RULE_NAMES, RuleKind
from domain.assignments.people import NOT_A_KEEPER, keepers
from domain.assignments.ruling import LONGEST_LETTERS, Change
from domain.sessions.once import use_once
from domain.shared.db.session import Database, business
from domain.shared.errors import N_, NotFound, Refused
from domain.shared.languages import LANGUAGE_NAMES
from domain.shared.money import is_currency
from domain.staff.permissions import Permission
from web.acting import carry_out, status_of
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PATH = "/assignments/rules"
ONE = f"{PATH}/{{rule_id:int}}"
STEP = "step"
"""Which button was pressed: `check` or `save`."""
FIELDS = ("kind", "low", "high", "least", "currency", "country", "language", "staff_id", "place")
NO_AMOUNT = N_("Enter the least amount that is open.")
Known = tuple[Choice, int, int | None]
"""What a rule is made of: what it chooses, whose that is, before which place."""


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def list_rules(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The rules; the first that fits an account decides."""
    with database.reading() as session:
        context = {
            "rules": rule_views(session, visit_of(request).speaking),
            "under_way": applying.is_under_way(session),
        }
    return page(request, "backoffice/assignments/rules.html", context)


@get(f"{PATH}/new", guards=admit(Permission.ASSIGN_WORK), sync_to_thread=True)
def new_rule(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The form for one more rule."""
    with database.reading() as session:
        many = len(ruling.rules(session))
        starting = Form.starting(
            request, kind=RuleKind.ALPHABET.value, currency=business(session).currency, place=str(many)
        )
    return _new_page(request, database, starting)


@post(f"{PATH}/new", guards=admit(Permission.ASSIGN_WORK), sync_to_thread=True)
def add_rule(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Tell what it would change, or keep it."""
    if form.value(STEP) != "save":
        return _check_new(request, database, form)

    def act(session: Session) -> None:
        choice, staff_id, place = _read(session, form)
        use_once(session, form.value("once"))
        ruling.add(session, choice, staff_id, place=place, actor=actor_of(request))

    return carry_out(request, database, form, act, there=PATH, again=lambda form: _new_page(request, database, form))


@get(ONE, guards=admit(Permission.ASSIGN_WORK), sync_to_thread=True)
def show_rule(request: AnyRequest, database: GivenDatabase, rule_id: FromPath[int]) -> Response[bytes]:
    """One rule, to be moved or ended."""
    return _rule_page(request, database, rule_id, None)


@post(ONE, guards=admit(Permission.ASSIGN_WORK), sync_to_thread=True)
def change_rule(
    request: AnyRequest, database: GivenDatabase, rule_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Tell what a move or an end would change, or do it."""
    ends = form.value("act") == "end"
    if form.value(STEP) != "save":
        return _check_change(request, database, rule_id, form, ends=ends)

    def act(session: Session) -> None:
        if ends:
            ruling.end(session, rule_id, actor=actor_of(request))
        else:
            ruling.move(session, rule_id, _place(session, rule_id, form), actor=actor_of(request))

    return carry_out(
        request, database, form, act, there=PATH, again=lambda form: _rule_page(request, database, rule_id, form)
    )


def _check_new(request: AnyRequest, database: Database, form: Form) -> Response[bytes]:
    try:
        with database.reading() as session:
            choice, staff_id, place = _read(session, form)
            would_be = ruling.with_new(session, choice, staff_id, place)
            changes = ruling.preview(session, would_be)
    except Refused as refused:
        return _new_page(request, database, form.refused(refused), status=status_of(refused))
    return _new_page(request, database, form, changes=changes)


def _check_change(request: AnyRequest, database: Database, rule_id: int, form: Form, *, ends: bool) -> Response[bytes]:
    try:
        with database.reading() as session:
            would_be = _would_be(session, rule_id, form, ends=ends)
            changes = ruling.preview(session, would_be)
    except Refused as refused:
        return _rule_page(request, database, rule_id, form.refused(refused), status=status_of(refused))
    return _rule_page(request, database, rule_id, form, changes=changes, ends=ends)


def _would_be(session: Session, rule_id: int, form: Form, *, ends: bool) -> list[Rule]:
    if ends:
        return ruling.without(session, rule_id)
    return ruling.with_moved(session, rule_id, _place(session, rule_id, form))


def _place(session: Session, rule_id: int, form: Form) -> int:
    """Where a rule is to stand, counted without itself."""
    others = len([row for row in ruling.rules(session) if row.id != rule_id])
    with form.reading():
        place: int = form.choice("place", {str(place): place for place in range(others + 1)})
    return place


def _read(session: Session, form: Form) -> Known:
    with form.reading():
        choice = _choice(form)
        people = {str(staff_id): staff_id for staff_id, _ in keepers(session)} or {"": 0}
        staff_id = form.choice("staff_id", people, missing=NOT_A_KEEPER)
        many = len(ruling.rules(session))
        place = form.choice("place", {str(place): place for place in range(many + 1)})
    return ruling.checked(choice), staff_id, place


def _choice(form: Form) -> Choice:
    kind = form.choice("kind", {one.value: one for one in RuleKind}, missing=N_("Choose by what it goes."))
    match kind:
        case RuleKind.ALPHABET:
            return Choice(kind, low=form.value("low"), high=form.value("high") or form.value("low"))
        case RuleKind.SIZE:
            currency = form.value("currency").strip().upper()
            if not is_currency(currency):
                form.refuse("currency", N_("“{value}” is not a currency."), value=currency[:10])
                return Choice(kind)
            return Choice(kind, least=form.amount("least", currency, missing=NO_AMOUNT))
        case RuleKind.COUNTRY:
            codes = {code: code for code, _ in countries(form.speaking)}
            return Choice(kind, value=form.choice("country", codes, missing=N_("Choose the country.")))
        case RuleKind.LANGUAGE:
            tags = {tag: tag for tag in LANGUAGE_NAMES}
            return Choice(kind, value=form.choice("language", tags, missing=N_("Choose the language.")))
        case RuleKind.EVERYTHING:
            return Choice(kind)


def _new_page(
    request: AnyRequest,
    database: Database,
    form: Form,
    *,
    changes: Sequence[Change] | None = None,
    status: int = 200,
) -> Response[bytes]:
    speaking = visit_of(request).speaking
    with database.reading() as session:
        context = {
            "form": form,
            "kinds": [(kind.value, words) for kind, words in RULE_NAMES.items()],
            "people": keepers(session),
            "countries": countries(speaking),
            "tags": list(LANGUAGE_NAMES.items()),
            "rule_places": places(rule_views(session, speaking), speaking),
            "longest": LONGEST_LETTERS,
            "changes": None if changes is None else change_views(session, changes),
            "rule": None if changes is None else rule_words(ruling.checked(_choice(form)), speaking),
            "sent": [(name, form.value(name)) for name in FIELDS],
        }
    return page(request, "backoffice/assignments/new_rule.html", context, status=status)


def _rule_page(
    request: AnyRequest,
    database: Database,
    rule_id: int,
    form: Form | None,
    *,
    changes: Sequence[Change] | None = None,
    ends: bool = False,
    status: int = 200,
) -> Response[bytes]:
    speaking = visit_of(request).speaking
    with database.reading() as session:
        rules = rule_views(session, speaking)
        rule = _rule(rules, rule_id)
        others = [one for one in rules if one.id != rule_id]
        form = form or Form.starting(request, place=str(rule.place - 1))
        context = {
            "rule": rule,
            "many": len(rules),
            "form": form if others else form.only_at(()),
            "rule_places": [(str(place), words) for place, (_, words) in enumerate(places(others, speaking))],
            "changes": None if changes is None else change_views(session, changes),
            "ends": ends,
        }
    return page(request, "backoffice/assignments/rule.html", context, status=status)


def _rule(rules: Sequence[RuleView], rule_id: int) -> RuleView:
    found = next((rule for rule in rules if rule.id == rule_id), None)
    if found is None:
        raise NotFound(ruling.NO_SUCH_RULE)
    return found
