"""Bank debits: processing for days, then paid, refused late, or paid and taken back."""

from __future__ import annotations

from typing import Any

from adapters.stripe.simulator import (
    balance,
    bank_accounts,
    charge_details,
    charges,
    disputes,
    events,
    mandates,
    payment_methods,
)
from adapters.stripe.simulator.bank_accounts import FAILURES, Failure
from adapters.stripe.simulator.refusals import refuse
from adapters.stripe.simulator.world import World

Json = dict[str, Any]
_TAKES = 3 * 24 * 3600
_TAKES_LATE = 7 * 24 * 3600
"""Seconds until the bank has answered, and of those accounts that take longer."""


def start(world: World, intent: Json, method: Json) -> None:
    """Hand the debit in: the intent is processing, and its charge pending, until the bank answers."""
    mandate = mandates.of(world, method)
    charge = charges.make(world, intent, method, state="pending", mandate=mandate["id"])
    intent.update(
        status="processing",
        latest_charge=charge["id"],
        last_payment_error=None,
        next_action=None,
    )
    world.keep(intent)
    if intent["setup_future_usage"] is not None and intent["customer"] is not None:
        payment_methods.save_for(world, method, intent["customer"])
    events.emit(world, "payment_intent.processing", intent)
    late = bank_accounts.behind(world, method["id"]).late
    world.schedule("debit", charge["id"], world.now() + (_TAKES_LATE if late else _TAKES))


def answer_when_due(world: World, key: str) -> None:
    """The bank answers a debit as the number of its account says, unless it has answered before."""
    charge = world.find("charge", key)
    if charge["status"] != "pending":
        return
    account = bank_accounts.behind(world, charge["payment_method"])
    if account.failure:
        fail(world, charge, FAILURES[account.failure])
        return
    succeed(world, charge)
    if account.disputed:
        disputes.make(world, charge, amount=charge["amount"], reason="debit_not_authorized", kind="final")


def succeed(world: World, charge: Json) -> None:
    """The bank has paid."""
    charge |= {"paid": True, "status": "succeeded"}
    world.keep(charge)
    events.emit(world, "charge.succeeded", charge, previous={"status": "pending"})
    intent = world.find("payment_intent", charge["payment_intent"])
    intent.update(status="succeeded", amount_received=intent["amount"])
    world.keep(intent)
    events.emit(world, "payment_intent.succeeded", intent)
    _tell_session(world, intent, "succeeded")


def fail(world: World, charge: Json, failure: Failure) -> None:
    """The bank has not paid: what stood in the balance for it is taken out again, and another way may be tried."""
    charge |= {"failure_code": failure.code, "failure_message": failure.message, "status": "failed"}
    charge["outcome"] = charge_details.outcome_of_debit(failure)
    if charge["balance_transaction"] is not None:
        charge["failure_balance_transaction"] = balance.book(
            world,
            amount=-charge["amount"],
            currency=charge["currency"],
            type_="payment_failure_refund",
            category="charge_failure",
            source=charge["id"],
            description=failure.message,
        )["id"]
    world.keep(charge)
    events.emit(world, "charge.failed", charge, previous={"status": "pending"})
    intent = world.find("payment_intent", charge["payment_intent"])
    method = world.find("payment_method", charge["payment_method"])
    refuse(world, intent, method, {"charge": charge["id"], "code": failure.code, "message": failure.message})
    if failure.code == "debit_not_authorized":
        mandates.withdraw(world, method["id"])
    _tell_session(world, intent, "failed")


def _tell_session(world: World, intent: Json, how: str) -> None:
    notes = world.store.get("intent_notes", intent["id"]) or {}
    if not notes.get("session"):
        return
    session = world.find("checkout.session", notes["session"])
    if how == "succeeded":
        session["payment_status"] = "paid"
        world.keep(session)
    events.emit(world, f"checkout.session.async_payment_{how}", session)
