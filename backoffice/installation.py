"""Installation: what is decided outside the program, as pages show it; of a secret only whether it is set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.preferences.values import Bounds


@dataclass(frozen=True, slots=True)
class Outside:
    """One thing that is decided outside: its variable, and what it is; of a secret only whether it is set."""

    variable: str
    value: str = ""
    is_secret: bool = False
    is_set: bool = True


@dataclass(frozen=True, slots=True)
class Installation:
    """What the program was started with: its version, and where everything outside is; `head` is the newest schema."""

    version: str = ""
    database: str = ""
    head: str = ""
    is_live: bool = False
    is_simulated: bool = False
    is_practice: bool = False
    """Whether it is the demo: only there can staff practise."""
    has_stripe: bool = False
    mail: str = ""
    mail_is_sent: bool = False
    storage: str = ""
    texts: str = ""
    scanner: bool = False
    backup_file: str = ""
    country: str = ""
    bounds: Bounds = field(default_factory=lambda: Bounds(("en", "es"), can_text=False))
    outside: Sequence[Outside] = ()

    def __post_init__(self) -> None:
        if self.is_practice and self.is_live:
            raise ValueError("an installation that moves real money is none to practise in")
