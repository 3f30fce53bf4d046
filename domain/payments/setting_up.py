"""Setting up: ask the processor for the page on which a method is kept without a payment; no money can move there."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.payments import queries
from domain.payments.processor import Processor, ProcessorConfused, ProcessorRefused, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.payments.snapshots import CheckoutSnapshot, CheckoutState, SetupRequest
from domain.payments.starting import PAGE_OPEN_FOR
from domain.saved_methods.consenting import Agreement, agree, source_of_setup
from domain.saved_methods.model import MethodSetup, SetupState
from domain.shared.db.session import Database, business, now
from domain.shared.errors import N_, NotFound
from domain.shared.ids import new_public_id

UNDER_WAY = (SetupState.PREPARED, SetupState.SENT, SetupState.OPEN)
CLOSING = timedelta(minutes=5)
"""A page that closes this soon is not handed out again."""


def start_setup(
    session: Session,
    processor: Processor,
    account_id: int,
    *,
    login_id: int,
    agreement: Agreement,
    return_url: str,
    cancel_url: str,
) -> MethodSetup:
    """Store the exact request for the page; the same login asking again soon gets the same one.

    `{setup}` in the URLs becomes its public id. The agreement is written down here: without it nothing is kept.
    """
    account = accounts.lock(session, account_id)
    under_way = session.scalars(
        select(MethodSetup)
        .where(
            MethodSetup.account_id == account_id,
            MethodSetup.login_id == login_id,
            MethodSetup.state.in_(UNDER_WAY),
            MethodSetup.prepared_at > now(session) - PAGE_OPEN_FOR + CLOSING,
        )
        .order_by(MethodSetup.id.desc())
        .limit(1)
    ).one_or_none()
    if under_way is not None:
        return under_way
    customer_id = queries.customer_id(session, account_id)
    if customer_id is None:
        raise RuntimeError("the account is made known to the processor before a method is kept")
    public_id = new_public_id(now(session))
    agree(session, account_id, login_id, agreement, source=source_of_setup(public_id))
    request = SetupRequest(
        setup_id=public_id,
        installation=business(session).installation,
        customer_id=customer_id,
        currency=account.currency,
        success_url=return_url.replace("{setup}", public_id),
        cancel_url=cancel_url.replace("{setup}", public_id),
        expires_at=now(session) + PAGE_OPEN_FOR,
        language=agreement.language,
    )
    setup = MethodSetup(
        public_id=public_id,
        account_id=account_id,
        login_id=login_id,
        state=SetupState.PREPARED,
        request=processor.compose_setup(request),
        prepared_at=now(session),
    )
    session.add(setup)
    session.flush()
    return setup


def setup_of(session: Session, account_id: int, login_id: int, public_id: str) -> MethodSetup:
    """A request of this login's own on this account; NotFound otherwise."""
    setup = session.scalars(
        select(MethodSetup).where(
            MethodSetup.public_id == public_id,
            MethodSetup.account_id == account_id,
            MethodSetup.login_id == login_id,
        )
    ).one_or_none()
    if setup is None:
        raise NotFound(N_("We could not find that."))
    return setup


def send_setup(database: Database, processor: Processor, setup_id: int) -> Outcome:
    """Ask for the page; repeat an unknown request under the same key and body. Its address is in `checkout_url`.

    Where the processor has saved an error its list decides; a page that nobody was given the address of does no harm.
    """
    with database.transaction() as session:
        setup = session.get_one(MethodSetup, setup_id)
        if setup.state is SetupState.OPEN:
            return Outcome.OPENED
        if setup.state not in UNDER_WAY:
            return Outcome.REFUSED
        setup.state = SetupState.SENT
        body, key, public_id = setup.request, setup.key, setup.public_id
        customer_id, since = queries.customer_id(session, setup.account_id) or "", setup.prepared_at
    try:
        try:
            checkout = processor.open_checkout(body, key=key)
        except ProcessorConfused:
            found = processor.find_setup(customer_id, public_id, since=since)
            if found is None:
                return _close(database, setup_id, N_("The payment service did not answer as it should."))
            checkout = found
    except ProcessorUnreachable:
        return Outcome.UNKNOWN
    except ProcessorRefused as refusal:
        return _close(database, setup_id, refusal.text)
    return _opened(database, setup_id, checkout)


def _opened(database: Database, setup_id: int, checkout: CheckoutSnapshot) -> Outcome:
    with database.transaction() as session:
        setup = session.get_one(MethodSetup, setup_id)
        setup.checkout_id, setup.checkout_url = checkout.checkout_id, checkout.url
        if setup.state in UNDER_WAY and checkout.state is CheckoutState.OPEN:
            setup.state = SetupState.OPEN
    return Outcome.OPENED if checkout.url else Outcome.REFUSED


def _close(database: Database, setup_id: int, words: str) -> Outcome:
    with database.transaction() as session:
        setup = session.get_one(MethodSetup, setup_id)
        setup.state, setup.failure = SetupState.ENDED, words
    return Outcome.REFUSED
