"""Documents in the portal: the papers that pages lead to, and none of those that only bear the account's number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.accounts.model import Right
from domain.documents import filing
from domain.documents.model import Category
from domain.documents.seeing import SHOWN
from domain.documents.versions import supersede
from domain.shared.actor import WORKER
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client
from tests.support.files import a_photo, taken_in


@pytest.mark.parametrize("category", Category)
def test_no_paper_of_the_account_opens_that_no_page_leads_to(
    portal: Portal, open_browser: Callable[[], Client], category: Category
) -> None:
    """A letter has a pay link in it, with which a login that may only look could pay, promise and contest."""
    account_id, _ = portal.account("120.00", rights=frozenset({Right.VIEW, Right.BIND}))
    with portal.db.transaction() as session:
        document_id = filing.file(
            session,
            portal.store,
            b"%PDF-1.7",
            media_type="application/pdf",
            category=category,
            filename="paper.pdf",
            account_id=account_id,
            subject=("account", account_id),
            actor=WORKER,
        ).id
    maya = sign_in(portal, open_browser())

    answer = maya.get(f"/accounts/{account_id}/documents/{document_id}").status

    assert answer == (200 if category in SHOWN else 404)
    assert Category.NOTICE not in SHOWN


def test_customers_find_what_is_theirs_and_nothing_that_staff_keep(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, _ = portal.account("120.00", rights=frozenset({Right.VIEW}))
    with portal.db.transaction() as session:

        def filed(name: str, category: Category, *, about: str = "account", for_staff: bool = False) -> int:
            taken = taken_in(portal.store, a_photo() if name.endswith("jpg") else name.encode(), name)
            document = filing.enter(
                session,
                taken,
                category=category,
                account_id=account_id,
                subject=(about, account_id),
                actor=WORKER,
                for_staff=for_staff,
            )
            return document.id

        ramp = filed("ramp.jpg", Category.PROOF_OF_DELIVERY)
        contract = filed("contract.txt", Category.CONTRACT)
        kept_back = filed("notes.txt", Category.CONTRACT, for_staff=True)
        contested = filed("bank.txt", Category.EVIDENCE, about="chargeback")
        binding = filed("guarantee.txt", Category.GUARANTEE)
        newer = supersede(session, contract, taken_in(portal.store, b"newer", "contract-2.txt"), actor=WORKER).id
    maya = sign_in(portal, open_browser())
    here = f"/accounts/{account_id}/documents"

    page = maya.get(here)
    found = {one: maya.get(f"{here}/{one}").status for one in (ramp, contract, newer, kept_back, contested, binding)}

    names = ("ramp.jpg", "contract-2.txt", "contract.txt", "notes.txt", "bank.txt", "guarantee.txt")
    assert [name for name in names if name in page.words] == ["ramp.jpg", "contract-2.txt"]
    assert found == {ramp: 200, contract: 200, newer: 200, kept_back: 404, contested: 404, binding: 403}
    assert "ramp.jpg" not in maya.get(f"{here}?category=contract").words
    assert "No document fits" in maya.get(f"{here}?words=nowhere").words
    shown = page.follow("View ramp.jpg")
    assert (shown.headers["content-type"], shown.headers["content-disposition"]) == ("image/jpeg", "inline")
    assert maya.get(f"{here}/{newer}/picture").status == 404
