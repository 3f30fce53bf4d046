"""Write-off pages: every handler about debts that are written off, under one name."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import write_offs, write_offs_of_account

PAGES: Sequence[ControllerRouterHandler] = (
    write_offs.list_write_offs,
    write_offs.tax_to_claim_csv,
    write_offs.show_write_off,
    write_offs.decide_write_off,
    write_offs_of_account.account_write_offs,
    write_offs_of_account.propose_write_off,
)
