"""Documents in the portal: the papers that pages lead to, and none of those that only bear the account's number."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.accounts.model import Right
from domain.documents import filing
from domain.documents.model import Category
from domain.documents.seeing import SHOWN
from domain.shared.actor import WORKER
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client


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
