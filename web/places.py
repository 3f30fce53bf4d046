"""Places: what the shells show of a site's navigation and of who is signed in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation; `words` is a message id, `count` what waits there (staff only)."""

    id: str
    words: str
    icon: str
    href: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Who:
    """Who is signed in to the back office; `role` is a message id."""

    name: str
    role: str

    @property
    def initials(self) -> str:
        """The first letters of the first and the last word of the name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper() if words else "?"


@dataclass(frozen=True, slots=True)
class PlaceGroup:
    """Places that belong together under a name (a message id); `is_open` where they are shown on every page."""

    id: str
    words: str
    places: tuple[Place, ...]
    is_open: bool = False

    @property
    def count(self) -> int:
        """What waits in all of them together."""
        return sum(place.count for place in self.places)

    def holds(self, here: str) -> bool:
        """Whether the place with this id is one of them."""
        return any(place.id == here for place in self.places)
