"""Documents as both sites look through them: by category and by the words in them, a page at a time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.documents import listing
from domain.documents.listing import Wanted
from domain.documents.model import Category
from domain.documents.names import CATEGORY_NAMES
from web.links import with_query


def category_of(typed: str) -> Category | None:
    """The category that an address names, if there is one of that name."""
    return Category(typed) if typed in set(Category) else None


def looked_through(session: Session, wanted: Wanted, path: str, after: int | None) -> dict[str, object]:
    """What `ui/_search_documents.html` and the list below it need; `path` is the page's own."""
    found = listing.listed(session, wanted, after=after)
    chosen = wanted.category.value if wanted.category else ""
    older = with_query(path, category=chosen, words=wanted.words, after=found.older) if found.older else None
    return {
        "documents": found.rows,
        "older": older,
        "path": path,
        "words": wanted.words,
        "chosen": chosen,
        "categories": [(one.value, CATEGORY_NAMES[one]) for one in listing.categories_of(session, wanted)],
    }
