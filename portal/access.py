"""Access: who is signed in to the portal, and on which accounts they may do what; everything else is not there."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.handlers import BaseRouteHandler
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.accounts.queries import OwnAccount
from domain.shared.actor import Actor
from domain.shared.errors import N_, NotAllowed, NotFound
from web.admission import SAFE_METHODS
from web.visit import AnyRequest, Connection, visit_of

ONLY_LOOKING = N_("You look at this as the customer sees it: nothing can be changed here.")
LINK_PATH = "/l"
"""Where the pages begin of those who came by a link."""


NOBODY = 0
"""The id of no login: what is a login's own, such as its saved cards, nobody of staff sees."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody of staff, who looks at the portal as the customers of one account see it, and changes nothing."""

    staff_id: int
    name: str
    account_id: int


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who is signed in to the portal, or who of staff looks at it in their place."""

    login_id: int
    session_id: int
    email: str
    name: str
    language: str | None
    viewer: Viewer | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """The account that a page is about, as this customer may use it."""

    id: int
    number: str
    name: str
    currency: str
    time_zone: str
    rights: frozenset[Right]
    has_others: bool
    by_link: bool = False
    """Whether they came by the link out of a notice, and see nothing but what it asks for."""

    @property
    def path(self) -> str:
        """Where its pages begin."""
        return LINK_PATH if self.by_link else f"/accounts/{self.id}"

    def invoice_path(self, invoice_id: int) -> str:
        """Where one of its invoices is shown."""
        return self.path if self.by_link else f"{self.path}/invoices/{invoice_id}"

    @property
    def may_pay(self) -> bool:
        """Whether the pay buttons are shown."""
        return Right.PAY in self.rights

    @property
    def may_promise(self) -> bool:
        """Whether they may say that an invoice will be paid later."""
        return Right.PROMISE in self.rights

    @property
    def may_dispute(self) -> bool:
        """Whether they may say that something is wrong with an invoice."""
        return Right.DISPUTE in self.rights

    @property
    def may_bind(self) -> bool:
        """Whether they may accept terms and ask for credit in the account's name."""
        return Right.BIND in self.rights


def customer_of(request: AnyRequest) -> Customer:
    """Who is signed in; only for handlers that are not public."""
    visitor = visit_of(request).visitor
    assert isinstance(visitor, Customer)
    return visitor


def actor_of(request: AnyRequest) -> Actor:
    """Who is signed in, as the audit trail names them: the customer, or who of staff looks in their place."""
    customer, address = customer_of(request), visit_of(request).address
    if customer.viewer is not None:
        return Actor.staff(customer.viewer.staff_id, address)
    return Actor.login(customer.login_id, address)


def own_accounts(session: Session, customer: Customer) -> list[OwnAccount]:
    """The accounts that somebody may see here, by name, with their rights; who of staff looks has one, and all rights.

    Rights make pages appear; that nothing can be changed while somebody looks is held by `only_looking`.
    """
    if customer.viewer is None:
        return accounts.accounts_of(session, customer.login_id)
    row = accounts.account(session, customer.viewer.account_id)
    return [OwnAccount(row.id, row.number, row.name, row.currency, row.time_zone, frozenset(Right))]


async def only_looking(connection: Connection, handler: BaseRouteHandler) -> None:
    """The guard of every route: who of staff looks in a customer's place changes nothing.

    A handler's `opt` says `looking` where it is about the looking itself.
    """
    visitor = visit_of(connection).visitor
    looks = isinstance(visitor, Customer) and visitor.viewer is not None
    if looks and connection.scope.get("method") not in SAFE_METHODS and not handler.opt.get("looking"):
        raise NotAllowed(ONLY_LOOKING)


def enter(request: AnyRequest, session: Session, account_id: int, right: Right = Right.VIEW) -> Entered:
    """The account, for a customer who may do `right` on it.

    NotFound where they have no rights on it at all, just as where there is none; NotAllowed, naming who can, where
    they only lack this right.
    """
    own = own_accounts(session, customer_of(request))
    mine = next((account for account in own if account.id == account_id), None)
    if mine is None or Right.VIEW not in mine.rights:
        raise NotFound
    entered = Entered(mine.id, mine.number, mine.name, mine.currency, mine.time_zone, mine.rights, len(own) > 1)
    request.state.account = entered
    if right not in mine.rights:
        who_can = [
            login.name
            for login in accounts.logins_on(session, account_id)
            if right in login.rights and login.disabled_at is None
        ]
        raise NotAllowed(N_("You may not do this for {account}."), who_can=who_can, account=mine.name)
    return entered


def entered_of(request: AnyRequest) -> Entered | None:
    """The account that this request has entered, if it has."""
    entered: Entered | None = getattr(request.state, "account", None)
    return entered
