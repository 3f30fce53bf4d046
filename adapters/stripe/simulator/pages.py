"""The pages that a person sees: the forms of a Checkout Session, the bank's question (3-D Secure) and PayPal's."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect

from adapters.stripe.simulator import due, paying
from adapters.stripe.simulator.errors import ApiError
from adapters.stripe.simulator.method_making import WALLETS
from adapters.stripe.simulator.paying import Outcome
from adapters.stripe.simulator.rendering import challenge, form, headers, page, ways_of
from adapters.stripe.simulator.typed import FormRefused, TypedAccount, TypedCard
from adapters.stripe.simulator.ways import DEBITS
from adapters.stripe.simulator.world import World

CARDS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 0002", "is declined"),
    ("4000 0027 6000 3184", "asks you first"),
)
"""Those that a person tries; every other one is in the manual."""
Json = dict[str, Any]
Page = Response[str]
Here = NamedDependency[World]
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/", sync_to_thread=False)
def show_home() -> Page:
    """What this address is, for whoever opens it by itself."""
    return page("home.html", cards=CARDS)


@get("/c/pay/{key:str}", sync_to_thread=True)
def show_session(world: Here, key: FromPath[str], again: FromQuery[bool] = False, way: FromQuery[str] = "card") -> Page:
    """The form of an open Session for one way to pay; otherwise a page that says how it ended."""
    with world.lock:
        due.run(world)
        session = _session(world, key)
        if session["status"] != "open":
            return _over(session)
        message = _last_error(world, session) if again else ""
        return form(world, session, way, {}, message=message)


@post("/c/pay/{key:str}", sync_to_thread=True)
def submit(world: Here, key: FromPath[str], data: Form) -> Page | Redirect:
    """Pay with what was typed: on to the success page, to a question, or to the form again with the reason."""
    way = data.get("way", "card")
    with world.lock:
        due.run(world)
        session = _session(world, key)
        try:
            outcome = _try(world, session, way, data)
        except FormRefused as refused:
            return form(world, session, way, data, errors=refused.errors, status=422)
        finally:
            world.store.save()
        if outcome.state == "declined":
            return form(world, session, way, data, message=outcome.message, status=402)
        return _onward(outcome, session)


@get("/3ds/{key:str}", sync_to_thread=True)
def show_challenge(world: Here, key: FromPath[str]) -> Page:
    """The bank's question."""
    return _ask(world, key)


@post("/3ds/{key:str}", sync_to_thread=True)
def answer_challenge(world: Here, key: FromPath[str], data: Form) -> Page | Redirect:
    """What the person answered to the bank."""
    return _answer(world, key, data)


@get("/paypal/{key:str}", sync_to_thread=True)
def show_paypal(world: Here, key: FromPath[str]) -> Page:
    """PayPal's question."""
    return _ask(world, key)


@post("/paypal/{key:str}", sync_to_thread=True)
def answer_paypal(world: Here, key: FromPath[str], data: Form) -> Page | Redirect:
    """What the person answered to PayPal."""
    return _answer(world, key, data)


HANDLERS = [show_home, show_session, submit, show_challenge, answer_challenge, show_paypal, answer_paypal]


def _ask(world: World, key: str) -> Page:
    with world.lock:
        due.run(world)
        intent = _intent(world, key)
        if intent["status"] != "requires_action":
            return page("over.html", state="answered", back="")
        return challenge(world, intent)


def _answer(world: World, key: str, data: dict[str, str]) -> Page | Redirect:
    with world.lock:
        due.run(world)
        try:
            outcome = paying.answer_challenge(world, _intent(world, key), passed=data.get("answer") == "complete")
        except ApiError:
            return page("over.html", state="answered", back="")
        finally:
            world.store.save()
        return _onward(outcome, None)


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
        return Redirect(outcome.address, status_code=303, headers=headers())
    if session is not None:
        return _over(session)
    return page("over.html", state=outcome.state if outcome.state != "over" else "expired", back="")


def _over(session: Json) -> Page:
    state = session["status"]
    if state == "complete" and session["payment_status"] != "paid":
        state = "saved" if session["mode"] == "setup" else "handed_in"
    return page("over.html", state=state, back=session["cancel_url"] or "")


def _try(world: World, session: Json, way: str, data: dict[str, str]) -> Outcome:
    def typed(*names: str) -> dict[str, str]:
        return {name: data.get(name, "") for name in names}

    if way not in ways_of(session):
        raise NotFoundException("This Checkout Session cannot be paid that way.")
    if way in DEBITS:
        return paying.pay_by_debit(world, session, TypedAccount(**typed("number", "name", "routing", "email")), way)
    if way == "paypal":
        return paying.pay_by_paypal(world, session, data.get("email", ""))
    if way in WALLETS:
        return paying.pay_by_wallet(world, session, way, data.get("email", ""))
    return paying.pay(world, session, TypedCard(**typed("number", "expiry", "cvc", "name", "email")))
