"""Audit views: acts of the trail as people read them: who, what, on what, and what was before and after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.audit_links import links_of
from backoffice.audit_values import value_name
from backoffice.wording import Doer, with_doers
from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit.queries import Act
from domain.documents.model import DOCUMENTS
from domain.reporting.audit_kinds import kind_name
from domain.reporting.audit_words import group_of, name_of, told
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Speaking, Words

DEEPEST = 4
"""So deep a payload is laid out; what lies deeper is shown as it was written down."""
SHOWN_CHANGES = 3
"""So many changes are shown in a list."""
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a payload, before and after; None where it was not there."""

    name: str
    before: str | None
    after: str | None

    @property
    def differs(self) -> bool:
        """Whether it is another than before."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class ActView:
    """One act of the trail; `words` are None where the act has none, and then its name stands for it."""

    act: Act
    doer: Doer
    who: str
    words: Words | None
    amount: Money | None
    link: str | None
    account_name: str | None
    changes: list[Change]

    @property
    def name(self) -> str:
        """What such acts are called, whatever they were about."""
        return name_of(self.act.act)

    @property
    def kind(self) -> str:
        """What the thing is called that it was on."""
        return kind_name(self.act.subject_kind)

    @property
    def shown(self) -> list[Change]:
        """The first changes, for a list."""
        return [change for change in self.changes if change.differs][:SHOWN_CHANGES]


def views_of(session: Session, acts: Sequence[Act], speaking: Speaking) -> list[ActView]:
    """Acts as they are shown, in a handful of queries however many they are."""
    names = _about(session, acts)
    links = links_of(session, acts)
    account_ids = {act.account_id for act in acts if act.account_id is not None}
    rows = session.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids))) if account_ids else ()
    named = {row.id: row.name for row in rows}
    found = []
    for act, doer in with_doers(session, acts):
        words, amount = told(act, names.get((act.subject_kind, act.subject_id)))
        found.append(
            ActView(
                act,
                doer,
                act.actor_kind if act.actor_id is None else f"{act.actor_kind}:{act.actor_id}",
                words,
                amount,
                links.get(act.id),
                named.get(act.account_id),
                changes_of(act, speaking),
            )
        )
    return found


def changes_of(act: Act, speaking: Speaking) -> list[Change]:
    """What an act says was before and after, field by field, in the order in which they were written down."""
    before, after = dict(_flat(act.before)), dict(_flat(act.after))

    def shown(name: str, side: Mapping[str, Any]) -> str | None:
        return said(side[name], speaking, group_of(act.act), name) if name in side else None

    return [Change(name, shown(name, before), shown(name, after)) for name in dict.fromkeys((*before, *after))]


def words_of(act: Act, speaking: Speaking) -> list[tuple[str, str]]:
    """What was written down beside before and after."""
    return [(name, said(value, speaking)) for name, value in _flat(act.words)]


def said(value: Any, speaking: Speaking, group: str = "", name: str = "") -> str:
    """One value of a payload as it is read: money, days and moments by locale, one of a few in words where the field
    of that name has them in such acts, and the rest as it was written down.
    """
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return speaking.translate(N_("yes") if value else N_("no"))
    if _is_money(value):
        with suppress(ValueError, TypeError, ArithmeticError, LookupError):
            return speaking.show(Money.of(value["amount"], value["currency"]))
    if isinstance(value, str) and len(value) >= len("2026-01-01") and value[:4].isdigit():
        with suppress(ValueError):
            return speaking.show(_day_or_instant(value))
    if isinstance(value, Sequence) and not isinstance(value, str) and not any(map(_is_deep, value)):
        return ", ".join(said(each, speaking, group, name) for each in value) or NOTHING
    if isinstance(value, str) and (words := value_name(group, _field(name), value)) is not None:
        return speaking.translate(words)
    return str(value) if isinstance(value, str | int) else _written(value)


def _field(name: str) -> str:
    """The field of a name that says where it lies, too."""
    return name.rpartition(" · ")[2].replace(" ", "_")


def _day_or_instant(text: str) -> date:
    return date.fromisoformat(text) if len(text) == len("2026-01-01") else datetime.fromisoformat(text)


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _is_deep(value: Any) -> bool:
    return isinstance(value, list) or (isinstance(value, Mapping) and not _is_money(value))


def _is_money(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"amount", "currency"}


def _flat(payload: Mapping[str, Any], prefix: str = "", depth: int = 1) -> Iterator[tuple[str, Any]]:
    for name, value in payload.items():
        if isinstance(value, Mapping) and value and not _is_money(value) and depth < DEEPEST:
            yield from _flat(value, f"{prefix}{name} · ", depth + 1)
        else:
            yield f"{prefix}{name}".replace("_", " "), value


def _about(session: Session, acts: Sequence[Act]) -> dict[tuple[str, str], str]:
    """What logins and documents are called, by their kind and id."""

    def ids(kind: str) -> set[int]:
        return {int(act.subject_id) for act in acts if act.subject_kind == kind and act.subject_id.isdigit()}

    found = {("login", str(key)): name for key, name in accounts.login_names(session, ids("login")).items()}
    if papers := ids("document"):
        rows = session.execute(select(DOCUMENTS.c.id, DOCUMENTS.c.filename).where(DOCUMENTS.c.id.in_(papers)))
        found |= {("document", str(row.id)): row.filename for row in rows}
    return found
