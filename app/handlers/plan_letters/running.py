"""Running: the letters about a plan that has started: its parts, what is missed of them, its pauses, and its end."""

from __future__ import annotations

from app.handlers.plan_letters.writing import (
    PAY,
    SEE,
    STILL_OPEN,
    TALK,
    WHY,
    PlanLetter,
    Seen,
    name_of,
    numbers_of,
)
from domain.collecting.model import CollectionState
from domain.plans import pausing
from domain.plans.ending import told_why
from domain.plans.model import PlanStatus
from domain.shared.errors import N_
from domain.shared.words import Words


def started(seen: Seen) -> PlanLetter | None:
    """It has started, some time after it was signed."""
    signed = next((row for row in seen.changes if row.after is PlanStatus.ACCEPTED), None)
    if seen.plan.status is not PlanStatus.ACTIVE or signed is None or signed.at == seen.changes[-1].at:
        return None
    return PlanLetter(
        Words.of(N_("Your payment plan has started")),
        Words.of(N_("Your payment plan has started")),
        [Words.of(N_("As long as you keep to it we send no reminders for its invoices.")), seen.how_paid],
        [*seen.next, (Words.of(STILL_OPEN), seen.standing.remaining)],
        amount=seen.standing.remaining,
    )


def due_soon(seen: Seen) -> PlanLetter | None:
    """A part that nothing takes by itself is due soon."""
    watched, part = seen.watched, seen.part
    if watched is None or watched.is_held or part is None or not part.left or watched.is_awaited:
        return None
    amount, day = seen.money(part.left), seen.standing.due_on(part)
    if day < seen.standing.day:
        return None
    subject = Words.of(N_("{part} of your payment plan: {amount} by {day}"), part=name_of(part), amount=amount, day=day)
    return PlanLetter(
        subject,
        Words.of(N_("Please pay {amount} by {day}"), amount=amount, day=day),
        [
            Words.of(N_("{part} of your payment plan is due soon."), part=name_of(part)),
            Words.of(N_("If you have just sent it, thank you: then there is nothing more to do.")),
        ],
        [(name_of(part), seen.left_by(part)), (Words.of(STILL_OPEN), seen.standing.remaining)],
        button=PAY,
        page="/pay",
        asks=True,
        amount=amount,
    )


def missed(seen: Seen) -> PlanLetter | None:
    """A part is missing: it can be put right."""
    watched, part = seen.watched, seen.part
    if watched is None or watched.is_held or watched.is_awaited or part not in seen.standing.overdue or part is None:
        return None
    grace = watched.grace
    if grace is not None and watched.is_in_grace and seen.standing.due_on(part) < grace.offered_on:
        return None
    taking = seen.taking.get(part.agreed.id)
    why = Words.of(N_("It is missing so far. Perhaps it is on its way: then there is nothing more to do."))
    if taking is not None and taking.state is CollectionState.EXHAUSTED:
        why = Words.of(
            N_("We could not take it from {method}. Pay it in another way, and choose another card for what follows."),
            method=taking.method,
        )
    missing = watched.missing
    return PlanLetter(
        Words.of(N_("A part of your payment plan is missing: {amount}"), amount=missing),
        Words.of(N_("{amount} of your payment plan is missing"), amount=missing),
        [why, Words.of(N_("Your plan goes on. Please pay what is missing now.")), Words.of(TALK)],
        [(name_of(each), seen.left_by(each)) for each in seen.standing.overdue],
        button=PAY,
        page="/pay",
        asks=True,
        amount=missing,
    )


def grace(seen: Seen) -> PlanLetter | None:
    """There is more time for what is missing, once."""
    watched = seen.watched
    if watched is None or watched.grace is None or watched.is_held or watched.is_awaited or not watched.is_in_grace:
        return None
    until, missing = watched.grace.until_on, watched.missing
    return PlanLetter(
        Words.of(N_("Please pay {amount} by {day} to keep your payment plan"), amount=missing, day=until),
        Words.of(N_("You have until {day} to pay {amount}"), amount=missing, day=until),
        [
            Words.of(N_("Something of your payment plan is missing. We give you more time for it, once.")),
            Words.of(N_("If it is here by then, the plan goes on as before.")),
            Words.of(N_("If not, the plan ends, and all that is left is due at once.")),
            Words.of(N_("If you cannot pay that by then, write or call us now: then we can still change the plan.")),
        ],
        [(name_of(each), seen.left_by(each)) for each in seen.standing.overdue],
        button=PAY,
        page="/pay",
        asks=True,
        amount=missing,
    )


