"""Settings: what the business decides about itself: seen at a glance, changed part by part, with every change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.confirming import unsure
from backoffice.installation import Installation
from domain.documents import retention
from domain.documents.model import Category
from domain.documents.names import CATEGORY_NAMES
from domain.preferences import setting
from domain.preferences.contrast import least_contrast
from domain.preferences.values import NAMES, Name, value_of
from domain.shared.business import Business
from domain.shared.db.session import Database, business
from domain.shared.errors import N_, NotFound, Refused
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.localisation import LANGUAGES
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

PATH = "/settings"
GivenInstallation = NamedDependency[Installation]
"""How a handler asks for what is decided outside."""
BANK_FIELDS = ("holder", "iban", "account", "sort_code", "bic")
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Section:
    """Preferences that are changed together: what the page is called, and why somebody would open it."""

    words: str
    lead: str
    names: tuple[Name, ...]


SECTIONS = {
    "company": Section(
        N_("The business"),
        N_("How papers, mail and pages name it. Papers that were made stay as they are."),
        (Name.NAME, Name.REGISTRATION, Name.ADDRESS, Name.EMAIL, Name.PHONE),
    ),
    "looks": Section(
        N_("Colour"),
        N_("Pages keep its hue and choose its lightness themselves, so that all can be read by day and by night."),
        (Name.ACCENT,),
    ),
    "logo": Section(
        N_("Logo"), N_("It stands on pages, in mails, and on the papers that are made from now on."), (Name.LOGO,)
    ),
    "mail": Section(
        N_("Mail"), N_("Whom mail comes from by name, and where answers go."), (Name.SENDER, Name.REPLY_TO)
    ),
    "languages": Section(N_("Languages"), N_("What customers can choose from in the portal."), (Name.LANGUAGES,)),
    "hours": Section(
        N_("Working hours"),
        N_("Service levels count these hours, Monday to Friday, but on public holidays and on days of your own."),
        (Name.HOURS, Name.CLOSED),
    ),
    "bank": Section(
        N_("Bank account"),
        N_("Where customers transfer money to. Every administrator is told by mail when it changes."),
        (Name.BANK,),
    ),
    "channels": Section(
        N_("Channels"),
        N_(
            "Credit policies choose among these, step by step. "
            "What would go by a way that is turned off takes the next one that is open."
        ),
        (Name.EMAILS, Name.TEXTS, Name.LETTERS, Name.CALLS),
    ),
}


@get(PATH, guards=admit(Permission.SEE_SETTINGS), sync_to_thread=True)
def show_settings(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Every setting as it is now, where it comes from, and where it is changed."""
    with database.reading() as session:
        ours, held = business(session), setting.holding(session)
        kept = retention.kept_for(session)
    context = {
        "sections": [
            (
                key,
                section,
                [(NAMES[name], _told(ours, name), held.get(name) is not None) for name in section.names],
            )
            for key, section in SECTIONS.items()
        ],
        "kept": [(CATEGORY_NAMES[category], kept[category].years) for category in Category if category in kept],
        "business": ours,
    }
    return page(request, "backoffice/settings/overview.html", context)


@get(PATH + "/{part:str}", guards=admit(Permission.SEE_SETTINGS), sync_to_thread=True)
def show_section(
    request: AnyRequest, database: GivenDatabase, installation: GivenInstallation, part: FromPath[str]
) -> Response[bytes]:
    """One part with its form, and every change of it."""
    return _show(request, database, installation, part, None)


@post(PATH + "/{part:str}", guards=admit(Permission.CHANGE_SETTINGS), sync_to_thread=True)
def change_section(
    request: AnyRequest,
    database: GivenDatabase,
    installation: GivenInstallation,
    part: FromPath[str],
    form: SentForm,
) -> Response[bytes]:
    """Change one part, once it is sure who does; for the bank account the code is asked for each time."""
    names = _section(part).names
    if (asked := unsure(request, database, form, always=part == "bank")) is not None:
        return asked
    try:
        with form.reading():
            values = {name: READERS[name](form) for name in names if name in READERS}
        with database.transaction() as session:
            setting.change(session, values, installation.bounds, actor=actor_of(request))
    except Refused as refused:
        answer = _show(request, database, installation, part, form.refused(refused))
        answer.status_code = status_of(refused)
        return answer
    return see_other(request, f"{PATH}/{part}")


@post(PATH + "/{part:str}/back", guards=admit(Permission.CHANGE_SETTINGS), sync_to_thread=True)
def give_back_setting(
    request: AnyRequest, database: GivenDatabase, part: FromPath[str], form: SentForm
) -> Response[bytes]:
    """Let the installation's own values of one part hold again."""
    names = _section(part).names
    if (asked := unsure(request, database, form, always=part == "bank")) is not None:
        return asked
    with database.transaction() as session:
        for name in names:
            setting.give_back(session, name, actor=actor_of(request))
    return see_other(request, f"{PATH}/{part}")


