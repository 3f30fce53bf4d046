"""Form-encoded requests with nested brackets: `a[b][0][c]=v` becomes {"a": {"b": {"0": {"c": "v"}}}}."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from adapters.stripe.simulator.errors import bad_parameter

Tree = dict[str, Any]
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")


def parse(encoded: str) -> Tree:
    """The tree of strings that a query or a body stands for.

    A list is a dictionary with the keys "0", "1", …: only the parameter's type tells which of the two is meant.
    """
    tree: Tree = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        _insert(tree, name, value)
    return tree


def _insert(tree: Tree, name: str, value: str) -> None:
    head, bracket, rest = name.partition("[")
    keys = [head, *_BRACKETED.findall(bracket + rest)]
    branch = tree
    for key in keys[:-1]:
        branch = branch.setdefault(key or str(len(branch)), {})
        if not isinstance(branch, dict):
            raise bad_parameter(f"Invalid object: {name} is given as a value and as an object.", head)
    last = keys[-1] or str(len(branch))
    if isinstance(branch.get(last), dict):
        raise bad_parameter(f"Invalid object: {name} is given as a value and as an object.", head)
    branch[last] = value
