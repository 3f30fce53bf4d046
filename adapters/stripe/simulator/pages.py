"""The pages that a person sees: the card form of a Checkout Session, and the bank's question (3-D Secure)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from adapters.stripe.simulator import attempts, due, paying
from adapters.stripe.simulator.errors import ApiError
from adapters.stripe.simulator.money import spoken
from adapters.stripe.simulator.paying import Outcome
from adapters.stripe.simulator.typed import FormRefused, TypedCard, email_of
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
Page = Response[str]
Here = NamedDependency[World]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_OWN = "'self'"
_EMPTY = TypedCard(number="", expiry="", cvc="", name="")


@get("/c/pay/{key:str}", sync_to_thread=True)
def show_session(world: Here, key: FromPath[str], again: FromQuery[bool] = False) -> Page:
    """The card form of an open Session; otherwise a page that says how it ended."""
    with world.lock:
        due.run(world)
        session = _session(world, key)
        if session["status"] != "open":
            return _over(session)
        message = _last_error(world, session) if again else ""
        return _form(world, session, _EMPTY, message=message)


@post("/c/pay/{key:str}", sync_to_thread=True)
def submit_card(world: Here, key: FromPath[str], data: Form) -> Page | Redirect:
    """Pay with the card typed: on to the success page or the bank's question, or the form again with the reason."""
    typed = TypedCard(**{name: data.get(name, "") for name in ("number", "expiry", "cvc", "name", "email")})
    with world.lock:
        due.run(world)
        session = _session(world, key)
        try:
            outcome = paying.pay(world, session, typed)
        except FormRefused as refused:
            return _form(world, session, typed, errors=refused.errors, status=422)
        finally:
            world.store.save()
        if outcome.state == "declined":
            return _form(world, session, typed, message=outcome.message, status=402)
        return _onward(outcome, session)


@get("/3ds/{key:str}", sync_to_thread=True)
def show_challenge(world: Here, key: FromPath[str]) -> Page:
    """The bank's question."""
    with world.lock:
        due.run(world)
        intent = _intent(world, key)
        if intent["status"] != "requires_action":
            return _page("over.html", state="answered", back="")
        return _challenge(world, intent)


@post("/3ds/{key:str}", sync_to_thread=True)
def answer_challenge(world: Here, key: FromPath[str], data: Form) -> Page | Redirect:
    """What the person answered to the bank."""
    with world.lock:
        due.run(world)
        try:
            outcome = paying.answer_challenge(world, _intent(world, key), passed=data.get("answer") == "complete")
        except ApiError:
            return _page("over.html", state="answered", back="")
        finally:
            world.store.save()
        return _onward(outcome, None)


HANDLERS = [show_session, submit_card, show_challenge, answer_challenge]


def _session(world: World, key: str) -> Json:
    try:
        return world.find("checkout.session", key)
    except ApiError as missing:
        raise NotFoundException("There is no such Checkout Session.") from missing


def _intent(world: World, key: str) -> Json:
    try:
        return paying.intent_at(world, key)
    except ApiError as missing:
        raise NotFoundException("There is no such payment.") from missing


def _last_error(world: World, session: Json) -> str:
    if session["setup_intent"] is not None:
        error = world.find("setup_intent", session["setup_intent"])["last_setup_error"]
    elif session["payment_intent"] is not None:
        error = world.find("payment_intent", session["payment_intent"])["last_payment_error"]
    else:
        return ""
    return str(error["message"]) if error else ""


def _onward(outcome: Outcome, session: Json | None) -> Page | Redirect:
    if outcome.address:
        return Redirect(outcome.address, status_code=303, headers=_headers())
    if session is not None:
        return _over(session)
    return _page("over.html", state=outcome.state if outcome.state != "over" else "expired", back="")


def _over(session: Json) -> Page:
    saved = session["status"] == "complete" and session["mode"] == "setup"
    return _page("over.html", state="saved" if saved else session["status"], back=session["cancel_url"] or "")


def _form(
    world: World,
    session: Json,
    typed: TypedCard,
    *,
    errors: dict[str, str] | None = None,
    message: str = "",
    status: int = 200,
) -> Page:
    lines = world.store.get("line_items", session["id"]) or {"data": []}
    return _page(
        "pay.html",
        status=status,
        forward_to=(session["success_url"],),
        session=session,
        lines=lines["data"],
        typed=typed,
        errors=errors or {},
        message=message,
        asks_email=email_of(world, session) is None,
        act="Save this card"
        if session["mode"] == "setup"
        else f"Pay {spoken(session['amount_total'], session['currency'])}",
        known_email=email_of(world, session),
        spoken=spoken,
    )


def _challenge(world: World, intent: Json) -> Page:
    notes = attempts.notes(world, intent)
    session = world.find("checkout.session", notes["session"]) if notes["session"] else None
    forward_to = session["success_url"] if session is not None else notes["return_url"]
    amount = spoken(intent["amount"], intent["currency"]) if "amount" in intent else ""
    return _page("authenticate.html", forward_to=(forward_to or "",), intent=intent, amount=amount)


def _page(template: str, *, status: int = 200, forward_to: tuple[str, ...] = (), **values: Any) -> Page:
    html = _TEMPLATES.get_template(template).render(**values)
    return Response(html, status_code=status, media_type=MediaType.HTML, headers=_headers(forward_to))


def _headers(forward_to: tuple[str, ...] = ()) -> dict[str, str]:
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
