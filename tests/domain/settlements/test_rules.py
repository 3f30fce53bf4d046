"""Rules: an offer keeps those that it was made under, and those from before a field existed have the usual days."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from domain.policies.sections import Sections
from domain.settlements.rules import NO_TERMS, rules_of
from domain.shared.db.session import Database, today
from tests.support.policies import a_policy
from tests.support.settling import SETTLEMENTS, an_offer


def test_a_version_from_before_there_was_patience_to_choose_bears_what_was_borne_then() -> None:
    stored = b'{"settlements":{"brackets":[{"late_days":60,"most_percent":30}],"offer_days":21}}'

    section = msgspec.json.decode(stored, type=Sections).settlements

    assert section is not None
    assert (section.offer_days, section.patience_days, section.reopened_days) == (21, 5, 14)


def test_each_offer_has_the_rules_of_its_version_and_without_any_the_usual_ones(db: Database) -> None:
    with db.transaction() as session:
        account, _, made = an_offer(session, "100", pays="80")
        newer = msgspec.structs.replace(SETTLEMENTS, patience_days=1)
        a_policy(session, Sections(settlements=newer), account_id=account.id)
        _, _, other = an_offer(session, "100", pays="80", settlements=None)

        assert rules_of(session, [made.id, other.id]) == {made.id: SETTLEMENTS, other.id: NO_TERMS}
        assert other.expires_on - today(session) == timedelta(days=NO_TERMS.offer_days)