def defaulted(seen: Seen) -> PlanLetter | None:
    """It has ended, and all that is left is due."""
    remaining = seen.standing.remaining - seen.standing.parked
    if seen.plan.status is not PlanStatus.DEFAULTED or not remaining:
        return None
    return PlanLetter(
        Words.of(N_("Your payment plan has ended: {amount} is due"), amount=remaining),
        Words.of(N_("Your payment plan has ended")),
        [
            Words.of(
                N_("What was missing did not arrive in time. So all that is left is due now, as the agreement says.")
            ),
            Words.of(N_("If you cannot pay it, write or call us: we would rather find a way with you.")),
        ],
        [numbers_of(seen), (Words.of(STILL_OPEN), remaining)],
        button=PAY,
        asks=True,
        amount=remaining,
    )


def cancelled(seen: Seen) -> PlanLetter | None:
    """Staff have ended it: what that means, and that a way can still be found."""
    if seen.plan.status is not PlanStatus.CANCELLED:
        return None
    standing = seen.standing
    left = standing.remaining - standing.parked
    paid = [Words.of(N_("What you have paid stays paid: {amount}. Thank you."), amount=standing.covered)]
    return PlanLetter(
        Words.of(N_("We have ended your payment plan")),
        Words.of(N_("We have ended your payment plan")),
        [
            *(paid if standing.covered else []),
            Words.of(N_("Nothing more is taken for it. Its invoices are due as they were before the plan.")),
            Words.of(N_("If you cannot pay what is left now, write or call us: we would rather find a way with you.")),
            Words.of(WHY),
        ],
        [numbers_of(seen), (Words.of(STILL_OPEN), left)],
        button=N_("See what you can do"),
        quote=told_why(seen.changes),
        asks=bool(left),
        amount=left,
    )


def paused(seen: Seen) -> PlanLetter | None:
    """Nothing is due for a while."""
    if seen.plan.status is not PlanStatus.PAUSED:
        return None
    until = pausing.pauses(seen.session, seen.plan.id)[-1].until_on
    return PlanLetter(
        Words.of(N_("Your payment plan is paused until {day}"), day=until),
        Words.of(N_("Your payment plan is paused until {day}"), day=until),
        [
            Words.of(N_("Until then nothing is due and we take nothing. After it the parts follow on later days.")),
            Words.of(N_("You can still pay in the meantime, if you want to.")),
        ],
        [*seen.next, (Words.of(STILL_OPEN), seen.standing.remaining)],
        amount=seen.standing.remaining,
    )


def resumed(seen: Seen) -> PlanLetter | None:
    """The pause is over."""
    if seen.plan.status is not PlanStatus.ACTIVE:
        return None
    return PlanLetter(
        Words.of(N_("Your payment plan goes on")),
        Words.of(N_("Your payment plan goes on")),
        [Words.of(N_("The pause is over.")), seen.how_paid, Words.of(TALK)],
        [*seen.next, (Words.of(STILL_OPEN), seen.standing.remaining)],
        amount=seen.standing.remaining,
    )


def completed(seen: Seen) -> PlanLetter | None:
    """All of it is settled."""
    if seen.plan.status is not PlanStatus.COMPLETED:
        return None
    return PlanLetter(
        Words.of(N_("Your payment plan is completed")),
        Words.of(N_("Your payment plan is completed")),
        [Words.of(N_("Thank you for keeping to it. Nothing of it is left to pay, and all its invoices are settled."))],
        [numbers_of(seen), (Words.of(N_("Settled in all")), seen.standing.total)],
        amount=seen.standing.total,
    )


def reopened(seen: Seen) -> PlanLetter | None:
    """Money that had settled something of it went back."""
    back = [part for part in seen.standing.parts if part.reopened_on is not None and part.left]
    if seen.plan.status is not PlanStatus.ACTIVE or not back:
        return None
    amount = seen.money(sum(part.left for part in back))
    return PlanLetter(
        Words.of(N_("A payment of your payment plan went back: {amount} is open again"), amount=amount),
        Words.of(N_("{amount} of your payment plan is open again"), amount=amount),
        [
            Words.of(N_("A payment that had settled it was taken back, so your plan goes on until that is paid.")),
            seen.how_paid,
        ],
        [(name_of(each), seen.left_by(each)) for each in back],
        button=PAY if seen.method is None else SEE,
        page="/pay" if seen.method is None else "",
        asks=seen.method is None,
        amount=amount,
    )
