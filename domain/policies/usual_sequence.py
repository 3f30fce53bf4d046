"""Usual sequence: the reminders that a policy can start from."""

from __future__ import annotations

from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Dunning, DunningStep

USUAL_SEQUENCE = Dunning(
    steps=(
        DunningStep(day=-3, channel=Channel.EMAIL, wording=Wording.COURTESY),
        DunningStep(day=0, channel=Channel.EMAIL, wording=Wording.DUE_TODAY),
        DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),
        DunningStep(day=14, channel=Channel.EMAIL, wording=Wording.SECOND_REMINDER, gap_days=5),
        DunningStep(day=21, channel=Channel.CALL, wording=Wording.SECOND_REMINDER, gap_days=5),
        DunningStep(day=30, channel=Channel.LETTER, wording=Wording.DEMAND, approve=True, gap_days=7),
        DunningStep(
            day=45, channel=Channel.LETTER, wording=Wording.FINAL_NOTICE, approve=True, gap_days=10, act_days=7
        ),
    ),
    escalate_day=60,
)
"""From a word before the due day to a final notice, in writing and looked at by somebody; then a person decides."""
