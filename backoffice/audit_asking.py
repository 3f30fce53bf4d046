"""Audit asking: what somebody wants to see of the audit trail, read from the address, and said again in links."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.reading import Wanted, acts_there
from domain.reporting.audit_words import group_of
from domain.shared.actor import ActorKind
from domain.shared.clock import start_of_day
from domain.shared.db.session import business
from domain.shared.errors import N_
from web.forms import LONGEST_NUMBER, Form

FIELDS = ("who", "what", "kind", "number", "account", "from", "to", "words")
"""The fields by which the trail is narrowed."""
ALL_OF = "all:"
"""Before the word of a group of acts."""
NO_SUCH_ACT = "-"
"""An act that there is none of."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, and the fields that say so."""

    wanted: Wanted
    fields: Mapping[str, str]


def asked_by(session: Session, form: Form) -> Asked:
    """What the fields ask for; FormRefused where one cannot be read."""
    with form.reading():
        kind, number = _who(form)
        acts = _acts(session, form.value("what"))
        first, last = form.optional_day("from"), form.optional_day("to")
        account_id = _account(session, form)
        words = form.text("words", required=False, longest=100)
        subject_id = form.text("number", required=False, longest=60)
        subject_kind = form.text("kind", required=False, longest=40)
        if subject_id and not subject_kind:
            form.refuse("kind", N_("Choose what sort of thing it is, too."))
        if first is not None and last is not None and last < first:
            form.refuse("to", N_("The last day cannot be before the first."))
    zone = business(session).time_zone
    wanted = Wanted(
        actor_kind=kind,
        actor_id=number,
        acts=acts,
        subject_kind=subject_kind,
        subject_id=subject_id,
        account_id=account_id,
        since=start_of_day(first, zone) if first is not None else None,
        before=start_of_day(last + timedelta(days=1), zone) if last is not None else None,
        words=words,
    )
    return Asked(wanted, {name: form.value(name).strip() for name in FIELDS if form.value(name).strip()})


def position_of(typed: str) -> tuple[datetime, int] | None:
    """The place behind which a page begins, as `place_of` wrote it; None for anything else."""
    micros, _, number = typed.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) <= LONGEST_NUMBER for part in (micros, number)):
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros)), int(number)
    except OverflowError:
        return None


def place_of(position: tuple[datetime, int]) -> str:
    """A place in the trail, for an address."""
    at, number = position
    return f"{(at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)}.{number}"


def in_groups(acts: Collection[str]) -> dict[str, list[str]]:
    """The acts by what they are about, each in order."""
    found: dict[str, list[str]] = {}
    for act in sorted(acts):
        found.setdefault(group_of(act), []).append(act)
    return found


def _who(form: Form) -> tuple[ActorKind | None, int | None]:
    """Of `staff`, or `staff:7`: the kind of actor, and which."""
    typed = form.value("who").strip()
    if not typed:
        return None, None
    kind, _, number = typed.partition(":")
    good = number.isascii() and (number.isdigit() or not number) and len(number) <= LONGEST_NUMBER
    if kind not in set(ActorKind) or not good:
        form.refuse("who", N_("Choose from the list."))
        return None, None
    return ActorKind(kind), int(number) if number else None


def _acts(session: Session, typed: str) -> tuple[str, ...]:
    if not typed.startswith(ALL_OF):
        return (typed[:60],) if typed else ()
    group = typed.removeprefix(ALL_OF)
    return tuple(in_groups(acts_there(session)).get(group, (NO_SUCH_ACT,)))


def _account(session: Session, form: Form) -> int | None:
    number = form.text("account", required=False, longest=64)
    found = accounts.id_of_number(session, number) if number else None
    if number and found is None:
        form.refuse("account", N_("There is no account with this number."))
    return found
