"""Elsewhere: the house's own identity provider, as handlers are given it; perhaps none is set up."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.di import NamedDependency

from domain.staff.credentials.identity import IdentityProvider


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The provider; nobody, where none is set up."""

    provider: IdentityProvider | None = None

    @property
    def name(self) -> str | None:
        """What people call it."""
        return None if self.provider is None else self.provider.name


GivenElsewhere = NamedDependency[Elsewhere]
"""How a handler asks for it: `elsewhere: GivenElsewhere`."""
