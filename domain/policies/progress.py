"""Progress: how far everybody is with each version that is asked for, and who has not accepted it since when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.policies import queries
from domain.policies.asked import reference
from domain.policies.model import TermsAcceptance, TermsRequest
from domain.policies.ruling import Version
from domain.policies.telling import Asking, asked_of, askings, can_be_told, waiting
from domain.shared.db.rows import AnyRows
from domain.shared.errors import N_, NotFound


class Answer(StrEnum):
    """The filters of the list of accounts that are asked for a version."""

    WAITING = "waiting"
    NOT_ASKED = "not_asked"
    ACCEPTED = "accepted"


ANSWER_NAMES = {
    Answer.WAITING: N_("Not accepted"),
    Answer.NOT_ASKED: N_("Never written to"),
    Answer.ACCEPTED: N_("Accepted"),
}
"""What each filter is called on the screen."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A version that is asked for: of how many accounts, and how many of them accepted or were never written to."""

    version: Version
    policy: str
    accounts: int
    waiting: int
    not_asked: int

    @property
    def reference(self) -> str:
        """By what customers know the version."""
        return reference(self.version)

    @property
    def accepted(self) -> int:
        """How many accepted."""
        return self.accounts - self.waiting


def progress(session: Session) -> list[Progress]:
    """How far each version that is asked for has come, the newest first."""
    found = sorted(askings(session), key=lambda asking: -asking.version.id)
    names = queries.names(session, [each.version.policy_id for each in found])
    return [_progress(session, each, names[each.version.policy_id]) for each in found]


def of_version(session: Session, version_id: int) -> Progress:
    """How far one version has come; NotFound where it is asked of nobody."""
    asking = _asking(session, version_id)
    policy_id = asking.version.policy_id
    return _progress(session, asking, queries.names(session, [policy_id])[policy_id])


def answers(session: Session, version_id: int, answer: Answer, *, after: int | None = None, limit: int = 50) -> AnyRows:
    """The accounts that stand so with a version, by id; `after` is the id of the last one seen.

    `id`, `number`, `name`; `first`, `last` and `times` of asking; `is_reachable`; `accepted_on` and `accepted_by`.
    NotFound where the version is asked of nobody.
    """
    asking = _asking(session, version_id)
    requests, accepted = _requests(asking), _acceptances(asking)
    wanted = asked_of(asking) if answer is Answer.ACCEPTED else waiting(asking)
    if answer is Answer.ACCEPTED:
        wanted = wanted.where(accepted.c.account_id.is_not(None))
    if answer is Answer.NOT_ASKED:
        wanted = wanted.where(requests.c.account_id.is_(None))
    if after is not None:
        wanted = wanted.where(ACCOUNTS.c.id > after)
    return session.execute(
        wanted.outerjoin(requests, requests.c.account_id == ACCOUNTS.c.id)
        .outerjoin(accepted, accepted.c.account_id == ACCOUNTS.c.id)
        .with_only_columns(
            ACCOUNTS.c.id,
            ACCOUNTS.c.number,
            ACCOUNTS.c.name,
            requests.c.first,
            requests.c.last,
            requests.c.times,
            can_be_told().label("is_reachable"),
            accepted.c.accepted_on,
            accepted.c.accepted_by,
            maintain_column_froms=True,
        )
        .order_by(ACCOUNTS.c.id)
        .limit(limit)
    ).all()


def _asking(session: Session, version_id: int) -> Asking:
    asking = next((each for each in askings(session) if each.version.id == version_id), None)
    if asking is None:
        raise NotFound(N_("Nobody is asked to accept that version."))
    return asking


def _progress(session: Session, asking: Asking, policy: str) -> Progress:
    return Progress(
        asking.version,
        policy,
        _count(session, asked_of(asking)),
        _count(session, waiting(asking)),
        _count(session, _never(waiting(asking), _requests(asking))),
    )


def _count(session: Session, accounts: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(accounts.subquery())) or 0


def _never(accounts: Select[int], requests: Subquery) -> Select[int]:
    return accounts.outerjoin(requests, requests.c.account_id == ACCOUNTS.c.id).where(requests.c.account_id.is_(None))


def _requests(asking: Asking) -> Subquery:
    """By account: when it was asked first and last, and how often."""
    return (
        select(
            TermsRequest.account_id,
            func.min(TermsRequest.asked_on).label("first"),
            func.max(TermsRequest.asked_on).label("last"),
            func.count().label("times"),
        )
        .where(TermsRequest.version_id.in_(asking.settled))
        .group_by(TermsRequest.account_id)
        .subquery()
    )


def _acceptances(asking: Asking) -> Subquery:
    """By account: the last acceptance that settles it."""
    last = (
        select(func.max(TermsAcceptance.id))
        .where(TermsAcceptance.version_id.in_(asking.settled))
        .group_by(TermsAcceptance.account_id)
    )
    return (
        select(TermsAcceptance.account_id, TermsAcceptance.accepted_on, TermsAcceptance.name.label("accepted_by"))
        .where(TermsAcceptance.id.in_(last))
        .subquery()
    )
