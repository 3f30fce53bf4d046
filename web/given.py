"""Given: what handlers of every site ask for by name, and the kit provides (a sent form is `web.forms.SentForm`)."""

from collections.abc import Callable

from litestar.di import NamedDependency

from domain.documents.rendering import Renderer
from domain.documents.storage import Store
from domain.shared.db.session import Database

GivenDatabase = NamedDependency[Database]
GivenStore = NamedDependency[Store]
GivenRenderer = NamedDependency[Renderer]
GivenNudge = NamedDependency[Callable[[], None]]
"""Wakes the worker."""
