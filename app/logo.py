"""Logo: the picture of the business, for its papers and its mail."""

from __future__ import annotations

from dataclasses import replace

from app.wired import Wired
from domain.documents.storage import Missing, Store, Unavailable
from domain.shared.business import Logo
from domain.shared.mail import Picture

LOGO = "logo"
"""What the HTML of a mail calls the picture that travels with it."""


def mail_pictures(wired: Wired) -> tuple[Picture, ...]:
    """The pictures of every mail with a head: the logo, or none."""
    logo = picture_of(wired.store, wired.database.business.logo, wired.settings.business_logo)
    return () if logo is None else (replace(logo, name=LOGO),)


def picture_of(store: Store, logo: Logo | None, installed: Picture | None) -> Picture | None:
    """The logo that was set on the screen, else the installation's; that, too, where its content is out of reach."""
    if logo is None:
        return installed
    try:
        with store.open(logo.sha256) as content:
            return Picture(logo.filename, content.read(), logo.media_type)
    except (Missing, Unavailable):
        return installed
