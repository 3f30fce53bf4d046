"""Kept settings: what the demo brings, written into its home, so that every command that is run there uses it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from app import environment as env
from app.environment import WrongSetting

KEPT = "demo.json"
"""The file, beside the demo's database."""
GIVEN = frozenset({env.HOME.full_name, env.LOG_LEVEL.full_name})
"""What may be given for the demo too."""


def keep(environ: Mapping[str, str], home: Path) -> None:
    """Write the settings of `environ` into `home`, for its owner alone: secrets of the demo are among them."""
    ours = {name: text for name, text in environ.items() if name.startswith(env.PREFIX) and name not in GIVEN}
    handle = os.open(home / KEPT, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(ours, file, indent=2, ensure_ascii=False)


def with_kept(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, with the demo's settings where the books that it means are the demo's.

    Raises WrongSetting where settings for other books are given beside them: nobody would know which were meant.
    """
    file = Path(env.HOME.value(environ)).expanduser().resolve() / KEPT
    if env.DATABASE_URL.given(environ) or not file.exists():
        return environ
    others = sorted(name for name in environ if name.startswith(env.PREFIX) and name.removesuffix("_FILE") not in GIVEN)
    if others:
        raise WrongSetting(
            f"{file.parent} holds the demo, which has its own settings: unset {', '.join(others)}, "
            f"or choose another {env.HOME.full_name}."
        )
    return {**json.loads(file.read_text("utf-8")), **environ}
