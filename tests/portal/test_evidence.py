"""Prove it: those who may bind an account have its whole story sealed and take it; nobody else does, nor too often."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from domain.accounts.logins import grant
from domain.accounts.model import Account, Right
from domain.evidence import making
from domain.evidence.model import Audience, EvidencePack
from domain.evidence.verifying import verify
from domain.shared.actor import OPERATOR
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client
from tests.support.evidence import OnlyTheIndex, a_pack
from tests.support.outside import PlainRenderer

LOOKER = "eve@harbour.example"


def test_a_customer_proves_it_to_anybody(portal: Portal, maya: Client) -> None:
    account_id, _ = portal.account("120.00")

    asked = maya.get(f"/accounts/{account_id}").follow("Prove it").submit("Make my evidence pack")
    with portal.db.reading() as session:
        [pack_id] = making.due(session)
    making.make(portal.db, portal.store.near, OnlyTheIndex(), pack_id)
    page = maya.follow(asked)
    taken = page.follow("Download the pack")

    with portal.db.reading() as session:
        pack = session.get_one(EvidencePack, pack_id)
    report = verify(BytesIO(taken.response.content), told_sha256=pack.manifest_sha256)
    assert (report.flaws, report.balance) == ([], "GBP 120.00")
    assert pack.manifest_sha256 is not None
    assert pack.manifest_sha256 in page.words
    assert "sha256sum manifest.json" in page.words
    assert f"come on top.{report.files}" in page.words
    assert pack.audience is Audience.CUSTOMER
    assert "Ready" in maya.get(f"/accounts/{account_id}/evidence").words


def test_who_may_only_look_is_told_who_may(portal: Portal, maya: Client, open_browser: Callable[[], Client]) -> None:
    account_id, _ = portal.account("120.00")
    with portal.db.transaction() as session:
        account = session.get_one(Account, account_id)
        grant(session, account, email=LOOKER, name="Eve", rights={Right.VIEW}, actor=OPERATOR)
    eve = sign_in(portal, open_browser(), LOOKER)

    refused = eve.get(f"/accounts/{account_id}/evidence")

    assert refused.status == 403
    assert "Maya" in refused.words
    assert "Prove it" not in eve.get(f"/accounts/{account_id}").words


def test_what_staff_have_made_for_others_is_not_there(portal: Portal, maya: Client) -> None:
    account_id, _ = portal.account("120.00")
    made = a_pack(portal.db, account_id, store=portal.store.near, renderer=PlainRenderer())

    pages = [
        maya.get(f"/accounts/{account_id}/evidence/{made.pack.public_id}"),
        maya.get(f"/accounts/{account_id}/evidence/{made.pack.public_id}/download"),
        maya.get(f"/accounts/{account_id}/documents/{made.pack.document_id}"),
    ]

    assert [page.status for page in pages] == [404, 404, 404]


def test_it_is_asked_for_only_so_often(portal: Portal, maya: Client) -> None:
    account_id, _ = portal.account("120.00")

    answers = [maya.get(f"/accounts/{account_id}/evidence").submit("Make my evidence pack").status for _ in range(6)]

    assert answers == [303] * 5 + [429]
