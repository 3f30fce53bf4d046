"""Partner money pages: every handler about agents' money, under one name."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import partner_money, partner_money_invoices, partner_money_placed, partner_money_statement, remittances

PAGES: Sequence[ControllerRouterHandler] = (
    partner_money.show_partner_money,
    partner_money.pay_a_partner,
    partner_money.show_partner_cost,
    partner_money.decide_partner_cost,
    partner_money_invoices.commission_invoice_form,
    partner_money_invoices.record_commission_invoice,
    partner_money_invoices.show_commission_invoice,
    partner_money_invoices.decide_commission_invoice,
    partner_money_placed.collected_form,
    partner_money_placed.record_collected,
    partner_money_placed.bounced_form,
    partner_money_placed.record_bounced,
    partner_money_placed.spent_form,
    partner_money_placed.record_spent,
    partner_money_statement.show_partner_statement,
    partner_money_statement.partner_statement_file,
    partner_money_statement.partner_statement_paper,
    remittances.remittance_form,
    remittances.record_remittance,
    remittances.show_remittance,
    remittances.withdraw_remittance,
    remittances.bank_remittance,
    remittances.accept_remittance_difference,
)
