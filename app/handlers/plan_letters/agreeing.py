"""Agreeing: the letters about a plan that is proposed, signed, or comes to nothing before it has started."""

from __future__ import annotations

from app.handlers.plan_letters.writing import (
    BY,
    SEE,
    WHY,
    YOU_PAY,
    Fact,
    PlanLetter,
    Seen,
    numbers_of,
)
from domain.plans import queries
from domain.plans.agreed import Agreed
from domain.plans.ending import told_why
from domain.plans.model import PlanStatus, Side
from domain.shared.clock import day_in
from domain.shared.errors import N_
from domain.shared.words import Words


def offered(seen: Seen) -> PlanLetter | None:
    """It is ready to be signed."""
    if seen.plan.status is not PlanStatus.OFFERED or (agreed := seen.agreed()) is None:
        return None
    asked = queries.rounds(seen.session, seen.plan.id)[0].side is Side.CUSTOMER
    first = (
        N_("We agree to the plan that you asked for.") if asked else N_("This is a way to pay what is open in parts.")
    )
    how = (
        N_("Please read it and sign it on our website. The agreement is attached, too.")
        if seen.can_be_signed_online
        else N_("The agreement is attached. Please read it, sign it and send it back to us.")
    )
    return PlanLetter(
        Words.of(N_("Your payment plan is ready to be signed")),
        Words.of(N_("Your payment plan is ready to be signed")),
        [Words.of(first), Words.of(how), Words.of(N_("Nothing of it holds before it is signed."))],
        _as_agreed(seen, agreed),
        button=N_("Read and sign it"),
        quote=_our_words(seen),
        amount=agreed.total,
    )


def countered(seen: Seen) -> PlanLetter | None:
    """Staff propose another one."""
    if seen.plan.status is not PlanStatus.COUNTERED or (agreed := seen.agreed()) is None:
        return None
    return PlanLetter(
        Words.of(N_("We propose another payment plan")),
        Words.of(N_("We propose another payment plan")),
        [
            Words.of(N_("Thank you for telling us what you can pay. We cannot agree to quite that, but to this.")),
            Words.of(N_("You can sign it as it is, or propose something else.")),
        ],
        _as_agreed(seen, agreed),
        button=N_("Read and answer it"),
        quote=_our_words(seen),
        amount=agreed.total,
    )


def declined(seen: Seen) -> PlanLetter | None:
    """Staff cannot agree to it."""
    if seen.plan.status is not PlanStatus.DECLINED:
        return None
    return PlanLetter(
        Words.of(N_("We cannot agree to the payment plan that you asked for")),
        Words.of(N_("We cannot agree to the payment plan that you asked for")),
        [
            Words.of(N_("We are sorry. The invoices are due as before.")),
            Words.of(N_("You can ask for another plan, or write or call us, so that we find a way.")),
        ],
        [numbers_of(seen)],
        button=N_("See what you can do"),
        quote=told_why(seen.changes),
    )


def signed(seen: Seen) -> PlanLetter | None:
    """It is signed: the copy for whoever did."""
    signature = seen.signature
    if signature is None:
        return None
    down = next((part for part in seen.standing.parts if part.agreed.number == 0 and part.left), None)
    button, todo = SEE, [seen.how_paid]
    if seen.plan.status is PlanStatus.ACCEPTED and down is not None:
        todo = [Words.of(N_("It starts when the down payment of {amount} is here."), amount=seen.money(down.left))]
        button = N_("Pay the down payment")
    elif seen.plan.status is PlanStatus.ACCEPTED:
        todo = [Words.of(N_("It starts when you have saved the card or bank account that it is paid from."))]
        button = N_("Save a card or bank account")
    by = Words.of(N_("{name}, {job_title}"), name=signature.name, job_title=signature.job_title)
    return PlanLetter(
        Words.of(N_("Your payment plan is signed")),
        Words.of(N_("Your payment plan is signed")),
        [Words.of(N_("Thank you. What was signed is attached: please keep it.")), *todo],
        [
            numbers_of(seen),
            (Words.of(YOU_PAY), seen.standing.total),
            *seen.next,
            (Words.of(N_("Signed by")), by),
            (Words.of(N_("Signed on")), signature.signed_on),
        ],
        button=button,
        sha256=signature.sha256,
        amount=seen.standing.total,
    )


def expired(seen: Seen) -> PlanLetter | None:
    """It was not signed, or not started, in time."""
    if seen.plan.status is not PlanStatus.EXPIRED:
        return None
    was_signed = seen.signature is not None
    first = (
        N_("It was signed, but what it needed to start did not come in time.")
        if was_signed
        else N_("It was not signed in time.")
    )
    return PlanLetter(
        Words.of(N_("Your payment plan did not start")),
        Words.of(N_("Your payment plan did not start")),
        [
            Words.of(first),
            Words.of(
                N_("So it no longer holds, and the invoices are due as before. You can ask for a new plan at any time.")
            ),
        ],
        [numbers_of(seen)],
        button=N_("See what you can do"),
    )


def withdrawn(seen: Seen) -> PlanLetter | None:
    """Staff have taken it back, or written down that the customer does not want it any more."""
    if seen.plan.status is not PlanStatus.WITHDRAWN:
        return None
    why = told_why(seen.changes)
    if why is None:
        title, first = (
            N_("Your payment plan is withdrawn"),
            N_("You have told us that you do not want it any more. If that was not you, please write or call us."),
        )
    else:
        title, first = (
            N_("Our proposal for a payment plan no longer stands"),
            N_("It can no longer be signed. We are sorry for the trouble."),
        )
    return PlanLetter(
        Words.of(title),
        Words.of(title),
        [
            Words.of(first),
            Words.of(
                N_("Nothing of it holds, and the invoices are due as before. You can ask for a plan at any time.")
            ),
            *([Words.of(WHY)] if why is not None else []),
        ],
        [numbers_of(seen)],
        button=N_("See what you can do"),
        quote=why,
    )


def _our_words(seen: Seen) -> str | None:
    last = queries.rounds(seen.session, seen.plan.id)[-1]
    return last.words if last.side is Side.US else None


def _as_agreed(seen: Seen, agreed: Agreed) -> list[Fact]:
    """What would be signed, at a glance."""
    facts: list[Fact] = [numbers_of(seen), (Words.of(YOU_PAY), agreed.total)]
    if agreed.interest:
        facts.append((Words.of(N_("Of which interest")), agreed.interest))
    dues = list(agreed.dues)
    if dues[0].number == 0:
        facts.append((Words.of(N_("At once")), dues.pop(0).amount))
    first, last = dues[0], dues[-1]
    if len(dues) == 1:
        facts.append((Words.of(N_("Then")), Words.of(BY, amount=first.amount, day=first.on)))
    else:
        said = N_("{count} parts of {amount}, the first by {first}, the last by {last}")
        then = Words.of(said, count=len(dues), amount=first.amount, first=first.on, last=last.on)
        facts.append((Words.of(N_("Then")), then))
    if seen.plan.expires_at is not None:
        until = day_in(seen.plan.expires_at, seen.account.time_zone)
        facts.append((Words.of(N_("Can be signed until")), until))
    return facts
