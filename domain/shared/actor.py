"""Actor: who does a thing, as the audit trail will name them."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    """What sort of actor it is."""

    STAFF = "staff"
    LOGIN = "login"
    VISITOR = "visitor"
    PROCESSOR = "processor"
    WORKER = "worker"
    OPERATOR = "operator"
    API_KEY = "api_key"
    PAY_LINK = "pay_link"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the kind, the row's id where there is one, and from which network address."""

    kind: ActorKind
    id: int | None = None
    address: str | None = None

    @classmethod
    def staff(cls, staff_id: int, address: str | None = None) -> "Actor":
        """A member of staff."""
        return cls(ActorKind.STAFF, staff_id, address)

    @classmethod
    def login(cls, login_id: int, address: str | None = None) -> "Actor":
        """A customer's login."""
        return cls(ActorKind.LOGIN, login_id, address)

    @classmethod
    def api_key(cls, key_id: int, address: str | None = None) -> "Actor":
        """Another system, by the key that it shows."""
        return cls(ActorKind.API_KEY, key_id, address)

    @classmethod
    def pay_link(cls, link_id: int, address: str | None = None) -> "Actor":
        """Whoever holds a link out of a notice, and has not signed in."""
        return cls(ActorKind.PAY_LINK, link_id, address)

    @classmethod
    def partner(cls, login_id: int, address: str | None = None) -> "Actor":
        """Somebody who signs in for an agency or an attorney."""
        return cls(ActorKind.PARTNER, login_id, address)

    @classmethod
    def visitor(cls, address: str | None = None) -> "Actor":
        """Somebody who has not signed in, or not yet."""
        return cls(ActorKind.VISITOR, None, address)


PROCESSOR = Actor(ActorKind.PROCESSOR)
"""The payment processor, by its own report."""
WORKER = Actor(ActorKind.WORKER)
"""The background worker."""
OPERATOR = Actor(ActorKind.OPERATOR)
"""Whoever runs the `quittance` command."""
