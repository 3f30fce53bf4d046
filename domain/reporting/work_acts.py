"""Work acts: what is called on a timeline what was done about who looks after an account."""

from __future__ import annotations

from domain.reporting.act_words import ActWords, Topic
from domain.shared.errors import N_

WORK_ACT_WORDS = {
    "account.assigned": ActWords(Topic.PEOPLE, "people", N_("Looked after by {name} from now on")),
    "account.unassigned": ActWords(Topic.PEOPLE, "people", N_("No longer looked after by {name}")),
}
"""The words of these acts, for the one table of all of them."""
