"""Dispute pages: every handler about disputes, under one name."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import (
    dispute,
    dispute_deciding,
    dispute_handling,
    dispute_shaping,
    dispute_talking,
    disputes,
    disputes_of_account,
    disputing,
)

PAGES: Sequence[ControllerRouterHandler] = (
    disputes.list_disputes,
    disputing.dispute_form,
    disputing.raise_it,
    dispute_handling.show_handling,
    dispute_handling.handling_form,
    dispute_handling.change_handling,
    dispute.show_dispute,
    dispute_deciding.decide_dispute,
    dispute_talking.talk_in_dispute,
    dispute_talking.file_in_dispute,
    dispute_shaping.own_dispute,
    dispute_shaping.merge_dispute,
    dispute_shaping.split_form,
    dispute_shaping.split_dispute,
    dispute_shaping.reopen_form,
    dispute_shaping.reopen_dispute,
    disputes_of_account.account_disputes,
    disputes_of_account.several_form,
    disputes_of_account.raise_several,
)
