"""Compares JSON objects with the SDK's own annotations of them: what is missing, unknown or not allowed."""

from __future__ import annotations

import types
import typing
from decimal import Decimal
from typing import Any, ClassVar, Literal, Union, get_args, get_origin

import stripe
from stripe import ListObject, StripeObject
from stripe._stripe_object import UntypedStripeObject


class _Names(dict[str, Any]):
    """Names that the SDK imports for type checkers only; of what lies further off, only that it is an object."""

    def __missing__(self, name: str) -> Any:
        exported = name.removesuffix("Resource")
        for place in (stripe, stripe.checkout, stripe.radar, stripe.billing, stripe.tax, stripe.test_helpers):
            if hasattr(place, exported):
                return getattr(place, exported)
        return StripeObject


def problems(value: Any, shape: type[StripeObject], path: str = "") -> list[str]:
    """Everything in which a JSON object differs from its class in the SDK; nothing if it agrees."""
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is no {shape.__name__}"]
    hints = _hints(shape)
    unknown = [f"{path}.{name}: unknown" for name in value if name not in hints]
    missing = [f"{path}.{name}: missing" for name, hint in hints.items() if not _optional(hint) and name not in value]
    known = [name for name in value if name in hints]
    wrong = [problem for name in known for problem in _differences(value[name], hints[name], f"{path}.{name}")]
    return unknown + missing + wrong


def _hints(shape: type[StripeObject]) -> dict[str, Any]:
    hints = typing.get_type_hints(shape, localns=_Names(vars(stripe)))
    return {
        name: hint
        for name, hint in hints.items()
        if not name.startswith("_") and not name.isupper() and get_origin(hint) is not ClassVar
    }


def _differences(value: Any, hint: Any, path: str) -> list[str]:
    options = _options(hint)
    if value is None:
        return [] if type(None) in options else [f"{path}: null is not allowed"]
    choices = [choice for option in options if get_origin(option) is Literal for choice in get_args(option)]
    if choices and not isinstance(value, dict):
        return [] if value in choices else [f"{path}: {value!r} is not one of {choices[:5]}…"]
    found = [_against(value, option, path) for option in options if option is not type(None)]
    return min(found, key=len, default=[f"{path}: nothing is allowed"])


def _against(value: Any, option: Any, path: str) -> list[str]:
    origin = get_origin(option)
    if origin is list:
        if not isinstance(value, list):
            return [f"{path}: {value!r} is no list"]
        item_hint = get_args(option)[0]
        return [p for place, item in enumerate(value) for p in _differences(item, item_hint, f"{path}[{place}]")]
    if origin is ListObject:
        if not isinstance(value, dict) or value.get("object") != "list":
            return [f"{path}: {value!r} is no list object"]
        items = enumerate(value["data"])
        return [p for place, item in items for p in problems(item, get_args(option)[0], f"{path}.data[{place}]")]
    if option is UntypedStripeObject or origin in (UntypedStripeObject, dict) or option in (Any, object):
        return []
    if isinstance(option, type) and issubclass(option, StripeObject):
        return problems(value, option, path)
    wanted = {int: int, str: str, bool: bool, float: (int, float), Decimal: str}.get(option)
    if wanted is None:
        return [f"{path}: {option!r} is not understood"]
    fits = isinstance(value, wanted) and (option is bool or not isinstance(value, bool))  # type: ignore[arg-type]
    return [] if fits else [f"{path}: {value!r} is no {option.__name__}"]


def _optional(hint: Any) -> bool:
    return type(None) in _options(hint)


def _options(hint: Any) -> list[Any]:
    if get_origin(hint) in (Union, types.UnionType):
        return [option for part in get_args(hint) for option in _options(part)]
    return [hint]
