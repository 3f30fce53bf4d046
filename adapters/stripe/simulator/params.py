"""Strictness: a request's parameters, checked by name and type against the SDK's own declarations of them."""

from __future__ import annotations

import re
import types
import typing
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, NotRequired, Union, get_args, get_origin

from stripe import RequestOptions
from typing_extensions import is_typeddict

from adapters.stripe.simulator.errors import ApiError, bad_parameter
from adapters.stripe.simulator.forms import Tree

Json = dict[str, Any]
_WHOLE = re.compile(r"-?[0-9]+\Z")
_LONGEST_VALUE = 5000
_LONGEST_EVIDENCE = 20_000
_NOT_ON_THE_WIRE = frozenset(RequestOptions.__annotations__)


def read(tree: Tree, shape: type, *, supported: frozenset[str] | None = None) -> Json:
    """The typed parameters, or the refusal that Stripe would answer.

    `shape` is one of the SDK's TypedDicts. Names in it but not in `supported` are Stripe's, yet have no effect here:
    they are refused as well, so that nothing is silently ignored.
    """
    values = _read_object(tree, shape, "")
    for name in values:
        if supported is not None and name not in supported:
            raise bad_parameter(f"The simulator does not know what to do with the parameter '{name}' yet.", name)
    return values


@cache
def fields_of(shape: type) -> dict[str, Any]:
    """The parameters of one of the SDK's TypedDicts and their types, without the options of the call itself."""
    names = vars(typing) | {"StripeContext": str}
    hints = typing.get_type_hints(shape, localns=names, include_extras=True)
    return {name: hint for name, hint in hints.items() if name not in _NOT_ON_THE_WIRE}


def _read_object(tree: Tree, shape: type, path: str) -> Json:
    fields = fields_of(shape)
    unknown = [_join(path, name) for name in tree if name not in fields]
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        message = f"Received unknown parameter{plural}: {', '.join(unknown)}"
        raise bad_parameter(message, unknown[0], "parameter_unknown")
    missing = [name for name, hint in fields.items() if get_origin(hint) is not NotRequired and name not in tree]
    if missing:
        raise missing_parameter(_join(path, missing[0]))
    return {name: _read_value(value, fields[name], _join(path, name)) for name, value in tree.items()}


def missing_parameter(path: str) -> ApiError:
    """The refusal of a request that lacks the parameter at `path`."""
    return bad_parameter(f"Missing required param: {path}.", path, "parameter_missing")


def _read_value(value: str | Tree, hint: Any, path: str) -> Any:
    options = _options(hint)
    if isinstance(value, dict):
        return _read_nested(value, options, path)
    if value == "":
        return _read_empty(options, path)
    longest = _LONGEST_EVIDENCE if path.startswith("evidence[") else _LONGEST_VALUE
    if len(value) > longest:
        raise bad_parameter(f"Invalid string: must be at most {longest} characters", path)
    choices = [choice for option in options if get_origin(option) is Literal for choice in get_args(option) if choice]
    if choices:
        return _read_choice(value, choices, bool in options, path)
    if bool in options:
        return _read_boolean(value, path)
    if int in options:
        return _read_whole(value, path)
    if float in options or Decimal in options:
        return _read_decimal(value, path)
    if str in options or Any in options:
        return value
    raise bad_parameter("Invalid object", path)


def _read_choice(value: str, choices: list[str], may_be_boolean: bool, path: str) -> str | bool:
    if value in choices:
        return value
    if may_be_boolean and value in ("true", "false"):
        return value == "true"
    raise bad_parameter(f"Invalid {path}: must be one of {_either(choices)}", path)


def _read_nested(value: Tree, options: list[Any], path: str) -> Any:
    for option in options:
        if is_typeddict(option):
            return _read_object(value, option, path)
        if get_origin(option) is list:
            return _read_list(value, get_args(option)[0], path)
        if get_origin(option) is dict:
            return _read_map(value, path)
    raise bad_parameter(f"Invalid string: {path} must be a single value.", path)


def _read_list(value: Tree, hint: Any, path: str) -> list[Any]:
    if not all(_WHOLE.match(key) for key in value):
        raise bad_parameter("Invalid array", path)
    keys = sorted(value, key=int)
    return [_read_value(value[key], hint, f"{path}[{key}]") for key in keys]


def _read_map(value: Tree, path: str) -> dict[str, str]:
    """Metadata: at most 50 keys of 40 characters with values of 500 (Stripe's limits)."""
    if len(value) > 50:
        raise bad_parameter("You can only specify up to 50 metadata keys.", path)
    for key, text in value.items():
        if not isinstance(text, str):
            raise bad_parameter(f"Invalid metadata: the value of '{key}' must be a string.", path)
        if len(key) > 40:
            raise bad_parameter(f"Metadata keys can be at most 40 characters: '{key}'.", path)
        if len(text) > 500:
            raise bad_parameter(f"Metadata values can have up to 500 characters: '{key}' has {len(text)}.", path)
    return value


def _read_empty(options: list[Any], path: str) -> str:
    if any(get_origin(option) is Literal and "" in get_args(option) for option in options):
        return ""
    message = (
        f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a parameter; "
        f"however '{path}' cannot be unset. You should remove '{path}' from your request or supply a non-empty value."
    )
    raise bad_parameter(message, path, "parameter_invalid_empty")


def _read_boolean(value: str, path: str) -> bool:
    if value not in ("true", "false"):
        raise bad_parameter(f"Invalid boolean: {value}", path)
    return value == "true"


def _read_whole(value: str, path: str) -> int:
    if not _WHOLE.match(value):
        raise bad_parameter(f"Invalid integer: {value}", path, "parameter_invalid_integer")
    return int(value)


def _read_decimal(value: str, path: str) -> str:
    try:
        Decimal(value)
    except InvalidOperation:
        raise bad_parameter(f"Invalid decimal: {value}", path) from None
    return value


def _options(hint: Any) -> list[Any]:
    """The alternatives of a type, with `NotRequired` and unions taken apart."""
    if get_origin(hint) is NotRequired:
        return _options(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return [option for part in get_args(hint) for option in _options(part)]
    return [hint]


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _either(choices: list[str]) -> str:
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])}, or {choices[-1]}"
