"""The addresses for what becomes of money: refunds and the balance."""

from __future__ import annotations

from stripe import params as sdk

from adapters.stripe.simulator import balance, refunds
from adapters.stripe.simulator.route import Route

MONEY_ROUTES = (
    Route("GET", "/v1/balance", sdk.BalanceRetrieveParams, balance.now),
    Route("GET", "/v1/balance_transactions", sdk.BalanceTransactionListParams, balance.list_all),
    Route("GET", "/v1/balance_transactions/{id}", sdk.BalanceTransactionRetrieveParams, balance.retrieve),
    Route("POST", "/v1/refunds", sdk.RefundCreateParams, refunds.create, refunds.SUPPORTED),
    Route("GET", "/v1/refunds", sdk.RefundListParams, refunds.list_all),
    Route("GET", "/v1/refunds/{id}", sdk.RefundRetrieveParams, refunds.retrieve),
    Route("POST", "/v1/refunds/{id}", sdk.RefundUpdateParams, refunds.update),
    Route("POST", "/v1/refunds/{id}/cancel", sdk.RefundCancelParams, refunds.cancel),
)
