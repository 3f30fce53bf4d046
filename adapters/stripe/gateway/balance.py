"""Balance: what moved our balance at Stripe, and what Stripe sent from it to our bank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from stripe.params import BalanceTransactionListParams

from adapters.stripe.errors import translated
from adapters.stripe.gateway.connection import PAGE, Connection, earliest
from adapters.stripe.mapping.balance import movement_of, payout_snapshot
from domain.payments.snapshots import Movement, PayoutSnapshot


class Balance(Connection):
    """The calls about payouts and balance transactions."""

    def payout(self, payout_ref: str) -> PayoutSnapshot:
        """One payout now, with its balance transactions."""
        expand = ["balance_transaction", "failure_balance_transaction"]
        with translated():
            return payout_snapshot(self._client.v1.payouts.retrieve(payout_ref, {"expand": expand}))

    def movements_since(self, since: datetime) -> Iterator[Movement]:
        """Every balance transaction made since then or a little earlier, the newest first, page by page."""
        return self._movements({"created": {"gte": earliest(since)}, "limit": PAGE})

    def movements_of_payout(self, payout_ref: str) -> Iterator[Movement]:
        """Every balance transaction that Stripe names for an automatic payout, the payout's own among them."""
        return self._movements({"payout": payout_ref, "limit": PAGE})

    def _movements(self, wanted: BalanceTransactionListParams) -> Iterator[Movement]:
        with translated():
            for transaction in self._client.v1.balance_transactions.list(wanted).auto_paging_iter():
                yield movement_of(transaction)
