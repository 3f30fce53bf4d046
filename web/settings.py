"""Site settings: what a site must be told from outside, checked when it is made."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The outside of one site: where it stands, whom it trusts, what it may send forms to."""

    public_url: str
    """Scheme, host and port under which people reach the site, such as `https://pay.example.com`."""
    secret: bytes = field(repr=False)
    """Signs the tokens of forms; at least 32 bytes, the same in every process of the installation."""
    allowed_hosts: tuple[str, ...] = ()
    """Further host names that may be asked for, besides the one of `public_url`."""
    trusted_proxies: tuple[str, ...] = ()
    """Network addresses whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    form_action_origins: tuple[str, ...] = ()
    """Other origins that a form's answer may lead to, such as `https://checkout.stripe.com`."""
    largest_body: int = 1_000_000
    """Bytes that a request may carry; a handler for uploads sets its own with `request_max_body_size`."""
    threads: int = 24
    """How many requests are worked on at once in this process."""

    def __post_init__(self) -> None:
        if len(self.secret) < 32:
            raise ValueError("the secret of a site needs at least 32 bytes")
        parts = urlsplit(self.public_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError(f"{self.public_url!r} is not the address of a site, such as https://pay.example.com")

    @property
    def tls(self) -> bool:
        """Whether people reach the site over HTTPS: it decides on secure cookies and on HSTS."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The host names (without port) that the site answers to."""
        return frozenset({urlsplit(self.public_url).hostname or "", *self.allowed_hosts})
