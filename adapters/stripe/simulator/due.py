"""What happens by itself when its time has come: charges settle, Sessions expire, refunds arrive or fail."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from adapters.stripe.simulator import (
    bank_debits,
    charges,
    checkout,
    dispute_times,
    fraud_warnings,
    paying_out,
    refund_ends,
)
from adapters.stripe.simulator.world import World

_ACTS: dict[str, Callable[[World, str], None]] = {
    "debit": bank_debits.answer_when_due,
    "dispute": dispute_times.begin_when_due,
    "dispute_decide": dispute_times.decide_when_due,
    "dispute_due": dispute_times.end_when_due,
    "expire": checkout.expire_when_due,
    "fraud_warning": fraud_warnings.make_when_due,
    "inquiry": partial(dispute_times.begin_when_due, kind="inquiry"),
    "inquiry_over": dispute_times.close_inquiry_when_due,
    "not_received": partial(dispute_times.begin_when_due, reason="product_not_received"),
    "payout_arrive": paying_out.arrive_when_due,
    "payout_send": paying_out.send_when_due,
    "refund_fail_later": refund_ends.fail_when_due,
    "refund_succeed_later": refund_ends.succeed_when_due,
    "settle": charges.settle,
    "two_disputes": dispute_times.begin_twice_when_due,
}


def run(world: World, *, everything: str | None = None) -> int:
    """Do what is due, in the order of the times at which it was, and return how much that was.

    `everything` names an act of which all is done now, due or not.
    """
    done = 0
    while job := _next(world, everything):
        world.store.remove("job", f"{job['act']}:{job['target']}")
        with world.acting_at(min(job["at"], world.now())):
            _ACTS[job["act"]](world, job["target"])
        done += 1
    return done


def _next(world: World, everything: str | None) -> dict[str, Any] | None:
    now = world.now()
    ready = [job for job in world.store.all("job") if job["at"] <= now or job["act"] == everything]
    return min(ready, key=lambda job: int(job["at"]), default=None)
