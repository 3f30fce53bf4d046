"""ASGI: the three sites as applications, with the webhook and the API in the portal's."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp

from adapters.bank_files.reader import BankFiles
from adapters.credit_checks.http import HttpCreditChecks
from adapters.credit_checks.table import TableCreditChecks
from adapters.openid.provider import OpenIdProvider
from app.api.routes import api
from app.described import described
from app.hooks import stripe_hook
from app.mail_hook import mail_hook
from app.settings import Settings, SiteAddress
from app.text_hooks import text_hook
from app.wired import Wired
from backoffice.application import application as office_application
from backoffice.openid import BACK as OPENID_BACK
from domain.credit.checks.provider import CreditChecks
from domain.staff.credentials.identity import IdentityProvider
from partners.application import application as partner_application
from portal.application import application as portal_application
from web.settings import SiteSettings


def portal_site(wired: Wired) -> ASGIApp:
    """The customers' portal, `/hooks/stripe`, `/hooks/texts`, `/hooks/mail` and `/api/v1`."""
    settings = wired.settings
    hook = stripe_hook(
        wired.database,
        secrets=settings.stripe_webhook_secrets,
        livemode=settings.livemode,
        tally=wired.tally,
        nudge=wired.nudge,
    )
    return portal_application(
        settings=site_settings(settings, settings.portal, form_action_origins=settings.form_action_origins),
        database=wired.database,
        processor=wired.processor,
        store=wired.store,
        renderer=wired.renderer,
        nudge=wired.nudge,
        scanner=wired.scanner,
        machines=[hook, *_text_hooks(wired), *_mail_hooks(wired), api()],
    )


def _text_hooks(wired: Wired) -> list[HTTPRouteHandler]:
    """Where Twilio tells us of text messages; nothing where it is not set up."""
    settings = wired.settings
    if not settings.twilio_account:
        return []
    return [
        text_hook(
            wired.database,
            token=settings.twilio_token,
            portal_url=settings.portal.public_url,
            tally=wired.tally,
            nudge=wired.nudge,
        )
    ]


def _mail_hooks(wired: Wired) -> list[HTTPRouteHandler]:
    """Where a mail provider tells us of bounces and answers; nothing where no secret is agreed with one."""
    secret = wired.settings.mail_hook_secret
    return [mail_hook(wired.database, secret=secret, tally=wired.tally, nudge=wired.nudge)] if secret else []


def office_site(wired: Wired) -> ASGIApp:
    """The back office."""
    settings = wired.settings
    return office_application(
        settings=site_settings(
            settings,
            settings.office,
            form_action_origins=(origin_of(settings.portal.public_url), *settings.openid_origins),
        ),
        portal_url=settings.portal.public_url.rstrip("/"),
        database=wired.database,
        store=wired.store,
        renderer=wired.renderer,
        bank_reader=BankFiles(),
        nudge=wired.nudge,
        webhook_counts=wired.tally.counts,
        checks=credit_checks_for(settings),
        installation=described(wired),
        scanner=wired.scanner,
        identity_provider=identity_provider_for(wired),
    )


def partner_site(wired: Wired) -> ASGIApp:
    """The pages of agencies and attorneys."""
    settings = wired.settings
    return partner_application(
        settings=site_settings(settings, settings.partners),
        database=wired.database,
        store=wired.store,
        nudge=wired.nudge,
        scanner=wired.scanner,
    )


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as a content security policy names them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def credit_checks_for(settings: Settings) -> CreditChecks | None:
    """Whoever can be asked about a customer's creditworthiness; None where nobody is set up."""
    parts = urlsplit(settings.credit_checks)
    if not settings.credit_checks:
        return None
    if parts.scheme == "file":
        return TableCreditChecks(Path(parts.path))
    return HttpCreditChecks(
        settings.credit_checks,
        key=settings.credit_checks_key,
        secret=settings.credit_checks_secret,
        name=parts.hostname or "",
    )


def identity_provider_for(wired: Wired) -> IdentityProvider | None:
    """Where staff may sign in instead; None where nowhere is set up."""
    settings = wired.settings
    if not settings.openid_issuer:
        return None
    return OpenIdProvider(
        settings.openid_issuer,
        client_id=settings.openid_client_id,
        client_secret=settings.openid_client_secret,
        name=settings.openid_name,
        redirect_uri=f"{settings.office.public_url}{OPENID_BACK}",
        now=wired.database.clock.now,
    )


def site_settings(settings: Settings, site: SiteAddress, *, form_action_origins: tuple[str, ...] = ()) -> SiteSettings:
    """What the web kit wants to know of one site."""
    return SiteSettings(
        public_url=site.public_url,
        secret=settings.secret_key.encode(),
        allowed_hosts=site.hosts,
        trusted_proxies=settings.trusted_proxies,
        form_action_origins=form_action_origins,
    )
