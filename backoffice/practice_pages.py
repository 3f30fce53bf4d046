"""Practice pages: every handler of practice in one list, which only the demo has."""

from __future__ import annotations

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler

from backoffice import practice, practice_session

PAGES: Sequence[ControllerRouterHandler] = (*practice.PAGES, *practice_session.PAGES)
"""Every way to practise."""
