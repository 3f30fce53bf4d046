"""A plain HTTP POST to a webhook's receiver on this machine."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit

_TIME_OUT = 10.0
NO_ANSWER = 0
"""Stands for a status where there was no answer at all."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """The status answered, or `NO_ANSWER`; redirects are not followed."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 80, timeout=_TIME_OUT)
    try:
        connection.request("POST", address.path or "/", body=body, headers=dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return NO_ANSWER
    finally:
        connection.close()
