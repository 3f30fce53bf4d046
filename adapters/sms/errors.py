"""Errors: what Twilio's error codes say about a number, and which of them are about our own settings.

The codes are those of Twilio's error dictionary (twilio.com/docs/api/errors).
"""

from __future__ import annotations

from domain.shared.texting import TextFault

FAULTS: dict[int, TextFault] = {
    21610: TextFault.OPTED_OUT,  # the recipient has replied STOP to this sender
    21211: TextFault.DEAD_NUMBER,  # the number is not valid
    21214: TextFault.DEAD_NUMBER,  # the number cannot be reached
    21217: TextFault.DEAD_NUMBER,  # the number does not appear to be valid
    21614: TextFault.DEAD_NUMBER,  # the number is not a mobile number
    30005: TextFault.DEAD_NUMBER,  # unknown handset
    30006: TextFault.DEAD_NUMBER,  # a landline, or a carrier that cannot be reached
}
"""What is said of the number itself, when a text is handed over or afterwards."""

OUR_OWN_FAULTS = frozenset(
    {
        21408,  # sending to that region is not enabled
        21603,  # no sender
        21606,  # the sender is not a number of ours that can text
        21609,  # the address for what becomes of it cannot be reached from outside
        21611,  # the sender's queue is full
        21612,  # this sender cannot reach that number
        21659,  # the sender is not ours
        21660,  # the sender belongs to another account
        21703,  # the messaging service has no sender
        21704,  # the messaging service has no sender
    }
)
"""Refusals that somebody here can mend: the text waits until then."""
