"""HTTP: asks a service that speaks the interface of docs/credit.md, and believes only what bears its signature."""

from __future__ import annotations

import hmac
from datetime import date
from hashlib import sha256

import msgspec
import requests

from domain.credit.checks.provider import CheckRefused, CheckResult, CheckSubject, CheckUnavailable
from domain.shared.money import Money

TIME_OUT = (5.0, 10.0)
"""Seconds to wait for a connection, and between two pieces of an answer."""
LARGEST = 1_000_000
"""Bytes of an answer."""
SIGNATURE = "Quittance-Signature"
"""The header with the HMAC-SHA256 of the answer's body under the shared secret, as `sha256=…`."""
MEDIA_TYPE = "application/json"


class _Recommended(msgspec.Struct, frozen=True):
    amount: str
    currency: str


class _Answer(msgspec.Struct, frozen=True):
    as_of: date
    score: int | None = None
    limit: _Recommended | None = None
    rating: str | None = None
    expires_on: date | None = None


class HttpCreditChecks:
    """The service at `url`: asked with `key`, its answers signed with `secret`."""

    def __init__(self, url: str, *, key: str, secret: str, name: str, time_out: tuple[float, float] = TIME_OUT) -> None:
        if not key or not secret:
            raise ValueError("a credit check needs a key to ask with and a secret to believe with")
        self._url = url
        self._key = key
        self._secret = secret.encode()
        self._name = name
        self._time_out = time_out

    @property
    def name(self) -> str:
        """What the provider is called."""
        return self._name

    def look_up(self, subject: CheckSubject) -> CheckResult | None:
        """Ask once; None where the service knows nobody of that kind (404)."""
        body, status, signature = self._asked(subject)
        if status == requests.codes.not_found:
            return None
        if status >= requests.codes.server_error or status == requests.codes.too_many_requests:
            raise CheckUnavailable(f"the service answered {status}")
        if status != requests.codes.ok:
            raise CheckRefused(f"the service answered {status}")
        expected = "sha256=" + hmac.new(self._secret, body, sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise CheckRefused("the answer does not bear the service's signature")
        return self._read(body)

    def _asked(self, subject: CheckSubject) -> tuple[bytes, int, str]:
        """The answer's body, status and signature, read no further than is allowed."""
        asked = {
            name: value
            for name in subject.__dataclass_fields__
            if (value := getattr(subject, name)) is not None and name != "account_number"
        }
        headers = {"authorization": f"Bearer {self._key}", "accept": MEDIA_TYPE}
        try:
            with requests.post(
                self._url,
                json={"reference": subject.account_number, **asked},
                headers=headers,
                timeout=self._time_out,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = b""
                for piece in answer.iter_content(65_536):
                    body += piece
                    if len(body) > LARGEST:
                        raise CheckRefused("the answer is too long")
                return body, answer.status_code, answer.headers.get(SIGNATURE, "")
        except requests.RequestException as problem:
            raise CheckUnavailable(type(problem).__name__) from problem

    def _read(self, body: bytes) -> CheckResult:
        try:
            told = msgspec.json.decode(body, type=_Answer)
            limit = None if told.limit is None else Money.of(told.limit.amount, told.limit.currency)
        except (msgspec.MsgspecError, ValueError) as problem:
            raise CheckRefused("the answer is not what was agreed") from problem
        if told.score is not None and not 0 <= told.score <= 100:
            raise CheckRefused("the score is not between 0 and 100")
        return CheckResult(told.score, limit, told.rating, told.as_of, told.expires_on, body, MEDIA_TYPE)
