"""Outward: the acts on many accounts that reach beyond the books: last month's statement, and what is handed over."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy.orm import Session

from domain.dunning import courtesies
from domain.placements import queries as placements
from domain.placements.proposing import LONGEST_REASON, consider, propose
from domain.shared.actor import Actor
from domain.shared.errors import N_, Invalid, Refused
from domain.shared.words import Words

Given = Mapping[str, Any]
PARTNER_FIELD = "partner_id"
MOST_HANDOFFS = 200
"""Accounts that are proposed at once: each is looked at in full, against every criterion."""


def which_partner(session: Session, given: Given) -> dict[str, Any]:
    """The partner and the reason, as a run keeps them; Invalid beside the field."""
    open_ones = {each.id: each.name for each in placements.partners(session) if each.ended_at is None}
    partner_id = given.get(PARTNER_FIELD)
    if partner_id not in open_ones:
        raise Invalid(N_("Choose a partner."), field=PARTNER_FIELD)
    why = str(given.get("why", "")).strip()
    if not why:
        raise Invalid(N_("Say why."), field="why")
    if len(why) > LONGEST_REASON:
        raise Invalid(N_("Use at most {most} characters."), field="why", most=LONGEST_REASON)
    return {PARTNER_FIELD: partner_id, "name": open_ones[partner_id], "why": why}


def not_to_hand_over(session: Session, given: Given, ids: Collection[int]) -> dict[int, Words]:
    """Of these accounts those that cannot be proposed today, with the first criterion that is not met."""
    found = {}
    for account_id in ids:
        try:
            consider(session, account_id, given[PARTNER_FIELD])
        except Refused as refused:
            found[account_id] = Words.of(refused.text, **refused.params)
    return found


def hand_over(session: Session, given: Given, account_id: int, actor: Actor) -> str:
    """Propose what of an account is ready; which placement it is."""
    made = propose(session, account_id, given[PARTNER_FIELD], reason=given["why"], actor=actor)
    return f"placement:{made.id}"


def told_already(session: Session, _: Given, ids: Collection[int]) -> dict[int, Words]:
    """Of these accounts those that were told of last month's statement."""
    return dict.fromkeys(courtesies.told_of_statement(session, ids), Words.of(courtesies.TOLD))


def send_statement(session: Session, _: Given, account_id: int, actor: Actor) -> str:
    """Send last month's statement; which notice it is."""
    return f"notice:{courtesies.send_statement(session, account_id, actor=actor).id}"
