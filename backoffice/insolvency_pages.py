"""Insolvency pages: every handler of the desk, under one name."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import insolvencies, insolvency, insolvency_claim

PAGES: Sequence[ControllerRouterHandler] = (
    insolvencies.list_insolvencies,
    insolvencies.account_insolvencies,
    insolvencies.insolvency_form,
    insolvencies.open_insolvency,
    insolvencies.details_form,
    insolvencies.amend_details,
    insolvency.show_insolvency,
    insolvency.work_insolvency,
    insolvency_claim.claim_form,
    insolvency_claim.file_claim,
)
