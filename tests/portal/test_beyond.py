"""Beyond: an address that names what no database can hold leads nowhere, as any that names what is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client


@pytest.mark.parametrize(
    "path",
    [f"/accounts/{10**30}", "/accounts/{account}/invoices/" + "9" * 30, "/accounts/{account}/payments/%00"],
)
def test_a_number_of_thirty_digits_and_a_nul_name_nothing(
    portal: Portal, open_browser: Callable[[], Client], path: str
) -> None:
    account_id, _ = portal.account("120.00")
    maya = sign_in(portal, open_browser())

    page = maya.get(path.format(account=account_id))

    assert page.status == 404
