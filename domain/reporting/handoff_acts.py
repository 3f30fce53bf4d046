"""Handoff acts: what acts of placements and their partners are called on an account's timeline."""

from __future__ import annotations

from domain.reporting.act_words import ActWords, Topic
from domain.shared.errors import N_

HANDOFF_ACT_WORDS = {
    "placement.proposed": ActWords(
        Topic.MONEY, "clock", N_("Proposed to be handed to {partner}, with {amount} open: {why}")
    ),
    "placement.approved": ActWords(Topic.MONEY, "done", N_("Approved to be handed to {partner}")),
    "placement.declined": ActWords(Topic.MONEY, "pause", N_("Not handed to {partner}: {why}")),
    "placement.dropped": ActWords(Topic.MONEY, "pause", N_("Not handed to {partner}: the reasons for it are gone")),
    "placement.sent": ActWords(Topic.MONEY, "warning", N_("{amount} handed to {partner}")),
    "placement.active": ActWords(Topic.MONEY, "warning", N_("{partner} acts for us")),
    "placement.held": ActWords(Topic.MONEY, "pause", N_("{partner} waits: the debt is contested or held")),
    "placement.refused": ActWords(Topic.MONEY, "broken", N_("{partner} does not take the debt: {why}")),
    "placement.told": ActWords(Topic.MESSAGES, "mail", N_("{partner} was told of it at {to}")),
    "placement.told_of_payment": ActWords(
        Topic.MESSAGES, "mail", N_("{partner} was told at {to} that {amount} was paid to us")
    ),
    "placement.collected": ActWords(Topic.MONEY, "card", N_("{amount} paid to the partner: {reference}")),
    "placement.collection_bounced": ActWords(
        Topic.MONEY, "broken", N_("{amount} went back at the partner: {reference}")
    ),
    "placement_cost.told": ActWords(Topic.MONEY, "clock", N_("The partner has spent {amount} on it: {what}")),
    "placement_cost.accepted": ActWords(Topic.MONEY, "done", N_("Costs of {amount} accepted: {what}")),
    "placement_cost.refused": ActWords(Topic.MONEY, "pause", N_("Costs of {amount} refused: {why}")),
    "placement.activity": ActWords(Topic.MESSAGES, "pencil", N_("{partner} has done: {words}")),
    "placement.asked": ActWords(Topic.MESSAGES, "people", N_("{partner} asks: {words}")),
    "placement.answered": ActWords(Topic.MESSAGES, "mail", N_("{partner} was answered: {words}")),
    "route.decided": ActWords(Topic.MONEY, "done", N_("Way on with {amount} late: {route}. {why}")),
    "placement.fetched": ActWords(Topic.VIEWS, "download", N_("{partner} has fetched {filename}")),
    "placement.recalled": ActWords(Topic.MONEY, "pause", N_("Taken back from {partner}")),
    "placement.returned": ActWords(Topic.MONEY, "pause", N_("Returned by {partner}")),
    "placement.closed": ActWords(Topic.MONEY, "done", N_("Closed at {partner}: {closing}")),
}
"""By the name of the act."""
