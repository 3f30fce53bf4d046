"""The evidence that a partner gets of a placement: asked for once, without what is ours, while it has the debt."""

from __future__ import annotations

from sqlalchemy import select

from domain.documents import filing
from domain.documents.model import Category
from domain.evidence.model import About, Audience, EvidencePack
from domain.placements import ending
from domain.shared.actor import OPERATOR, ActorKind
from tests.partners.conftest import Partners
from tests.support.client import Client


def test_it_is_asked_for_once_and_followed(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    page = gus.get(f"/placements/{placement_id}").follow("Evidence")

    first = page.submit("Make an evidence pack")
    second = page.submit("Make an evidence pack")

    assert first.location.startswith(f"/placements/{placement_id}/evidence/")
    assert second.location == f"/placements/{placement_id}/evidence"
    assert "Waits for its turn." in gus.follow(first).words
    assert "Waits for its turn." in gus.fragment(first.location).words
    with site.db.reading() as session:
        pack = session.scalars(select(EvidencePack)).one()
        assert (pack.about, pack.subject_id) == (About.PLACEMENT, placement_id)
        assert (pack.audience, pack.actor_kind) == (Audience.PARTNER, ActorKind.PARTNER)
    assert site.nudges


def test_it_has_the_invoices_and_the_ledger_and_nothing_of_what_is_ours(site: Partners) -> None:
    account_id, placement_id = site.sent(taken=True)

    files = site.pack(account_id, placement_id).files

    assert {"ledger/ledger.json", "manifest.json"} <= files.keys()
    assert any(name.startswith("invoices/") for name in files)
    assert not [name for name in files if name.startswith(("placements/", "write_offs/", "acts/"))]
    assert not [name for name, content in files.items() if b"Nothing comes." in content]


def test_it_is_downloaded_while_the_debt_is_there(site: Partners, gus: Client) -> None:
    account_id, placement_id = site.sent(taken=True)
    made = site.pack(account_id, placement_id)
    there = f"/placements/{placement_id}/evidence/{made.pack.public_id}"

    page = gus.get(there)
    file = gus.get(f"{there}/download")
    with site.db.transaction() as session:
        ending.recall(session, account_id, placement_id, why="We do it.", actor=OPERATOR)

    assert "Placement HO-" in page.words
    assert file.response.content == made.content
    assert {gus.get(path).status for path in (there, f"{there}/download")} == {404}


def test_a_pack_of_another_placement_is_not_there(site: Partners, gus: Client) -> None:
    account_id, placement_id = site.sent(taken=True)
    _, other = site.sent(taken=True)
    pack = site.pack(account_id, placement_id).pack

    assert gus.get(f"/placements/{other}/evidence/{pack.public_id}").status == 404


def test_only_so_many_are_made_of_one_placement_a_day(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    page = gus.get(f"/placements/{placement_id}/evidence")

    answers = [page.submit("Make an evidence pack", once=f"once-{number}").status for number in range(6)]

    assert answers == [303] * 5 + [429]


def test_papers_about_other_debts_are_not_in_it_and_what_was_agreed_is(site: Partners) -> None:
    account_id, placement_id = site.sent(taken=True)
    with site.db.transaction() as session:
        for category, name in ((Category.STATEMENT, "statement.pdf"), (Category.CONTRACT, "contract.pdf")):
            filing.file(
                session,
                site.store.near,
                name.encode(),
                media_type="application/pdf",
                category=category,
                filename=name,
                account_id=account_id,
                subject=("account", account_id),
                actor=OPERATOR,
            )

    files = site.pack(account_id, placement_id).files

    assert [name for name in files if name.startswith("documents/")] == ["documents/contract.pdf"]
