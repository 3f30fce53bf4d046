"""A client for the SDK that remembers what was answered, for walking all of it afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import stripe


@dataclass(frozen=True)
class Answered:
    """One call and its answer; the path with the ids that it had."""

    method: str
    path: str
    status: int
    body: dict[str, Any]


class Recorder(stripe.HTTPClient):
    """Hands calls on to another client, and keeps what it answered."""

    name = "recorder"

    def __init__(self, to: stripe.HTTPClient) -> None:
        super().__init__()
        self._to = to
        self.answers: list[Answered] = []

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """One call, remembered."""
        body, status, answered = self._to.request(method, url, headers, post_data)
        self.answers.append(Answered(method.upper(), urlsplit(url).path, status, json.loads(body)))
        return body, status, answered

    def close(self) -> None:
        """Nothing of its own to close."""
