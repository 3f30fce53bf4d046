"""Logo: the picture of the business, for its papers and its mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial

from app.wired import Wired
from domain.documents.storage import Missing, Store, Unavailable
from domain.shared.business import Logo
from domain.shared.mail import Picture

LOGO = "logo"
"""What the HTML of a mail calls the picture that travels with it."""
AT_HAND = 8
"""So many logos a process keeps: today's, and those of papers of before."""


def mail_pictures(wired: Wired) -> tuple[Picture, ...]:
    """The pictures of every mail with a head: the logo, or none."""
    logo = picture_of(wired.store, wired.database.business.logo, wired.settings.business_logo)
    return () if logo is None else (replace(logo, name=LOGO),)


def pictures(store: Store, installed: Picture | None) -> Callable[[Logo | None], Picture | None]:
    """What finds the picture of a logo as `picture_of` does, and asks the store once for each.

    Papers are made within transactions, and a content never changes: it is fetched for the first paper alone.
    """
    fetched = lru_cache(AT_HAND)(partial(_fetched, store))
    return lambda logo: _or_installed(fetched, logo, installed)


def picture_of(store: Store, logo: Logo | None, installed: Picture | None) -> Picture | None:
    """The logo that was set on the screen, else the installation's; that, too, where its content is out of reach."""
    return _or_installed(partial(_fetched, store), logo, installed)


def _or_installed(fetch: Callable[[Logo], Picture], logo: Logo | None, installed: Picture | None) -> Picture | None:
    if logo is None:
        return installed
    try:
        return fetch(logo)
    except (Missing, Unavailable):
        return installed


def _fetched(store: Store, logo: Logo) -> Picture:
    with store.open(logo.sha256) as content:
        return Picture(logo.filename, content.read(), logo.media_type)
