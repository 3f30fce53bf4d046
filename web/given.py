"""Given: what handlers of either site ask for by name, and the kit provides (a sent form is `web.forms.SentForm`)."""

from litestar.di import NamedDependency

from domain.documents.rendering import Renderer
from domain.documents.storage import Store
from domain.shared.db.session import Database

GivenDatabase = NamedDependency[Database]
GivenStore = NamedDependency[Store]
GivenRenderer = NamedDependency[Renderer]
