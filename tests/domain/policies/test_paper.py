"""The paper of a version is made once for each language, and says what customers are told and nothing else."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from domain.documents.model import Document
from domain.policies import paper
from domain.policies.ruling import RuleBook
from domain.policies.sections import Limits, Sections
from domain.shared.db.session import Database
from tests.support.outside import MemoryStore
from tests.support.policies import a_policy
from tests.support.renderers import MemoryRenderer
from tests.support.terms import NET_14, TWO_TEN, asking, next_version


def test_a_paper_is_made_once_for_each_language_and_kept(db: Database) -> None:
    store, renderer = MemoryStore(), MemoryRenderer()
    with db.transaction() as session:
        version_id = a_policy(session, asking()).id

    kept = []
    for language in ("en", "es", "en"):
        with db.transaction() as session:
            version = RuleBook(session, ()).versions[version_id]
            kept.append(paper.kept(session, store, renderer, version, language).sha256)

    with db.reading() as session:
        filed = session.scalar(select(func.count()).where(Document.subject_kind == "policy_version"))
    assert kept[0] == kept[2] != kept[1]
    assert ([language for _, _, language in renderer.printed], filed) == (["en", "es"], 2)


def test_it_says_what_customers_are_told_with_examples_and_nothing_of_what_is_ours(db: Database) -> None:
    renderer = MemoryRenderer()
    with db.transaction() as session:
        first = a_policy(session, asking())
        sections = Sections(terms=NET_14, early_discount=TWO_TEN, limits=Limits(limit_minor=500_00))
        later = next_version(session, first.policy_id, sections, date(2026, 4, 1))
        version = RuleBook(session, ()).versions[later.id]
        paper.kept(session, MemoryStore(), renderer, version, "en")

    said = renderer.last
    parts = said["sections"]
    assert isinstance(parts, list)
    assert [str(part["name"]) for part in parts] == ["Payment terms", "Early-payment discount"]
    assert (said["number"], said["valid_from"]) == (f"{first.policy_id}.2", date(2026, 4, 1))
    assert str(parts[1]["example"]) == (
        "If you pay an invoice of 1000.00 GBP within 10 days, you save 20.00 GBP and pay 980.00 GBP."
    )
