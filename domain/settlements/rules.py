"""Rules: the section of the terms that an offer was made under, which it keeps, and what holds where they have none."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.policies.model import PolicyVersion
from domain.policies.sections import Settlements
from domain.settlements.model import SettlementOffer

NO_TERMS = Settlements(brackets=(), corrects_tax=False, letter_days_card=14, letter_days_debit=14, letter_days_other=14)
"""For an offer beyond terms that say nothing of settlements: the usual days, and every letter as late as a debit's.

Nobody has said that its tax may be corrected, so it is not.
"""


def rules_of(session: Session, offer_ids: Collection[int]) -> dict[int, Settlements]:
    """The section that each of these offers was made under, in one query."""
    rows = session.execute(
        select(SettlementOffer.id, PolicyVersion.sections)
        .outerjoin(PolicyVersion, PolicyVersion.id == SettlementOffer.version_id)
        .where(SettlementOffer.id.in_(offer_ids))
    )
    return {row.id: (row.sections and row.sections.settlements) or NO_TERMS for row in rows}


def rules(session: Session, offer_id: int) -> Settlements:
    """The same of one offer."""
    return rules_of(session, [offer_id])[offer_id]
