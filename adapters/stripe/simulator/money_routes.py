"""The addresses for what becomes of money: refunds, disputes, warnings, payouts and the balance."""

from __future__ import annotations

from stripe import params as sdk
from stripe.params import radar as sdk_radar

from adapters.stripe.simulator import balance, dispute_answers, files, fraud_warnings, payouts, refunds
from adapters.stripe.simulator.route import Route

MONEY_ROUTES = (
    Route("GET", "/v1/balance", sdk.BalanceRetrieveParams, balance.now),
    Route("GET", "/v1/balance_transactions", sdk.BalanceTransactionListParams, balance.list_all),
    Route("GET", "/v1/balance_transactions/{id}", sdk.BalanceTransactionRetrieveParams, balance.retrieve),
    Route("POST", "/v1/payouts", sdk.PayoutCreateParams, payouts.create, payouts.SUPPORTED),
    Route("GET", "/v1/payouts", sdk.PayoutListParams, payouts.list_all),
    Route("GET", "/v1/payouts/{id}", sdk.PayoutRetrieveParams, payouts.retrieve),
    Route("POST", "/v1/payouts/{id}", sdk.PayoutUpdateParams, payouts.update),
    Route("POST", "/v1/payouts/{id}/cancel", sdk.PayoutCancelParams, payouts.cancel),
    Route("POST", "/v1/refunds", sdk.RefundCreateParams, refunds.create, refunds.SUPPORTED),
    Route("GET", "/v1/refunds", sdk.RefundListParams, refunds.list_all),
    Route("GET", "/v1/refunds/{id}", sdk.RefundRetrieveParams, refunds.retrieve),
    Route("POST", "/v1/refunds/{id}", sdk.RefundUpdateParams, refunds.update),
    Route("POST", "/v1/refunds/{id}/cancel", sdk.RefundCancelParams, refunds.cancel),
    Route("GET", "/v1/disputes", sdk.DisputeListParams, dispute_answers.list_all),
    Route("GET", "/v1/disputes/{id}", sdk.DisputeRetrieveParams, dispute_answers.retrieve),
    Route("POST", "/v1/disputes/{id}", sdk.DisputeUpdateParams, dispute_answers.update, dispute_answers.SUPPORTED),
    Route("POST", "/v1/disputes/{id}/close", sdk.DisputeCloseParams, dispute_answers.close),
    Route("POST", "/v1/files", sdk.FileCreateParams, files.create, files.SUPPORTED),
    Route("GET", "/v1/files/{id}", sdk.FileRetrieveParams, files.retrieve),
    Route(
        "GET",
        "/v1/radar/early_fraud_warnings",
        sdk_radar.EarlyFraudWarningListParams,
        fraud_warnings.list_all,
    ),
    Route(
        "GET",
        "/v1/radar/early_fraud_warnings/{id}",
        sdk_radar.EarlyFraudWarningRetrieveParams,
        fraud_warnings.retrieve,
    ),
)
