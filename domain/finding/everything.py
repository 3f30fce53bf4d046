"""Everything: one question put to all that is there, as far as the one who asks may see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.finding import affairs, papers, parties, received
from domain.finding.asking import Group, Hit, Question, best
from domain.finding.owing import owing
from domain.shared.db.rows import AnyRow

Finder = Callable[[Session, Question, Sequence[int]], list[Hit]]
FINDERS: Mapping[Group, Sequence[Finder]] = {
    Group.INVOICES: (
        lambda session, asked, _: papers.invoices(session, asked),
        lambda session, asked, _: papers.credit_notes(session, asked),
    ),
    Group.DISPUTES: (affairs.disputes,),
    Group.PLANS: (affairs.plans,),
    Group.PROMISES: (affairs.promises,),
    Group.PLACEMENTS: (affairs.placements,),
    Group.DOCUMENTS: (lambda session, asked, _: papers.documents(session, asked),),
}
"""How each group is found, but for the accounts, who is on them, and those of which a part may not be seen."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see: these groups, and within two of them both kinds or one."""

    groups: Collection[Group]
    payments: bool = True
    bank: bool = True
    notices: bool = True
    messages: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, by group, the group with the best find first; and the accounts that it is of, by id."""

    groups: Sequence[tuple[Group, Sequence[Hit]]]
    accounts: Mapping[int, AnyRow]


def find(session: Session, asked: Question, sight: Sight, *, limit: int) -> Answer:
    """Everything that fits, `limit` of each group at most; nothing where nothing is asked."""
    if not asked.text:
        return Answer((), {})
    found = {group: hits for group, hits in _found(session, asked, sight).items() if hits}
    shown = {group: best([hit for hit in hits if hit.degree], limit) for group, hits in found.items()}
    order = list(Group)
    groups = sorted(
        ((group, hits) for group, hits in shown.items() if hits),
        key=lambda each: (-each[1][0].degree, order.index(each[0])),
    )
    ids = {hit.account_id for _, hits in groups for hit in hits if hit.account_id is not None}
    return Answer(groups, accounts.labels(session, ids))


def _found(session: Session, asked: Question, sight: Sight) -> dict[Group, list[Hit]]:
    found: dict[Group, list[Hit]] = {}
    parties_found = parties.accounts(session, asked) if {Group.ACCOUNTS, Group.PEOPLE} & set(sight.groups) else []
    meant = parties.meant(parties_found)
    for group in sight.groups:
        if group is Group.ACCOUNTS:
            found[group] = parties_found + owing(session, asked)
        elif group is Group.PEOPLE:
            found[group] = parties.people(session, asked, parties_found)
        else:
            found[group] = [hit for finder in _finders(group, sight) for hit in finder(session, asked, meant)]
    return found


def _finders(group: Group, sight: Sight) -> Sequence[Finder]:
    if group is Group.MONEY:
        pays: Sequence[Finder] = (lambda session, asked, _: received.payments(session, asked),)
        banks: Sequence[Finder] = (lambda session, asked, _: received.bank_lines(session, asked),)
        return (*(pays if sight.payments else ()), *(banks if sight.bank else ()))
    if group is Group.MESSAGES:
        return (*((affairs.notices,) if sight.notices else ()), *((affairs.messages,) if sight.messages else ()))
    return FINDERS[group]
