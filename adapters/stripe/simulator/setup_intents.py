"""Setup intents through the API: a payment method saved for later without paying."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import attempts, events, listing, method_making, payment_methods, setups, ways
from adapters.stripe.simulator.errors import ApiError, bad_parameter, refused
from adapters.stripe.simulator.metadata import merged
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
SUPPORTED = frozenset(
    {
        "allowed_payment_method_types", "automatic_payment_methods", "confirm", "customer", "description", "expand",
        "metadata", "payment_method", "return_url", "usage",
    }
)  # fmt: skip
CONFIRM_SUPPORTED = frozenset({"expand", "payment_method", "return_url"})
LISTED_BY = frozenset({"created", "customer", "ending_before", "expand", "limit", "payment_method", "starting_after"})
_WAITING = ("requires_payment_method", "requires_confirmation", "requires_action")


def create(world: World, params: Json) -> Json:
    """A setup intent, confirmed at once if asked for."""
    if "return_url" in params and not params.get("confirm"):
        raise bad_parameter("`return_url` can only be set when `confirm` is `true`.", "return_url")
    setup = build(world, params)
    if "payment_method" in params:
        _use(world, setup, params["payment_method"])
    if params.get("confirm"):
        _check_confirmable(world, setup, params)
    world.keep(setup)
    events.emit(world, "setup_intent.created", setup)
    return _confirm(world, setup, params) if params.get("confirm") else setup


def build(world: World, params: Json, *, made_by_session: str | None = None, currency: str | None = None) -> Json:
    """The object of a setup intent that nothing has happened to yet; not stored."""
    if "customer" in params:
        world.find("customer", params["customer"], param="customer")
    key = world.new_id("seti")
    automatic = {"allow_redirects": "always"} | params.get("automatic_payment_methods", {"enabled": True})
    world.store.put("intent_notes", key, {"session": made_by_session, "return_url": params.get("return_url")})
    return {
        "id": key,
        "object": "setup_intent",
        "allowed_payment_method_types": params.get(ways.NAME),
        "application": None,
        "automatic_payment_methods": automatic if made_by_session is None else None,
        "cancellation_reason": None,
        "client_secret": f"{key}_secret_{world.new_secret(25)}",
        "created": world.now(),
        "customer": params.get("customer"),
        "customer_account": None,
        "description": params.get("description"),
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": None,
        "latest_attempt": None,
        "livemode": False,
        "mandate": None,
        "metadata": merged({}, params.get("metadata", {})),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ways.taken(params, currency, to_save=True),
        "single_use_mandate": None,
        "status": "requires_payment_method",
        "usage": params.get("usage", "off_session"),
    }


def confirm(world: World, params: Json, key: str) -> Json:
    """Try to save; one that has ended, or belongs to Checkout, is refused."""
    setup = _own(world, key, "confirm")
    if setup["status"] not in _WAITING:
        raise _unexpected(setup, f"You cannot confirm this SetupIntent because it has a status of {setup['status']}.")
    if "payment_method" in params:
        _use(world, setup, params["payment_method"])
    _check_confirmable(world, setup, params)
    return _confirm(world, setup, params)


def cancel(world: World, params: Json, key: str) -> Json:
    """End a setup intent that has not succeeded."""
    setup = _own(world, key, "cancel")
    if setup["status"] not in _WAITING:
        raise _unexpected(setup, f"You cannot cancel this SetupIntent because it has a status of {setup['status']}.")
    setups.cancel(world, setup, params.get("cancellation_reason"))
    return setup


def retrieve(world: World, params: Json, key: str) -> Json:
    """One setup intent."""
    return world.find("setup_intent", key)


def list_all(world: World, params: Json) -> Json:
    """Setup intents, by customer, payment method and time."""
    wanted = {name: params.get(name) for name in ("customer", "payment_method")}
    return listing.page(world, "setup_intent", params, "/v1/setup_intents", **wanted)


def _own(world: World, key: str, act: str) -> Json:
    setup = world.find("setup_intent", key)
    if attempts.notes(world, setup)["session"] is not None:
        raise _unexpected(setup, f"You cannot {act} SetupIntents created by Checkout.")
    return setup


def _use(world: World, setup: Json, key: str) -> None:
    method = method_making.resolve(world, key)
    payment_methods.check_owner(method, setup["customer"])
    ways.check_fits(method, setup["payment_method_types"], "SetupIntent")
    setup.update(payment_method=method["id"], status="requires_confirmation")


def _check_confirmable(world: World, setup: Json, params: Json) -> None:
    if setup["payment_method"] is None:
        raise _unexpected(setup, "You cannot confirm this SetupIntent because it's missing a payment method.")
    attempts.check_way_back(world, setup, params)


def _confirm(world: World, setup: Json, params: Json) -> Json:
    attempts.note_return_url(world, setup, attempts.way_back(world, setup, params))
    setups.run(world, setup)
    return setup


def _unexpected(setup: Json, message: str) -> ApiError:
    error = refused(message, code="setup_intent_unexpected_state")
    error.error["setup_intent"] = dict(setup)
    return error
