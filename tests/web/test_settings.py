"""A wrong setting of a site stops the start with a sentence."""

import pytest

from web.settings import SiteSettings

SECRET = b"s" * 32


@pytest.mark.parametrize("url", ["pay.example.com", "ftp://pay.example.com", "https://", "https://pay.example.com/app"])
def test_a_public_address_must_be_one(url: str) -> None:
    with pytest.raises(ValueError, match="is not the address of a site"):
        SiteSettings(url, SECRET)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        SiteSettings("https://pay.example.com", b"short")


def test_the_secret_is_never_shown() -> None:
    assert "sss" not in repr(SiteSettings("https://pay.example.com", SECRET))


def test_the_public_address_says_whether_there_is_tls_and_which_host_is_ours() -> None:
    settings = SiteSettings("https://pay.example.com:8443", SECRET, allowed_hosts=("pay.internal",))

    assert settings.tls
    assert settings.hosts == {"pay.example.com", "pay.internal"}
    assert not SiteSettings("http://localhost:8000", SECRET).tls
