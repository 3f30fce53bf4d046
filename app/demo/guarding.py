"""Guarding: the demo, its mailbox and its simulator are for one machine and pretended money, and start nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from app import environment as env
from app.environment import WrongSetting
from app.settings import Settings


def refuse_real(environ: Mapping[str, str]) -> None:
    """Raise WrongSetting where the environment is that of an installation which is real, or open to others."""
    if "_live_" in env.STRIPE_KEY.given(environ):
        raise WrongSetting(f"The demo does not start beside a live key: unset {env.STRIPE_KEY.full_name}.")
    if not is_loopback(env.LISTEN.given(environ)):
        raise WrongSetting(f"The demo listens on this machine only: unset {env.LISTEN.full_name}.")


def refuse_outside_demo(settings: Settings, address: str) -> None:
    """Raise WrongSetting where these settings are not the demo's, or what is served could be reached from elsewhere."""
    if not _is_pretended(settings):
        raise WrongSetting("The mailbox and the simulator are parts of the demo, and these are not its settings.")
    hosts = (urlsplit(address).hostname or "", settings.listen, settings.portal.host, settings.office.host)
    if not all(map(is_loopback, hosts)):
        raise WrongSetting("The mailbox and the simulator are for this machine only, and cannot be reached elsewhere.")


def is_demo(settings: Settings) -> bool:
    """Whether these are the demo's settings, and its sites cannot be reached from another machine."""
    hosts = (
        urlsplit(settings.stripe_api_url).hostname or "",
        settings.listen,
        settings.portal.host,
        settings.office.host,
        settings.partners.host,
    )
    return _is_pretended(settings) and all(map(is_loopback, hosts))


def _is_pretended(settings: Settings) -> bool:
    return bool(settings.stripe_api_url) and not settings.livemode and settings.mail_url.startswith("folder:")


def is_loopback(host: str) -> bool:
    """Whether only this machine can be meant."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
