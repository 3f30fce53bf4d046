"""Write-off acts: what everything that was done to a write-off is called on an account's timeline."""

from __future__ import annotations

from domain.reporting.act_words import ActWords, Topic
from domain.shared.errors import N_

WRITE_OFF_ACT_WORDS = {
    "write_off.proposed": ActWords(Topic.MONEY, "clock", N_("{number} is proposed to be written off")),
    "write_off.declined": ActWords(Topic.MONEY, "pause", N_("{number} is not written off: {why}")),
    "write_off.dropped": ActWords(Topic.MONEY, "done", N_("{number} needs no write-off any more")),
    "write_off.standing": ActWords(Topic.MONEY, "warning", N_("{number} is written off in the books")),
    "write_off.recovered": ActWords(Topic.MONEY, "done", N_("{number} was written off in the books and is settled")),
    "write_off.released": ActWords(Topic.MONEY, "broken", N_("{number} is given up for good")),
    "write_off.taken_back": ActWords(Topic.MONEY, "back", N_("The write-off of {number} is taken back")),
    "write_off.relieved": ActWords(Topic.MONEY, "statement", N_("The tax on {number} was claimed back")),
}
"""Every act on a write-off."""
