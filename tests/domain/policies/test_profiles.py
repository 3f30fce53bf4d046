"""Profiles: what is in them, with whose word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from domain.policies.profiles import PROFILE_NAMES, profiles
from domain.policies.sections import Basis, Reference, Sections, sections_of, stored


def test_each_profile_has_a_name_a_source_and_a_day_and_survives_being_stored() -> None:
    for each in profiles():
        assert (each.name, bool(each.source)) == (PROFILE_NAMES[each.key], True)
        assert date(2025, 1, 1) <= each.as_of
        assert sections_of(stored(each.sections)) == each.sections
    assert [each.key for each in profiles()] == list(PROFILE_NAMES)


def test_the_laws_add_eight_or_nine_points_to_their_reference() -> None:
    found = {
        each.key: (rule.reference, rule.margin, rule.basis, rule.businesses_only)
        for each in profiles()
        if (rule := each.sections.late_interest) is not None and rule.reference is not Reference.FIXED
    }

    assert found == {
        "uk_statutory": (Reference.BOE, Decimal(8), Basis.FIXED_AT_START, True),
        "eu_floating": (Reference.ECB_MRO, Decimal(8), Basis.FLOATING, True),
        "germany": (Reference.DE_BASE, Decimal(9), Basis.FLOATING, True),
    }


def test_without_late_charges_nothing_is_ruled() -> None:
    assert next(each for each in profiles() if each.key == "none").sections == Sections()
