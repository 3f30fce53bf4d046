"""Paper: a version's terms as customers read them, and the PDF of it, made once for each language and filed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.documents import filing
from domain.documents.letterhead import letterhead
from domain.documents.model import Category
from domain.documents.rendering import Paper, Renderer
from domain.documents.storage import Store
from domain.policies.asked import reference
from domain.policies.comparing import in_words
from domain.policies.drafting import the_policy
from domain.policies.examples import example
from domain.policies.model import PolicyVersion, TermsPaper
from domain.policies.ruling import Version
from domain.shared.actor import WORKER
from domain.shared.db.session import business, now
from domain.shared.errors import N_
from domain.shared.words import Words

MEDIA_TYPE = "application/pdf"


@dataclass(frozen=True, slots=True)
class Told:
    """One section as customers read it: what it is called, its sentences, and an example where there is one."""

    name: str
    sentences: Sequence[Words]
    example: Words | None


def told(version: Version, currency: str) -> list[Told]:
    """What a version says to customers, in a business that counts in `currency`."""
    return [
        Told(said.name, said.sentences, example(getattr(version.sections, said.key), currency))
        for said in in_words(version.sections, currency, for_customer=True)
    ]


def kept(session: Session, store: Store, renderer: Renderer, version: Version, language: str) -> TermsPaper:
    """The paper of a version in a language: as it was filed, else made and filed now.

    Once filed it never changes, whatever becomes of our wording: it is what customers accept.
    """
    found = _found(session, version, language)
    if found is not None:
        return found
    the_policy(session, version.policy_id, locked=True)
    found = _found(session, version, language)
    if found is not None:
        return found
    document = filing.file(
        session,
        store,
        renderer.render("terms", _paper(session, version), language),
        media_type=MEDIA_TYPE,
        category=Category.TERMS,
        filename=filename(version),
        account_id=None,
        subject=("policy_version", version.id),
        actor=WORKER,
    )
    paper = TermsPaper(
        version_id=version.id,
        language=language,
        document_id=document.id,
        sha256=document.sha256,
        made_at=now(session),
    )
    session.add(paper)
    session.flush()
    return paper


def shown(session: Session, store: Store, renderer: Renderer, version: Version, language: str) -> bytes:
    """The paper for somebody who only reads: as it was filed, else as it would be, without filing it."""
    found = _found(session, version, language)
    return content(store, found) if found else renderer.render("terms", _paper(session, version), language)


def content(store: Store, paper: TermsPaper) -> bytes:
    """The bytes of a paper."""
    with store.open(paper.sha256) as stored:
        return stored.read()


def filename(version: Version) -> str:
    """What a download of its paper is called."""
    return f"terms-{reference(version)}.pdf"


def _found(session: Session, version: Version, language: str) -> TermsPaper | None:
    wanted = select(TermsPaper).where(TermsPaper.version_id == version.id, TermsPaper.language == language)
    return session.scalar(wanted)


def _paper(session: Session, version: Version) -> Paper:
    ours = business(session)
    return {
        "made_at": session.get_one(PolicyVersion, version.id).published_at,
        "business": letterhead(ours),
        "customer": {"name": Words.of(N_("For customers on these terms")), "address": ""},
        "number": reference(version),
        "valid_from": version.valid_from,
        "sections": [
            {"name": Words.of(part.name), "sentences": list(part.sentences), "example": part.example}
            for part in told(version, ours.currency)
        ],
    }
