"""Approval acts: what is called on a timeline what was done about a second person's approval."""

from __future__ import annotations

from domain.reporting.act_words import ActWords, Topic
from domain.shared.errors import N_

APPROVAL_ACT_WORDS = {
    "approval.asked": ActWords(Topic.MONEY, "people", N_("Approval asked for: {asked}")),
    "approval.approved": ActWords(Topic.MONEY, "done", N_("Approved by a second person: {asked}")),
    "approval.refused": ActWords(Topic.MONEY, "pause", N_("Not approved: {asked}. {why}"), N_("Not approved: {asked}")),
    "approval.withdrawn": ActWords(Topic.MONEY, "back", N_("Request for approval withdrawn: {asked}")),
    "approval.expired": ActWords(Topic.MONEY, "clock", N_("Nobody has approved it in time: {asked}")),
}
"""The words of these acts, for the one table of all of them."""
