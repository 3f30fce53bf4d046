"""Provider: OpenID Connect's authorization code with PKCE; believes only what the provider has signed, for us, now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from domain.staff.credentials.elsewhere import LONGEST_SUBJECT
from domain.staff.credentials.identity import Identity, IdentityRefused, IdentityUnreachable

TIME_OUT = (5.0, 10.0)
"""Seconds to wait for a connection, and between two pieces of an answer."""
LARGEST = 500_000
"""Bytes of the provider's description and of its keys."""
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures with the provider's own key; never one with a secret that both sides have, and never none."""
LEEWAY = 60
"""Seconds that its clock may differ from ours."""
SEVERAL_FACTORS = frozenset(
    {"http://schemas.openid.net/pape/policies/2007/06/multi-factor", "phr", "phrh", "https://refeds.org/profile/mfa"}
)
"""What a provider says in `acr` of somebody who proved themselves by more than one factor."""
DISCOVERY = "/.well-known/openid-configuration"


class OpenIdProvider:
    """The provider at `issuer`, to which we are `client_id` with a secret; people come back to `redirect_uri`."""

    def __init__(
        self,
        issuer: str,
        *,
        client_id: str,
        client_secret: str,
        name: str,
        redirect_uri: str,
        now: Callable[[], datetime],
        time_out: tuple[float, float] = TIME_OUT,
    ) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._name = name
        self._redirect_uri = redirect_uri
        self._now = now
        self._time_out = time_out

    @property
    def name(self) -> str:
        """What people call it."""
        return self._name

    @property
    def issuer(self) -> str:
        """Its address."""
        return self._issuer

    def way_there(self, *, state: str, nonce: str, verifier: str) -> str:
        """The address of its page for signing in, with our question."""
        endpoint = self._endpoint(self._described(), "authorization_endpoint")
        with self._client() as client:
            url, _ = client.create_authorization_url(endpoint, state=state, nonce=nonce, code_verifier=verifier)
        return str(url)

    def who(self, *, code: str, nonce: str, verifier: str) -> Identity:
        """Exchange the code, and read who the signed answer says that it is."""
        described = self._described()
        answer = self._exchanged(self._endpoint(described, "token_endpoint"), code, verifier)
        keys = self._fetched(self._endpoint(described, "jwks_uri"))
        claims = self._believed(answer.get("id_token"), keys, nonce)
        methods = claims.get("amr")
        several = isinstance(methods, list) and "mfa" in methods
        return Identity(self._issuer, claims["sub"], several or claims.get("acr") in SEVERAL_FACTORS)

    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self._client_id,
            self._client_secret,
            scope="openid",
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
        )

    def _exchanged(self, endpoint: str, code: str, verifier: str) -> dict[str, Any]:
        try:
            with self._client() as client:
                answer = client.fetch_token(
                    endpoint,
                    code=code,
                    code_verifier=verifier,
                    grant_type="authorization_code",
                    timeout=self._time_out,
                    allow_redirects=False,
                )
        except OAuthError as problem:
            raise IdentityRefused(f"the provider refused the code: {problem.error}") from problem
        except (requests.RequestException, ValueError) as problem:
            raise IdentityUnreachable(type(problem).__name__) from problem
        return dict(answer)

    def _believed(self, token: object, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
        """What the token says, once its signature, issuer, audience, time and nonce are as they must be."""
        if not isinstance(token, str):
            raise IdentityRefused("the answer has no id_token")
        wanted = jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]
            wanted.validate(claims)
        except (JoseError, ValueError, KeyError) as problem:
            raise IdentityRefused(f"the id_token is not believed: {type(problem).__name__}") from problem
        if claims.get("azp", self._client_id) != self._client_id or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
            raise IdentityRefused("the id_token is for somebody else")
        return claims

    def _described(self) -> dict[str, Any]:
        described = self._fetched(f"{self._issuer.rstrip('/')}{DISCOVERY}")
        if described.get("issuer") != self._issuer:
            raise IdentityRefused("the provider calls itself something else")
        return described

    def _endpoint(self, described: dict[str, Any], name: str) -> str:
        """One of its addresses, on HTTPS like itself; where browsers are sent to is on its very origin."""
        address = described.get(name)
        if not isinstance(address, str):
            raise IdentityRefused(f"the provider names no {name}")
        theirs, its = urlsplit(address), urlsplit(self._issuer)
        elsewhere = name == "authorization_endpoint" and theirs.netloc != its.netloc
        if theirs.scheme != its.scheme or elsewhere:
            raise IdentityRefused(f"the {name} is not where it may be")
        return address

    def _fetched(self, address: str) -> dict[str, Any]:
        """A JSON object of the provider's, read no further than is allowed."""
        try:
            with requests.get(address, timeout=self._time_out, allow_redirects=False, stream=True) as answer:
                if answer.status_code != requests.codes.ok:
                    raise IdentityUnreachable(f"the provider answered {answer.status_code}")
                body = b""
                for piece in answer.iter_content(65_536):
                    body += piece
                    if len(body) > LARGEST:
                        raise IdentityRefused("the answer is too long")
            found = msgspec.json.decode(body)
        except (requests.RequestException, msgspec.MsgspecError) as problem:
            raise IdentityUnreachable(type(problem).__name__) from problem
        if not isinstance(found, dict):
            raise IdentityRefused("the answer is no description")
        return found
