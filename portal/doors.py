"""Doors: how somebody came to what an account owes: by signing in, or by the link out of a notice.

A page that both may see is written once, for whoever stands in the door. By the link there is nothing behind it but the
invoices of its notice: everything else is answered as if it were not there.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.notices import pay_links
from domain.notices.model import PayLink
from domain.payments import queries as payments
from domain.payments.model import Payment
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import NotFound
from portal.access import LINK_PATH, Entered, actor_of, customer_of, enter
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

LINK = "link"
"""The cookie that holds the secret of a link, for the pages of that link alone."""
GUESSING = Rate(30, 3600)
"""So many secrets that lead nowhere one network address may bring."""
OF_A_LINK = frozenset({Right.PAY, Right.DISPUTE, Right.PROMISE})
"""What a link is good for."""


class LinkGone(Exception):
    """There is no such link, or it works no more: the same answer for all."""


class Door(Protocol):
    """How somebody came in, and so what they may see and in whose name they act."""

    @property
    def login_id(self) -> int | None:
        """Who has signed in; None where nobody has."""

    @property
    def link_id(self) -> int | None:
        """By which link they came."""

    @property
    def actor(self) -> Actor:
        """Who acts, as the audit trail names them; known once they have entered."""

    def enter(self, session: Session, right: Right = Right.VIEW) -> Entered:
        """The account, for what needs this right."""

    def open_invoices(self, session: Session) -> AnyRows:
        """What is open and theirs to see, the longest due first."""

    def invoice(self, session: Session, invoice_id: int) -> AnyRow:
        """One invoice that is theirs to see; NotFound."""

    def check(self, session: Session, invoice_ids: Collection[int]) -> None:
        """Do nothing where all of these invoices are theirs to see; NotFound."""

    def payment(self, session: Session, public_id: str) -> Payment:
        """One payment that is theirs to see; NotFound."""

    def check_maker(self, link_id: int | None) -> None:
        """Do nothing where what was made by the holder of this link, or of none, is theirs to see; NotFound."""

    def acted(self, session: Session) -> None:
        """Something was done in this transaction, not only looked at."""


class SignedIn:
    """By signing in: everything on an account on which the login has the right."""

    link_id = None

    def __init__(self, request: AnyRequest, account_id: int) -> None:
        self._request, self._account_id = request, account_id

    @property
    def login_id(self) -> int | None:
        """Who has signed in."""
        return customer_of(self._request).login_id

    @property
    def actor(self) -> Actor:
        """The login."""
        return actor_of(self._request)

    def enter(self, session: Session, right: Right = Right.VIEW) -> Entered:
        """The account; raises as `access.enter` does."""
        return enter(self._request, session, self._account_id, right)

    def open_invoices(self, session: Session) -> AnyRows:
        """All that is open."""
        return receivables.open_invoices(session, self._account_id)

    def invoice(self, session: Session, invoice_id: int) -> AnyRow:
        """Any invoice of the account."""
        return receivables.invoice(session, self._account_id, invoice_id)

    def check(self, session: Session, invoice_ids: Collection[int]) -> None:
        """All are the account's."""
        receivables.invoices(session, self._account_id, invoice_ids)

    def payment(self, session: Session, public_id: str) -> Payment:
        """Any payment of the account."""
        return payments.by_public_id(session, public_id, account_id=self._account_id)

    def check_maker(self, link_id: int | None) -> None:
        """Whoever made it."""

    def acted(self, session: Session) -> None:
        """There is nothing to note."""


class ByLink:
    """By the link out of a notice, whose secret the browser keeps: its invoices, and what was done with it."""

    login_id = None

    def __init__(self, request: AnyRequest) -> None:
        self._request = request
        self._link: PayLink | None = None
        self.link_id: int | None = None

    @property
    def actor(self) -> Actor:
        """Whoever holds the link."""
        assert self.link_id is not None, "enter first"
        return Actor.pay_link(self.link_id, visit_of(self._request).address)

    def enter(self, session: Session, right: Right = Right.VIEW) -> Entered:
        """The account without its name, for what links are good for; `LinkGone` where this one works no more."""
        visit = visit_of(self._request)
        secret = visit.cookies.get(visit.site.cookie_name(LINK, path=LINK_PATH), "")
        self._link = pay_links.entered(session, secret) if secret else None
        if self._link is None:
            if secret:
                visit.site.limiter.count("guess a link", visit.address, GUESSING)
            raise LinkGone
        self.link_id = self._link.id
        account = accounts.account(session, self._link.account_id)
        return Entered(account.id, "", "", account.currency, account.time_zone, OF_A_LINK, False, by_link=True)

    def open_invoices(self, session: Session) -> AnyRows:
        """What its notice asks for and is open still."""
        return pay_links.invoices_of(session, self._entered)

    def invoice(self, session: Session, invoice_id: int) -> AnyRow:
        """An invoice that its notice asks for."""
        self.check(session, [invoice_id])
        return receivables.invoice(session, self._entered.account_id, invoice_id)

    def check(self, session: Session, invoice_ids: Collection[int]) -> None:
        """All are asked for by its notice."""
        if not pay_links.has(session, self._entered, invoice_ids):
            raise NotFound(receivables.NO_SUCH_INVOICE)

    def payment(self, session: Session, public_id: str) -> Payment:
        """A payment that was begun with this link."""
        payment = payments.by_public_id(session, public_id, account_id=self._entered.account_id)
        self.check_maker(payments.pay_link_of(session, payment.id))
        return payment

    def check_maker(self, link_id: int | None) -> None:
        """Whoever holds this link."""
        if link_id != self.link_id:
            raise NotFound

    def acted(self, session: Session) -> None:
        """The link was used."""
        pay_links.used(session, self._entered)

    @property
    def _entered(self) -> PayLink:
        assert self._link is not None, "enter first"
        return self._link


def limited(door: Door) -> str:
    """The name under which somebody's tries are counted: each login, and each link, has its own measure."""
    return f"link {door.link_id}" if door.login_id is None else str(door.login_id)
