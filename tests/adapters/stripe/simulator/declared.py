"""What the SDK declares of every call: its address, its parameters, and the class of its answer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import stripe

_PARAMS = re.compile(r"\b(\w+Params)\b")
_LISTS = ("ListObject", "SearchResultObject")


@dataclass(frozen=True)
class Call:
    """A call of the API: `many` says that it answers a list of `answer`."""

    params: str
    answer: str
    many: bool


@cache
def calls() -> dict[tuple[str, str], Call]:
    """Every call of the SDK's services by method and address, ids as `{id}`."""
    root = Path(stripe.__file__).parent
    sources = [*root.glob("_*_service.py"), *root.glob("checkout/_*_service.py"), *root.glob("radar/_*_service.py")]
    return {address: call for source in sources for address, call in _calls_of(ast.parse(source.read_text()))}


def _calls_of(tree: ast.Module) -> Iterator[tuple[tuple[str, str], Call]]:
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.returns is None:
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_request":
                yield _address(node), _described(function)


def _address(request: ast.Call) -> tuple[str, str]:
    method, path = request.args[0], request.args[1]
    if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):
        path = path.func.value
    assert isinstance(method, ast.Constant)
    assert isinstance(path, ast.Constant)
    return str(method.value).upper(), re.sub(r"\{\w+\}", "{id}", str(path.value))


def _described(function: ast.FunctionDef) -> Call:
    found = [_PARAMS.search(ast.unparse(each.annotation)) for each in function.args.args if each.annotation]
    params = next(match[1] for match in found if match)
    assert function.returns is not None
    names = re.findall(r"\w+", ast.unparse(function.returns))
    return Call(params, names[-1], names[0] in _LISTS)
