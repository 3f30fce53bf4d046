"""One address of the API: which parameters it takes, by the SDK's own declarations, and what it does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
PAGING = frozenset({"ending_before", "expand", "limit", "starting_after"})


@dataclass(frozen=True)
class Route:
    """One address: `{id}` in `path` is an object's id."""

    method: str
    path: str
    shape: type
    act: Callable[..., Json]
    supported: frozenset[str] | None = None

    def match(self, method: str, path: str) -> dict[str, str] | None:
        """The ids in an address that fits, otherwise None."""
        if method != self.method:
            return None
        found = re.fullmatch(self.path.replace("{id}", "(?P<key>[A-Za-z0-9_]+)"), path)
        return found.groupdict() if found else None
