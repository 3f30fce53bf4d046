"""What each act is called."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from domain.audit.queries import Act
from domain.reporting.acts import ACT_WORDS, UNKNOWN, tell

ERASED = datetime(2026, 3, 16, tzinfo=UTC)
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("act", ACT_WORDS)
def test_an_act_of_which_all_was_erased_still_has_all_its_words(act: str) -> None:
    erased = Act(
        id=1,
        at=ERASED,
        act=act,
        actor_kind="worker",
        actor_id=None,
        subject_kind="payment",
        subject_id="1",
        account_id=1,
        entry_id=None,
        erased_at=ERASED,
    )

    words, amount = tell(erased, None)

    assert words.params == dict.fromkeys(PLACEHOLDER.findall(words.text), UNKNOWN)
    assert amount is None
