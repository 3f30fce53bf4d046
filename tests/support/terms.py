"""Terms for tests: versions that ask for acceptance, people who may accept them, and a yes in one line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.logins import grant
from domain.accounts.model import Account, Right
from domain.documents.storage import Store
from domain.outbox.model import OUTBOX
from domain.policies import paper
from domain.policies.accepting import Signer, accept
from domain.policies.model import PolicyVersion, TermsAcceptance
from domain.policies.ruling import RuleBook
from domain.policies.sections import Acceptance, DueRule, EarlyDiscount, Sections, Terms, digest
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import now
from tests.support.outside import PlainRenderer

NET_30 = Terms(rule=DueRule.NET, days=30)
NET_14 = Terms(rule=DueRule.NET, days=14)
TWO_TEN = EarlyDiscount(percent=Decimal(2), days=10)
ASKED = Acceptance(remind_after_days=(7, 21))
MUST_SAY_YES = Acceptance(told_is_enough=False)
OLIVIA = Signer("Olivia Hart", "Director", "Firefox")


def asking(terms: Terms = NET_30, acceptance: Acceptance = ASKED) -> Sections:
    """Terms of which customers are asked."""
    return Sections(terms=terms, acceptance=acceptance)


def next_version(session: Session, policy_id: int, sections: Sections, valid_from: date) -> PolicyVersion:
    """The next version of a policy, published."""
    last = (
        select(PolicyVersion.number).where(PolicyVersion.policy_id == policy_id).order_by(PolicyVersion.number.desc())
    )
    version = PolicyVersion(
        policy_id=policy_id,
        number=(session.scalar(last.limit(1)) or 0) + 1,
        valid_from=valid_from,
        sections=sections,
        sha256=digest(sections),
        published_at=now(session),
        published_by=None,
    )
    session.add(version)
    session.flush()
    return version


def a_binder(session: Session, account: Account, email: str = "olivia@harbour.example", name: str = "Olivia") -> int:
    """The login of somebody who may accept terms for the account."""
    return grant(session, account, email=email, name=name, rights={Right.VIEW, Right.BIND}, actor=OPERATOR).id


def say_yes(
    session: Session, store: Store, account_id: int, version_id: int, *, login_id: int, address: str | None = None
) -> TermsAcceptance:
    """The account accepts a version, as Olivia would on the site."""
    version = RuleBook(session, ()).versions[version_id]
    kept = paper.kept(session, store, PlainRenderer(), version, "en")
    return accept(session, account_id, kept, OLIVIA, actor=Actor.login(login_id, address))


def left_in_the_outbox(session: Session, kind: str) -> list[dict[str, object]]:
    """The payloads of the messages of a kind that wait."""
    wanted = select(OUTBOX.c.payload).where(OUTBOX.c.kind == kind, OUTBOX.c.done_at.is_(None)).order_by(OUTBOX.c.id)
    return list(session.scalars(wanted))
