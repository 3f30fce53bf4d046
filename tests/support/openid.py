"""OpenID: an identity provider on this machine, over real HTTP, that can be told to lie in every way."""

from __future__ import annotations

import json
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "quittance", "a secret of both that is long enough"


class LocalProvider:
    """The provider: `sign_in` is what a person does on its page; what it says can be changed by `lies`."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.key = RSAKey.generate_key(2048, {"kid": "now"})
        self.signs_with = self.key
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "now"}
        self.lies: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.is_down = False
        self.asked: list[str] = []
        self._codes: dict[str, dict[str, Any]] = {}
        self.issuer = ""

    def sign_in(self, url: str, *, subject: str = "ana-7", **claims: Any) -> str:
        """Sign in on its page and be sent back: the path and query of our address that the browser opens then."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{self.issuer}/authorize?")
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self._codes)}"
        at = int(self.at.timestamp())
        told = {"iss": self.issuer, "aud": CLIENT, "sub": subject, "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        self._codes[code] = {"asked": asked, "claims": told | claims}
        return f"{urlsplit(asked['redirect_uri']).path}?{urlencode({'code': code, 'state': asked['state']})}"

    def answer(self, path: str, headers: Any, body: str) -> tuple[int, dict[str, Any]]:
        """What it says to a request."""
        self.asked.append(path)
        if self.is_down:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            here = {name: f"{self.issuer}/{place}" for name, place in places.items()}
            return 200, {"issuer": self.issuer, **here, **self.described}
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        return self._token(headers, {name: values[0] for name, values in parse_qs(body).items()})

    def _token(self, headers: Any, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        known = self._codes.pop(form["code"], None)
        who = b64decode(headers["authorization"].removeprefix("Basic ")).decode()
        is_right = (
            known is not None
            and who == f"{CLIENT}:{SECRET}"
            and create_s256_code_challenge(form["code_verifier"]) == known["asked"]["code_challenge"]
            and form["redirect_uri"] == known["asked"]["redirect_uri"]
        )
        if known is None or not is_right:
            return 400, {"error": "invalid_grant"}
        claims = {name: value for name, value in (known["claims"] | self.lies).items() if value is not None}
        token = self._signed(claims)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.header["alg"] != "none":
            return jwt.encode(self.header, claims, self.signs_with, algorithms=[self.header["alg"]])
        parts = [urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (self.header, claims)]
        return ".".join((*parts, ""))


@contextmanager
def local_provider(at: datetime) -> Iterator[LocalProvider]:
    """A provider that runs while it is needed."""
    provider = LocalProvider(at)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*provider.answer(self.path, self.headers, ""))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            self._say(*provider.answer(self.path, self.headers, body))

        def _say(self, status: int, said: dict[str, Any]) -> None:
            written = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
