"""Legal acts: what is called on a timeline what was done about courts, and about how long a debt can be enforced."""

from __future__ import annotations

from domain.reporting.act_words import ActWords, Topic
from domain.shared.errors import N_

LEGAL_ACT_WORDS = {
    "limitation.law_set": ActWords(Topic.MONEY, "policy", N_("Whose law its debts are under was set: {why}")),
    "limitation.acknowledged": ActWords(Topic.MONEY, "done", N_("A debt was acknowledged in writing: {why}")),
    "limitation.suspended": ActWords(Topic.MONEY, "pause", N_("The time to enforce a debt stands still: {why}")),
    "limitation.resumed": ActWords(Topic.MONEY, "clock", N_("The time to enforce a debt goes on: {why}")),
    "case.prepared": ActWords(Topic.MONEY, "clock", N_("Legal case {number} about {amount} is being prepared: {name}")),
    "case.filed": ActWords(Topic.MONEY, "warning", N_("Legal case {number} about {amount} is before the court")),
    "case.judgment": ActWords(Topic.MONEY, "done", N_("Judgment for us in legal case {number}: {amount}")),
    "case.enforcing": ActWords(Topic.MONEY, "warning", N_("The judgment in legal case {number} is being enforced")),
    "case.closed": ActWords(Topic.MONEY, "done", N_("Legal case {number} closed: {why}")),
    "case.step_planned": ActWords(Topic.MONEY, "clock", N_("To be done in legal case {number}: {why}")),
    "case.step_done": ActWords(Topic.MONEY, "done", N_("Done in legal case {number}: {why}")),
    "case.interest_charged": ActWords(
        Topic.MONEY, "invoice", N_("Interest on the judgment in legal case {number} charged: {amount}")
    ),
    "case.costs_paid": ActWords(Topic.MONEY, "invoice", N_("{amount} paid for legal case {number}: {why}")),
}
"""The words of these acts, for the one table of all of them."""
