"""Access: who is signed in to the back office, and what their role lets them do; each page asks for one permission."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.handlers import BaseRouteHandler

from domain.shared.actor import Actor
from domain.staff.model import ROLE_NAMES, Role
from domain.staff.permissions import Permission, may, require
from web.visit import AnyRequest, Connection, visit_of


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who is signed in to the back office; `is_sure` while a second factor was given minutes ago."""

    staff_id: int
    session_id: int
    email: str
    name: str
    role: Role
    language: str | None
    is_sure: bool

    @property
    def role_name(self) -> str:
        """What their job is called, as a message id."""
        return ROLE_NAMES[self.role]

    def may(self, permission: str) -> bool:
        """Whether their role allows it; for templates that show what can be done."""
        return may(self.role, Permission(permission))


@dataclass(frozen=True, slots=True)
class Admit:
    """The guard of one page: lets in those whose role has all of the permissions, or one where that is enough."""

    permissions: tuple[Permission, ...] = ()
    one_is_enough: bool = False

    async def __call__(self, connection: Connection, _: BaseRouteHandler) -> None:
        """Raise NotAllowed, naming the roles that may, where the visitor's may not."""
        require(officer_of(connection).role, *self.permissions, one_is_enough=self.one_is_enough)


def admit(*permissions: Permission, one_is_enough: bool = False) -> list[Admit]:
    """What a handler says in its `guards`: this page needs these permissions, or one of them."""
    return [Admit(permissions, one_is_enough)]


ANY_STAFF = [Admit()]
"""The guards of what is everybody's own: their profile, signing out."""


def officer_of(connection: Connection) -> Officer:
    """Who is signed in; only for handlers that are not public."""
    visitor = visit_of(connection).visitor
    assert isinstance(visitor, Officer)
    return visitor


def actor_of(request: AnyRequest) -> Actor:
    """The signed-in member of staff, as the audit trail names them."""
    return Actor.staff(officer_of(request).staff_id, visit_of(request).address)
