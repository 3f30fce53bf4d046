"""Signing in: the mail with a link and its code, and the first word to somebody who may come in from now on."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlencode

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.audit.recording import record
from domain.placements import queries as placements
from domain.placements.people import queries as partners
from domain.placements.people.inviting import InvitePartner
from domain.sessions import links
from domain.sessions.customers import CUSTOMERS
from domain.sessions.links import SendSignInLink
from domain.sessions.model import Site
from domain.shared.actor import WORKER

EVERYBODY = {people.site: people for people in (CUSTOMERS, partners.PARTNERS)}
"""Who comes in by links, by site."""
MINUTES = int(links.LIFE.total_seconds() // 60)


def send_sign_in_link(wired: Wired, message: SendSignInLink) -> None:
    """Make the link and the code, and mail them; nothing where the request is of nobody, used up or too old.

    Each try makes new secrets, so each has a message id of its own: a mail program that hides a repeat would otherwise
    hide the one that works.
    """
    with wired.database.transaction() as session:
        made = links.mint(session, message.request_id, EVERYBODY)
    if made is None:
        return
    link = f"{_url(wired, made.site)}/sign-in/link?{urlencode({'token': made.token})}"
    context = {"link": link, "code": made.code, "minutes": MINUTES, "is_partner": made.site is Site.PARTNERS}
    mark = f"sign-in.{message.request_id}.{sha256(made.token.encode()).hexdigest()[:16]}"
    send_letter(wired, "sign_in", context, to=made.email, language=made.language, mark=mark)


def invite_partner(wired: Wired, message: InvitePartner) -> None:
    """Tell somebody of a partner where they sign in from now on; nothing where that was taken back meanwhile."""
    with wired.database.reading() as session:
        person = partners.PARTNERS.with_id(session, message.login_id)
        if person is None:
            return
        partner = placements.partner(session, partners.login(session, message.login_id).partner_id)
        context = {"name": person.name, "partner": partner.name, "link": f"{_url(wired, Site.PARTNERS)}/sign-in"}
    mark = f"partner-login.{message.login_id}"
    send_letter(wired, "partner_login", context, to=person.email, language=person.language, mark=mark)
    with wired.database.transaction() as session:
        record(
            session,
            "partner_login.told",
            actor=WORKER,
            subject=("partner_login", message.login_id),
            after={"to": person.email},
        )


def _url(wired: Wired, site: Site) -> str:
    return (wired.settings.partners if site is Site.PARTNERS else wired.settings.portal).public_url
