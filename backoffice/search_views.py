"""Search views: what was found, with its page and with what was looked for marked in it; and the office's own pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from backoffice.access import officer_of
from domain.finding.asking import GROUP_NAMES, Group, Hit, Kind, Question
from domain.finding.everything import Answer
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.spelling import alike, plain
from domain.shared.words import Speaking, Words
from domain.staff.permissions import Permission
from web.links import with_query
from web.marking import Piece, pieces
from web.places import Place, PlaceGroup
from web.visit import AnyRequest, visit_of

ICONS = {
    Group.ACCOUNTS: "people",
    Group.PEOPLE: "people",
    Group.INVOICES: "invoice",
    Group.MONEY: "card",
    Group.DISPUTES: "dispute",
    Group.PLANS: "plan",
    Group.PROMISES: "clock",
    Group.PLACEMENTS: "handoff",
    Group.MESSAGES: "mail",
    Group.DOCUMENTS: "clip",
}
PATHS = {
    Kind.ACCOUNT: "/accounts/{key}",
    Kind.CONTACT: "/accounts/{account}/people",
    Kind.LOGIN: "/accounts/{account}/people",
    Kind.INVOICE: "/accounts/{account}/invoices/{key}",
    Kind.CREDIT_NOTE: "/accounts/{account}/invoices/{of}",
    Kind.PAYMENT: "/payments/{key}",
    Kind.BANK_LINE: "/bank/lines/{key}",
    Kind.DISPUTE: "/disputes/{key}",
    Kind.PLAN: "/plans/{key}",
    Kind.SETTLEMENT: "/settlements/{key}",
    Kind.PROMISE: "/promises/{key}",
    Kind.PLACEMENT: "/handoffs/{key}",
    Kind.PARTNER: "/partners/{key}",
    Kind.CASE: "/cases/{key}",
    Kind.NOTICE: "/notices/{key}",
    Kind.MESSAGE: "/messages/{key}",
    Kind.DOCUMENT: "/documents/{key}/details",
}
"""The page of each kind of find."""
NAMED_BY_US = frozenset({Kind.PLAN, Kind.SETTLEMENT, Kind.PROMISE, Kind.NOTICE})
"""What has no name of its own: its title is a message id."""
MORE = {Group.ACCOUNTS: "/accounts", Group.DOCUMENTS: "/documents"}
"""Where a list shows all that there is of a group."""
COMMANDS = (
    (Permission.CHANGE_ACCOUNTS, N_("Open an account"), "people", "/accounts/new"),
    (Permission.IMPORT, N_("Import a file of invoices"), "download", "/imports"),
    (Permission.MANAGE_STAFF, N_("Invite somebody to the back office"), "lock", "/staff"),
    (Permission.WRITE_POLICY, N_("Write a credit policy"), "policy", "/policies"),
)
"""What can be begun from the search, besides the places of the navigation."""


@dataclass(frozen=True, slots=True)
class HitView:
    """One find: in pieces what it is called and what else is known of it, of which some are marked."""

    href: str
    title: Sequence[Piece]
    more: Sequence[Piece]
    account: Sequence[Piece]
    said: Words | None
    amount: Money | None
    on: date | None
    is_amount: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """Finds of one group; `href` leads to all that there is of it, where a list can be asked for the same."""

    id: str
    words: str
    icon: str
    hits: Sequence[HitView]
    href: str | None


@dataclass(frozen=True, slots=True)
class PageView:
    """A page of the back office, or something that can be begun."""

    href: str
    icon: str
    words: Sequence[Piece]


def group_views(speaking: Speaking, asked: Question, answer: Answer) -> Sequence[GroupView]:
    """What was found, as the page and the suggestions show it."""
    return [
        GroupView(
            group.value,
            GROUP_NAMES[group],
            ICONS[group],
            [_hit(speaking, asked, hit, answer) for hit in hits],
            with_query(MORE[group], q=asked.text) if group in MORE and not all(hit.is_amount for hit in hits) else None,
        )
        for group, hits in answer.groups
    ]


def pages_found(request: AnyRequest, asked: Question) -> Sequence[PageView]:
    """The places of the office, and what can be begun, whose names in the reader's language have the words in them."""
    if not asked.words:
        return ()
    speaking, officer = visit_of(request).speaking, officer_of(request)
    around = visit_of(request).site.page_context(request)
    places: list[tuple[str, str, str]] = [(one.words, one.icon, one.href) for one in _places(around.values())]
    places += [(words, icon, href) for permission, words, icon, href in COMMANDS if officer.may(permission)]
    named = [(speaking.translate(words), icon, href) for words, icon, href in places]
    found = [
        (degree, PageView(href, icon, pieces(name, asked.words)))
        for name, icon, href in named
        if (degree := asked.degree(name) or (alike(asked.words, name) if asked.is_name else 0.0))
    ]
    return [view for _, view in sorted(found, key=lambda each: -each[0])]


def _places(around: Iterable[object]) -> list[Place]:
    listed = [one for each in around if isinstance(each, (list, tuple)) for one in each]
    grouped = [one for group in listed if isinstance(group, PlaceGroup) for one in group.places]
    return grouped + [one for one in listed if isinstance(one, Place)]


def _hit(speaking: Speaking, asked: Question, hit: Hit, answer: Answer) -> HitView:
    account = answer.accounts.get(hit.account_id) if hit.account_id is not None else None
    title = speaking.translate(hit.title) if hit.kind in NAMED_BY_US else hit.title
    beside = "" if account is None or hit.kind is Kind.ACCOUNT else f"{account.name} · {account.number}"
    words = (plain(asked.text), *asked.words)
    return HitView(
        PATHS[hit.kind].format(key=hit.key, account=hit.account_id, of=hit.of),
        pieces(title, words),
        pieces(hit.more, words),
        pieces(beside, words),
        hit.said,
        hit.amount,
        hit.on,
        hit.is_amount,
    )
