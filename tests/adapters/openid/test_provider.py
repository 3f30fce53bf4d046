"""The provider over HTTP: only what is signed by its key, for us, about this question, and in time, proves anybody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey

from adapters.openid.provider import OpenIdProvider
from domain.staff.credentials.identity import Identity, IdentityRefused, IdentityUnreachable
from tests.support.openid import CLIENT, SECRET, LocalProvider, local_provider

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
BACK = "https://office.example/sign-in/openid/back"
ASKED = {"nonce": "the nonce", "verifier": "v" * 43}


@pytest.fixture
def there() -> Iterator[LocalProvider]:
    with local_provider(NOON) as provider:
        yield provider


def ours(there: LocalProvider, *, secret: str = SECRET, issuer: str | None = None) -> OpenIdProvider:
    return OpenIdProvider(
        issuer or there.issuer,
        client_id=CLIENT,
        client_secret=secret,
        name="House",
        redirect_uri=BACK,
        now=lambda: NOON,
    )


def come_back(there: LocalProvider, provider: OpenIdProvider, **claims: Any) -> str:
    """Go there, sign in, and return with a code."""
    back = there.sign_in(provider.way_there(state="s", **ASKED), **claims)
    return parse_qs(urlsplit(back).query)["code"][0]


def who(there: LocalProvider, **claims: Any) -> Identity:
    provider = ours(there)
    return provider.who(code=come_back(there, provider, **claims), **ASKED)


def test_a_provider_whose_name_ends_in_a_slash_is_believed_by_that_name(there: LocalProvider) -> None:
    name = f"{there.issuer}/"
    there.described, provider = {"issuer": name}, ours(there, issuer=name)

    found = provider.who(code=come_back(there, provider, iss=name), **ASKED)

    assert found.issuer == name


def test_who_signed_in_there_is_known_here(there: LocalProvider) -> None:
    assert who(there) == Identity(there.issuer, "ana-7", False)


@pytest.mark.parametrize(
    ("claims", "several"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "phr"}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": "mfa"}, False),
        ({"acr": "1"}, False),
    ],
)
def test_several_factors_count_where_the_token_says_so(
    there: LocalProvider, claims: dict[str, Any], several: bool
) -> None:
    assert who(there, **claims).is_multi_factor is several


AT = int(NOON.timestamp())


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody else"},
        {"aud": ["quittance", "x"], "azp": "x"},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": AT - 120},
        {"exp": None},
        {"iat": AT + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 300},
    ],
)
def test_what_is_not_for_us_about_this_and_now_is_refused(there: LocalProvider, lies: dict[str, Any]) -> None:
    there.lies = lies

    with pytest.raises(IdentityRefused):
        who(there)


def test_another_key_signs_nothing_for_it(there: LocalProvider) -> None:
    there.signs_with = RSAKey.generate_key(2048, {"kid": "now"})

    with pytest.raises(IdentityRefused):
        who(there)


@pytest.mark.parametrize(("alg", "key"), [("HS256", OctKey.import_key(SECRET)), ("none", OctKey.generate_key(256))])
def test_a_signature_with_a_shared_secret_or_none_is_refused(there: LocalProvider, alg: str, key: OctKey) -> None:
    there.header, there.signs_with = {"alg": alg}, key  # type: ignore[assignment]

    with pytest.raises(IdentityRefused):
        who(there)


def test_a_code_works_once_with_its_own_verifier_and_our_secret(there: LocalProvider) -> None:
    provider = ours(there)
    with pytest.raises(IdentityRefused):
        provider.who(code=come_back(there, provider), nonce="the nonce", verifier="w" * 43)
    with pytest.raises(IdentityRefused):
        ours(there, secret="wrong").who(code=come_back(there, provider), **ASKED)
    code = come_back(there, provider)
    provider.who(code=code, **ASKED)
    with pytest.raises(IdentityRefused):
        provider.who(code=code, **ASKED)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "ftp://127.0.0.1/authorize"},
    ],
)
def test_browsers_are_sent_to_its_own_origin_only(there: LocalProvider, described: dict[str, Any]) -> None:
    there.described = described

    with pytest.raises(IdentityRefused):
        ours(there).way_there(state="s", **ASKED)


def test_no_answer_is_said_to_be_none(there: LocalProvider) -> None:
    code = come_back(there, ours(there))
    there.is_down = True

    with pytest.raises(IdentityUnreachable):
        ours(there).way_there(state="s", **ASKED)
    with pytest.raises(IdentityUnreachable):
        ours(there).who(code=code, **ASKED)
    with pytest.raises(IdentityUnreachable):
        ours(there, issuer="http://127.0.0.1:1").way_there(state="s", **ASKED)


def test_a_clock_may_differ_a_little(there: LocalProvider) -> None:
    there.at = NOON + timedelta(seconds=30)

    assert who(there).subject == "ana-7"
