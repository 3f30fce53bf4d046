"""Account timeline: all that happened on an account as one list, by topic, person, day and words, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.frame import entered
from backoffice.given import AccountId
from domain.accounts.model import folded
from domain.reporting.act_words import Topic
from domain.reporting.timeline import Happening, Narrowed, Place, people_on, timeline
from domain.shared.actor import ActorKind
from domain.shared.errors import N_, Refused
from domain.shared.words import Words
from domain.staff.permissions import Permission
from web.forms import Form, query_form
from web.fragments import page_or_fragment
from web.given import GivenDatabase
from web.links import with_query
from web.localisation import Localisation
from web.visit import AnyRequest, visit_of

HAPPENINGS = 20
ABOUT_PAGES = {
    "notice": "/notices/{}",
    "call": "/calls/{}",
    "plan": "/plans/{}",
    "offer": "/settlements/{}",
    "placement": "/handoffs/{}",
    "promise": "/promises/{}",
    "dispute": "/disputes/{}",
    "write_off": "/write-offs/{}",
    "approval": "/approvals/{}",
    "incoming": "/messages/{}",
    "note": "/notes/{}",
}
"""Where what an act was done to has its page."""
TOPIC_WORDS = {
    Topic.ALL: N_("All"),
    Topic.MONEY: N_("Money"),
    Topic.PEOPLE: N_("People"),
    Topic.MESSAGES: N_("Messages"),
    Topic.NOTES: N_("Notes"),
    Topic.VIEWS: N_("Views"),
}
"""What the filters of the timeline are called."""
WHO_KINDS = {kind.value: kind for kind in (ActorKind.STAFF, ActorKind.LOGIN, ActorKind.PARTNER)}


@dataclass(frozen=True, slots=True)
class Filters:
    """What of a timeline is asked for: a topic, words, somebody ("staff:3"), and days."""

    topic: Topic = Topic.ALL
    words: str = ""
    who: str = ""
    first: date | None = None
    last: date | None = None

    def href(self, path: str, **more: object) -> str:
        """The same filters in an address, with others in their place."""
        given = {"show": self.topic.value, "words": self.words, "who": self.who, "from": self.first, "to": self.last}
        return with_query(path, **{**given, **more})

    def chips(self, path: str, people: Mapping[str, str]) -> list[tuple[Words, str]]:
        """What it is narrowed to beside the topic, each with the address of the timeline without it."""
        said = (
            ("words", self.words, Words.of(N_("Words: {words}"), words=self.words)),
            ("who", self.who, Words.of(N_("By {name}"), name=people.get(self.who, self.who))),
            ("from", self.first, Words.of(N_("From {day}"), day=self.first)),
            ("to", self.last, Words.of(N_("Until {day}"), day=self.last)),
        )
        return [(words, self.href(path, **{name: ""})) for name, value, words in said if value]

    def narrowed(self, speaking: Localisation) -> Narrowed:
        """The same as the domain wants it; words are looked for in what is read, whatever their case and accents."""
        kind, _, number = self.who.partition(":")
        is_somebody = kind in WHO_KINDS and number.isascii() and number.isdigit() and len(number) < 18
        wanted = folded(self.words).split()

        def says(one: Happening) -> bool:
            who = "" if one.who is None else speaking.translate(one.who) if one.who_has_no_name else one.who
            amount = speaking.show(one.amount) if one.amount is not None else ""
            read = folded(speaking.translate(one.words.text, **one.words.params), who, amount)
            return all(word in read for word in wanted)

        by = (WHO_KINDS[kind], int(number)) if is_somebody else None
        return Narrowed(by, self.first, self.last, says if wanted else None)


@get("/accounts/{account_id:int}/timeline", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_timeline(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    entry: FromQuery[int | None] = None,
    act: FromQuery[int | None] = None,
) -> Response[bytes]:
    """What happened, by topic, person, day and words, and page."""
    form = query_form(request)
    status, filters = 200, Filters(_topic(form))
    try:
        with form.reading():
            filters = Filters(
                _topic(form),
                form.text("words", required=False, longest=100),
                form.value("who")[:40],
                form.optional_day("from"),
                form.optional_day("to"),
            )
    except Refused as refused:
        form, status = form.refused(refused), 422
    with database.reading() as session:
        context: dict[str, object] = {"account": entered(session, account_id)}
        context |= timeline_context(session, account_id, filters, Place(entry, act), visit_of(request).speaking)
        context["people"] = found = people_on(session, account_id)
        context["chips"] = filters.chips(
            f"/accounts/{account_id}/timeline", {f"{kind}:{id}": name for kind, id, name in found}
        )
    return page_or_fragment(
        request,
        page="backoffice/account/timeline.html",
        fragment="backoffice/account/_timeline.html",
        context={**context, "form": form},
        status=status,
    )


def timeline_context(
    session: Session, account_id: int, filters: Filters, place: Place | None, speaking: Localisation
) -> dict[str, object]:
    """A page of the timeline as its template wants it, with ways to others."""
    found = timeline(
        session, account_id, filters.topic, narrowed=filters.narrowed(speaking), after=place, limit=HAPPENINGS
    )
    path = f"/accounts/{account_id}/timeline"
    following = found.following
    return {
        "timeline": found,
        "filters": filters,
        "is_cut_short": following is not None and len(found.happenings) < HAPPENINGS,
        "about_pages": ABOUT_PAGES,
        "topics": [
            (words, filters.href(path, show=one.value), one is filters.topic) for one, words in TOPIC_WORDS.items()
        ],
        "earlier": following and filters.href(path, entry=following.entry, act=following.act),
        "people": [],
        "chips": [],
    }


def _topic(form: Form) -> Topic:
    typed = form.value("show")
    return Topic(typed) if typed in set(Topic) else Topic.ALL
