"""In force: the version that rules each account today, tried on the same days, so that a draft is compared with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from domain.policies.ruling import NOTHING, RuleBook
from domain.policies.sections import Sections
from domain.reporting.trial.history import read_history
from domain.reporting.trial.values import Column, Entry, Trying
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.words import Words

ALONE = N_("Only by the version in force.")


class InForce:
    """What rules some accounts today: to be asked column by column, beside the sections that are tried on them."""

    def __init__(self, session: Session, account_ids: Sequence[int], tried: Sections, first: date, last: date) -> None:
        book, day = RuleBook(session, account_ids), today(session)
        ruled: dict[int | None, list[int]] = {}
        for account_id in account_ids:
            version = book.assigned(account_id, day)
            ruled.setdefault(version.id if version else None, []).append(account_id)
        self._same: set[int] = set()
        self._others: list[Trying] = []
        for version_id, some in ruled.items():
            sections = NOTHING if version_id is None else book.versions[version_id].sections
            if sections == tried:
                self._same |= set(some)
            else:
                self._others.append(Trying(sections, read_history(session, some, sections, last), first, last))

    def beside(self, session: Session, column: Column, tried: Sequence[Entry]) -> list[Entry]:
        """The entries of a column, each with what the version in force makes of the same; then what only it makes."""
        answers = [entry for other in self._others for entry in column.answer(session, other).entries if entry.would]
        made = {_about(entry): entry for entry in answers}
        found = []
        for entry in tried:
            same = entry if entry.account_id in self._same else made.pop(_about(entry), None)
            found.append(replace(entry, in_force=same.would) if same else entry)
        return found + [replace(each, would=0, was=0, in_force=each.would, said=_alone()) for each in made.values()]


def _about(entry: Entry) -> tuple[object, ...]:
    """What an entry is about: the same in the answers of all versions."""
    return entry.account_id, *(entry.about or (entry.on, entry.would))


def _alone() -> Sequence[Words]:
    return [Words.of(ALONE)]