@post(
    PATH + "/logo/picture",
    guards=admit(Permission.CHANGE_SETTINGS),
    sync_to_thread=True,
    request_max_body_size=MOST_SENT,
)
def change_logo(
    request: AnyRequest, database: GivenDatabase, installation: GivenInstallation, intake: GivenIntake, form: SentForm
) -> Response[bytes]:
    """Take another logo in, made anew from its pixels; it is chosen again once it is sure who sends it."""
    if (asked := unsure(request, database, form)) is not None:
        return asked
    try:
        with form.reading():
            sent = form.upload("file", missing=N_("Choose a picture."))
        assert sent is not None
        taken = intake.take_in(sent)
        if taken.picture is None or taken.size > LARGEST_LOGO or max(taken.picture) > LONGEST_SIDE:
            form.refuse("file", N_("Choose a PNG or JPEG picture of at most 200 kB and 1,000 pixels a side."))
        with form.reading():
            kept = {"sha256": taken.sha256, "media_type": taken.media_type}
        with database.transaction() as session:
            setting.change(session, {Name.LOGO: kept}, installation.bounds, actor=actor_of(request))
    except Refused as refused:
        answer = _show(request, database, installation, "logo", form.refused(refused))
        answer.status_code = status_of(refused)
        return answer
    return see_other(request, f"{PATH}/logo")


LARGEST_LOGO = 200_000
"""Bytes of a logo as it is kept: every mail carries it."""
LONGEST_SIDE = 1_000


def _lines(name: Name) -> Callable[[Form], str]:
    return lambda form: form.text(name.value, required=False, longest=LONGEST)


def _ticked(name: Name) -> Callable[[Form], bool]:
    return lambda form: form.ticked(name.value)


LINES = (
    Name.NAME,
    Name.REGISTRATION,
    Name.ADDRESS,
    Name.EMAIL,
    Name.PHONE,
    Name.ACCENT,
    Name.SENDER,
    Name.REPLY_TO,
)
"""What is kept as it is typed."""
SWITCHES = (Name.EMAILS, Name.TEXTS, Name.LETTERS, Name.CALLS)
"""What is on or off."""
READERS: Mapping[Name, Callable[[Form], Any]] = {
    **{name: _lines(name) for name in LINES},
    Name.CLOSED: lambda form: form.text(Name.CLOSED.value, required=False, longest=4_000),
    Name.LANGUAGES: lambda form: list(form.values("languages")),
    Name.HOURS: lambda form: [form.number("opens", least=0, most=23), form.number("closes", least=1, most=24)],
    Name.BANK: lambda form: {field: form.text(field, required=False, longest=120) for field in BANK_FIELDS},
    **{name: _ticked(name) for name in SWITCHES},
}
"""How each is read from its form; the logo comes as a file."""


def _section(key: str) -> Section:
    if key not in SECTIONS:
        raise NotFound
    return SECTIONS[key]


def _show(
    request: AnyRequest, database: Database, installation: Installation, key: str, form: Form | None
) -> Response[bytes]:
    section = _section(key)
    with database.reading() as session:
        ours, held = business(session), setting.holding(session)
        changes = _changes(session, section)
    context = {
        "key": key,
        "section": section,
        "form": form or Form.starting(request, **_fields(ours)),
        "is_own": any(held.get(name) is not None for name in section.names),
        "changes": changes,
        "languages_there": [(tag, LANGUAGES[tag]) for tag in installation.bounds.languages],
        "can_text": installation.bounds.can_text,
        "country": ours.country,
        "contrast": f"{least_contrast(ours.accent):.1f}" if ours.accent else None,
        "business": ours,
    }
    return page(request, "backoffice/settings/section.html", context)


def _changes(session: Session, section: Section) -> list[tuple[Any, str, str | None, str]]:
    """The changes of all preferences of a part, newest first: row, name, value in words, and who."""
    rows = [(row, name) for name in section.names for row in setting.history(session, name)]
    people = staff.names(session, {row.set_by for row, _ in rows})
    rows.sort(key=lambda pair: pair[0].id, reverse=True)
    return [
        (row, NAMES[name], None if row.value is None else said(name, row.value), people.get(row.set_by, "–"))
        for row, name in rows[: setting.SHOWN]
    ]


def said(name: Name, value: Any) -> str:
    """A value as it is shown."""
    match name:
        case Name.HOURS:
            return f"{value[0]}:00–{value[1]}:00"
        case Name.BANK:
            return " · ".join(part for part in value.values() if part)
        case Name.LANGUAGES:
            return ", ".join(LANGUAGES.get(tag, tag) for tag in value or LANGUAGES)
        case Name.CLOSED:
            return ", ".join(value)
        case Name.LOGO:
            return value["sha256"][:12] if value else ""
        case _:
            return str(value).replace("\n", ", ")


def _told(ours: Business, name: Name) -> str | bool:
    value = value_of(ours, name)
    return value if isinstance(value, bool) else said(name, value)


def _fields(ours: Business) -> dict[str, Any]:
    """What the fields of every form start with."""
    return {
        **{name.value: str(value_of(ours, name)) for name in LINES},
        **{field: getattr(ours.bank, field) for field in BANK_FIELDS},
        "closed": "\n".join(value_of(ours, Name.CLOSED)),
        "languages": list(ours.languages or LANGUAGES),
        "opens": str(ours.opens),
        "closes": str(ours.closes),
        **{name.value: "yes" if value_of(ours, name) else "" for name in SWITCHES},
    }


PAGES = (show_settings, show_section, change_section, give_back_setting, change_logo)
"""Its ways."""
