"""Saving: cards and bank accounts that customers keep, one press with them, and automatic payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.demo.acts import GOOD_CARD, Acts, Known
from domain.collecting import queries as collecting
from domain.collecting import turning
from domain.payments import sending, setting_up, starting
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import Agreement
from domain.saved_methods.model import MethodSetup
from domain.shared.actor import Actor
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that a customer has saved."""

    known: Known
    method_id: int


def keep_card(acts: Acts, known: Known, card: str = GOOD_CARD) -> Kept:
    """Keep a card from *Ways to pay*."""
    page = _open_page(acts, known)
    acts.stage.simulator.pay_session(page, card, name=known.customer.contact, authenticate=True)
    return _kept(acts, known)


def keep_bank_account(acts: Acts, known: Known, account: str) -> Kept:
    """Keep a bank account from *Ways to pay*, with its mandate."""
    page = _open_page(acts, known)
    acts.stage.simulator.pay_session_by_debit(page, account, name=known.customer.contact, email=known.customer.login)
    return _kept(acts, known)


def press(acts: Acts, kept: Kept, wanted: Mapping[int, Money]) -> None:
    """Pay from what is kept: one press."""
    known, processor = kept.known, acts.stage.wired.processor
    actor = Actor.login(known.login_id)
    with acts.database.transaction() as session:
        started = starting.start_saved(
            session,
            processor,
            known.account_id,
            wanted,
            saved_method_id=kept.method_id,
            login_id=known.login_id,
            return_url=f"{acts.portal_of(known)}/payments/{{payment}}/returned",
            actor=actor,
        )
    sending.send(acts.database, processor, started.attempt_id, actor=actor)
    acts.stage.catch_up()


def turn_on(acts: Acts, kept: Kept) -> None:
    """Have each invoice paid by itself from now on."""
    known = kept.known
    with acts.database.transaction() as session:
        turning.turn_on(
            session,
            known.account_id,
            kept.method_id,
            _agreement(known),
            login_id=known.login_id,
            actor=Actor.login(known.login_id),
        )
    acts.stage.catch_up()


def pays_automatically(acts: Acts, known: Known) -> bool:
    """Whether automatic payment is on: then nobody goes to pay by hand."""
    with acts.database.reading() as session:
        return collecting.running(session, known.account_id) is not None


def _open_page(acts: Acts, known: Known) -> str:
    """Stripe's name of the page on which something is kept."""
    processor, ways = acts.stage.wired.processor, f"{acts.portal_of(known)}/ways-to-pay"
    sending.know_customer(acts.database, processor, known.account_id)
    with acts.database.transaction() as session:
        setup_id = setting_up.start_setup(
            session,
            processor,
            known.account_id,
            login_id=known.login_id,
            agreement=_agreement(known),
            return_url=f"{ways}/added/{{setup}}",
            cancel_url=ways,
        ).id
    setting_up.send_setup(acts.database, processor, setup_id)
    with acts.database.reading() as session:
        return session.get_one(MethodSetup, setup_id).checkout_id or ""


def _kept(acts: Acts, known: Known) -> Kept:
    acts.stage.clock.advance(minutes=1)
    acts.stage.catch_up()
    with acts.database.reading() as session:
        return Kept(known, saved_methods.of_login(session, known.account_id, known.login_id)[-1].id)


def _agreement(known: Known) -> Agreement:
    return Agreement(language=known.customer.language, address="203.0.113.7", user_agent="Mozilla/5.0")
