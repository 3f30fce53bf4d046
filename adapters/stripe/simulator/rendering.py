"""How the pages are rendered: which form for which way to pay, and the headers that keep them to themselves."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response
from litestar.exceptions import NotFoundException

from adapters.stripe.simulator import attempts
from adapters.stripe.simulator.method_making import WALLETS
from adapters.stripe.simulator.money import spoken
from adapters.stripe.simulator.typed import email_of
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
Page = Response[str]
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_OWN = "'self'"
_FIELDS = ("number", "expiry", "name", "email", "routing")


def ways_of(session: Json) -> list[str]:
    """The ways to pay that a Session's page offers: its types, and after the card the wallets that hold cards."""
    types: list[str] = session["payment_method_types"]
    return [way for type_ in types for way in ((type_, *WALLETS) if type_ == "card" else (type_,))]


def form(
    world: World,
    session: Json,
    way: str,
    typed: Mapping[str, str],
    *,
    errors: dict[str, str] | None = None,
    message: str = "",
    status: int = 200,
) -> Page:
    """The form for one way to pay, or to save, with what was typed before."""
    offered = ways_of(session)
    if way == "card" and "card" not in offered:
        way = offered[0]
    if way not in offered:
        raise NotFoundException("This Checkout Session cannot be paid that way.")
    lines = world.store.get("line_items", session["id"]) or {"data": []}
    saving = session["mode"] == "setup"
    known_email = email_of(world, session)
    return page(
        "pay.html",
        status=status,
        forward_to=(session["success_url"],),
        session=session,
        saving=saving,
        way=way,
        ways=offered,
        lines=lines["data"],
        typed={name: typed.get(name, "") for name in _FIELDS},
        errors=errors or {},
        message=message,
        asks_email=known_email is None,
        known_email=known_email,
        amount="" if saving else spoken(session["amount_total"], session["currency"]),
        spoken=spoken,
    )


def challenge(world: World, intent: Json) -> Page:
    """The question that an intent waits for: the bank's, or PayPal's."""
    notes = attempts.notes(world, intent)
    session = world.find("checkout.session", notes["session"]) if notes["session"] else None
    forward_to = session["success_url"] if session is not None else notes["return_url"]
    amount = spoken(intent["amount"], intent["currency"]) if "amount" in intent else ""
    by_paypal = world.find("payment_method", intent["payment_method"])["type"] == "paypal"
    template = "paypal.html" if by_paypal else "authenticate.html"
    return page(template, forward_to=(forward_to or "",), intent=intent, amount=amount)


def page(template: str, *, status: int = 200, forward_to: tuple[str, ...] = (), **values: Any) -> Page:
    """A page whose forms may end up at the origins of `forward_to`."""
    html = _TEMPLATES.get_template(template).render(**values)
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=headers(forward_to))


def headers(forward_to: tuple[str, ...] = ()) -> dict[str, str]:
    """Nothing from elsewhere, nothing inline; a form may end up where its redirect leads, which Chromium checks."""
    origins = sorted({f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in forward_to if url})
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {' '.join([_OWN, *origins])}"
    )
    return {
        "Content-Security-Policy": policy,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
