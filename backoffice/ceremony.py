"""Ceremony: what a page needs to have a browser prove something: its secret, and the site as passkeys know it."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from domain.shared.tokens import new_token
from domain.staff.credentials.passkeys import RelyingParty
from web.visit import AnyRequest, visit_of

BROWSER = "browser"
"""The cookie by which a ceremony is bound to the browser that began it."""
BROWSER_LASTS = 3600


def own_secret(request: AnyRequest) -> str:
    """The secret that this browser keeps for its ceremonies; a browser without one is given it with the answer."""
    visit = visit_of(request)
    kept = kept_secret(request)
    secret = kept or new_token()
    visit.set_cookie(BROWSER, secret, max_age=BROWSER_LASTS)
    return secret


def kept_secret(request: AnyRequest) -> str:
    """The secret that this browser brought; empty where it has none."""
    visit = visit_of(request)
    return visit.cookies.get(visit.site.cookie_name(BROWSER), "")


def relying_party(request: AnyRequest) -> RelyingParty | None:
    """The site as passkeys know it, by its public address; None where browsers make none for it: a bare IP address,
    or no HTTPS on another machine than one's own."""
    site = visit_of(request).site
    parts = urlsplit(site.settings.public_url)
    host = parts.hostname or ""
    if _is_number(host) or (parts.scheme != "https" and host.rpartition(".")[2] != "localhost"):
        return None
    return RelyingParty(host, f"{parts.scheme}://{parts.netloc}", site.business.name)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
