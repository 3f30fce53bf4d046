"""Connection: how Stripe is reached; what every part of the gateway speaks through."""

from __future__ import annotations

from datetime import datetime, timedelta

import requests
import stripe
from requests.adapters import HTTPAdapter

TIMEOUT = (5.0, 10.0)
"""Seconds to wait for a connection, and for an answer."""
RETRIES = 2
"""How often the library itself repeats a call that got no final answer, always under the same key."""
CONNECTIONS = 24
PAGE = 100
"""How many objects Stripe lists at once, at most."""
CLOCKS_APART = timedelta(minutes=5)
"""How far Stripe's clock and ours may differ when we look for what was made at a known time."""


class Connection:
    """The client of Stripe's library. One object serves all threads; `close` it at the end."""

    def __init__(
        self, key: str, *, api_url: str = "", retries: int = RETRIES, http_client: stripe.HTTPClient | None = None
    ) -> None:
        """`api_url` is a simulator's address; empty means Stripe itself. `http_client` replaces the network."""
        self._web = requests.Session()
        self._web.mount("https://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        self._web.mount("http://", HTTPAdapter(pool_maxsize=CONNECTIONS))
        self._web.trust_env = not api_url
        self._client = stripe.StripeClient(
            key,
            base_addresses={"api": api_url, "files": api_url} if api_url else {},
            max_network_retries=retries,
            http_client=http_client or stripe.RequestsClient(timeout=TIMEOUT, session=self._web),
        )

    def close(self) -> None:
        """Close the connections."""
        self._web.close()


def earliest(since: datetime) -> int:
    """The time, in Stripe's seconds, from which on to look for what was made since then: a little earlier."""
    return int((since - CLOCKS_APART).timestamp())
