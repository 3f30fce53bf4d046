"""A client for the SDK that reaches the simulator without a socket: for telling the demo's history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import stripe
from requests.structures import CaseInsensitiveDict

from adapters.stripe.simulator.api import Api, ApiRequest


class InProcessClient(stripe.HTTPClient):
    """Hands each request to the API in the caller's thread."""

    name = "simulator"

    def __init__(self, api: Api) -> None:
        super().__init__()
        self._api = api

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """One call; a connection that the simulator cuts is the error that it would be over a socket."""
        address = urlsplit(url)
        named = {name.lower(): value for name, value in (headers or {}).items()}
        body = post_data.decode("latin-1") if isinstance(post_data, bytes) else post_data or ""
        reply = self._api.handle(ApiRequest(method.upper(), address.path, address.query, body, named))
        if reply.cut:
            raise stripe.APIConnectionError("The connection was cut.", should_retry=True)  # type: ignore[no-untyped-call]
        return reply.body.decode(), reply.status, CaseInsensitiveDict(reply.headers)

    def close(self) -> None:
        """Nothing to close."""
