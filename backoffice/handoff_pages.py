"""Handoff pages: every handler about debts that are handed over, and about whom they go to, under one name."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import (
    handoff,
    handoff_talking,
    handoffs,
    handoffs_of_account,
    partner_agreements,
    partner_delivery,
    partner_people,
    partners,
)

PAGES: Sequence[ControllerRouterHandler] = (
    handoffs.list_handoffs,
    handoffs.propose_handoffs,
    handoff.show_handoff,
    handoff.decide_handoff,
    handoff.write_down_answer,
    handoff_talking.answer_partner,
    handoffs_of_account.account_handoffs,
    handoffs_of_account.propose_handoff,
    partners.list_partners,
    partners.partner_form,
    partners.enrol_partner,
    partners.show_partner,
    partners.let_partner_go,
    partners.change_partner_form,
    partners.change_partner,
    partners.card_form,
    partners.put_card_in_force,
    partner_delivery.partner_delivery,
    partner_delivery.choose_delivery,
    partner_agreements.partner_agreements,
    partner_agreements.file_partner_agreement,
    partner_people.partner_people,
    partner_people.invite_partner_person,
    partner_people.end_partner_person,
)
