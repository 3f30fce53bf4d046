"""Policies in the back office: written section by section, read in plain words, published, assigned."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from backoffice.policy_fields import ABOUT, FIELDS
from backoffice.policy_forms import SECTIONS, read, started
from backoffice.policy_kinds import Kind
from backoffice.policy_rows import ROWS
from domain.policies import drafting, groups, queries
from domain.policies.acts import deciding
from domain.policies.ruling import sections_today
from domain.policies.sections import (
    Band,
    DueRule,
    Dunning,
    EarlyDiscount,
    Grades,
    RecoveryCost,
    Scorecard,
    Section,
    Sections,
    Settlements,
    Terms,
)
from domain.policies.sentences import SECTION_NAMES
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.domain.policies.test_comparing import FULL, OTHER
from tests.support.builders import an_account
from tests.support.client import Client, Page
from tests.support.policies import a_policy
from web.localisation import localisation

CHECK = "Check what it changes"
NET_30 = Sections(terms=Terms(rule=DueRule.NET, days=30))


def the_draft(office: Office, sections: Sections = NET_30) -> int:
    """A policy whose next version is being written."""
    with office.db.transaction() as session:
        policy_id = a_policy(session, sections).policy_id
        drafting.begin(session, policy_id, actor=OPERATOR)
    return policy_id


def written(office: Office, policy_id: int) -> Sections:
    """What its draft says."""
    with office.db.reading() as session:
        draft = queries.draft_of(session, policy_id)
    assert draft is not None
    return draft.sections


def a_day(office: Office, ahead: int = 0) -> date:
    """Today, or days later."""
    with office.db.reading() as session:
        return today(session) + timedelta(days=ahead)


def kept(page: Page, **typed: str) -> Page:
    """The answer to keeping a section's form with this in it."""
    return page.submit("Keep it", typed)


def test_a_policy_is_written_published_and_assigned_to_everybody(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session, number="A-77")

    draft = manager.follow(
        manager.get("/policies")
        .follow("Write a policy")
        .submit("Begin to write", name="Standard", start="uk_statutory")
    )
    form = manager.get(next(a.get("href") or "" for a in draft.all("a") if "draft/terms" in (a.get("href") or "")))
    manager.follow(kept(form, rule="net", days="14"))
    publish = manager.get(draft.path).follow("Look over and publish")
    shown = manager.follow(publish.submit("Publish version 1", valid_from="2020-01-01"))
    checked = shown.follow("Assign it").submit(CHECK, whom="everybody", from_on="2020-01-01")
    assigned = manager.follow(checked.submit("Assign it"))

    assert "assign it once it is published" in publish.words
    assert "Payment is due within 14 days." in shown.words
    assert "Bank of England's base rate plus 8 percentage points" in shown.words
    assert "Everybody else" in assigned.words
    with office.db.reading() as session:
        rules = sections_today(session, account.id)
    assert rules.terms == Terms(rule=DueRule.NET, days=14)
    assert rules.late_interest is not None
    terms = manager.get(f"/accounts/{account.id}/terms")
    assert "Version 1, valid from 1 Jan 2020" in terms.words


def test_the_difference_stands_in_plain_words_before_it_is_published(office: Office, manager: Client) -> None:
    policy_id = the_draft(office)

    manager.follow(kept(manager.get(f"/policies/{policy_id}/draft/terms"), days="14"))
    page = manager.get(f"/policies/{policy_id}/publish")

    assert "Payment is due within 14 days instead of 30." in page.words
    assert "This policy rules" in page.words


def test_publishing_asks_for_the_code_where_one_is_not_sure(office: Office) -> None:
    policy_id = the_draft(office)
    with office.db.transaction() as session:
        drafting.write_section(session, policy_id, "grades", Grades(), actor=OPERATOR)
    browser = office.browser(Role.MANAGER, is_sure=False)

    asked = browser.get(f"/policies/{policy_id}/publish").submit("Publish version 2")
    done = browser.follow(asked.submit("Confirm", confirm_code=office.code()))

    assert "Confirm that it is you" in asked.words
    assert "What version 2 says" in done.words


def test_a_day_that_cannot_be_is_refused_before_the_code_is_asked_for(office: Office) -> None:
    policy_id = the_draft(office)
    with office.db.transaction() as session:
        drafting.write_section(session, policy_id, "grades", Grades(), actor=OPERATOR)
    browser = office.browser(Role.MANAGER, is_sure=False)

    refused = browser.get(f"/policies/{policy_id}/publish").submit("Publish version 2", valid_from="2021-01-01")

    assert refused.status == 422
    assert refused.all("p", id="valid_from-error")


def test_what_a_colleague_changed_meanwhile_is_read_again(office: Office, manager: Client) -> None:
    policy_id = the_draft(office)
    page = manager.get(f"/policies/{policy_id}/publish")
    with office.db.transaction() as session:
        drafting.write_section(session, policy_id, "grades", Grades(), actor=OPERATOR)

    refused = page.submit("Publish version 2")

    assert refused.status == 422
    assert "read it again" in refused.words
    assert manager.follow(refused.submit("Publish version 2")).status == 200


@pytest.mark.parametrize("key", SECTIONS)
def test_every_section_has_a_form_that_keeps_what_it_shows(office: Office, manager: Client, key: str) -> None:
    policy_id = the_draft(office, FULL)

    page = manager.get(f"/policies/{policy_id}/draft/{key}")
    answer = kept(page)

    assert answer.status == 303
    before, after = getattr(FULL, key), getattr(written(office, policy_id), key)
    assert after == (_without_what_no_role_has(before) if key == "authority" else before)


def _without_what_no_role_has(section: Section) -> Section:
    limits = {act: {role: by[role] for role in deciding(act)} for act, by in section.limits.items()}  # type: ignore[attr-defined]
    return msgspec.structs.replace(section, limits=limits)


@pytest.mark.parametrize("tag", ["en", "es"])
@pytest.mark.parametrize(
    ("key", "field", "value"),
    [
        (key, field, value)
        for key, fields in OTHER.items()
        for field, values in fields.items()
        for value in values
        if key not in {"authority", "scorecard"} and field not in {"currency", "days"}
    ],
)
def test_every_value_comes_back_from_its_form(tag: str, key: str, field: str, value: object) -> None:
    section = msgspec.structs.replace(getattr(FULL, key), **{field: value})
    speaking = localisation(tag, "Europe/London")

    form = started(SECTIONS[key], section, speaking, "GBP")
    with form.reading():
        again = read(form, SECTIONS[key], "GBP")

    assert again == (
        Terms(rule=section.rule) if key == "terms" and section.rule not in ("net", "after_end_of_month") else section
    )


def test_every_field_of_every_section_is_on_its_form() -> None:
    assert set(SECTIONS) == set(ABOUT) == set(SECTION_NAMES)
    for kind in SECTIONS.values():
        rows = {
            RecoveryCost: {"bands"},
            Settlements: {"brackets"},
            Scorecard: {"weighed", "outcomes"},
            Dunning: {"steps"},
        }.get(kind, {"limits"} if kind in ROWS else set())
        fields = {each.name for each in FIELDS.get(kind, ())}
        assert fields | rows == set(kind.__struct_fields__) - {"schema"}
        assert all(each.options for each in FIELDS.get(kind, ()) if each.kind in {Kind.CHOICE, Kind.BOXES})


@pytest.mark.parametrize("key", SECTIONS)
def test_a_section_that_is_off_begins_with_something_usual(office: Office, manager: Client, key: str) -> None:
    policy_id = the_draft(office, Sections(allocation=FULL.allocation) if key == "terms" else NET_30)

    page = manager.get(f"/policies/{policy_id}/draft/{key}")

    assert page.status == 200
    assert "Turn it off" not in page.words or key in {"terms"}
    assert kept(page).status == (422 if key in {"recovery_cost", "settlements", "scorecard"} else 303)


@pytest.mark.parametrize(
    ("key", "typed", "field"),
    [
        ("terms", {"rule": "net", "days": "366"}, "days"),
        ("terms", {"rule": "net", "days": ""}, "days"),
        ("early_discount", {"percent": "two"}, "percent"),
        ("early_discount", {"percent": "60"}, "percent"),
        ("late_interest", {"reference": "fixed", "margin": "0"}, "margin"),
        ("late_interest", {"least_minor": "-1"}, "least_minor"),
        ("recovery_cost", {"currency": "nothing"}, "currency"),
        ("recovery_cost", {"currency": "JPY"}, "currency"),
        ("late_interest", {"floor": "99"}, "floor"),
        ("limits", {"limit_minor": "99999999999"}, "limit_minor"),
        ("recovery_cost", {"band-0-amount": ""}, "band-0-amount"),
        ("grades", {"best": "20"}, "good"),
        ("dunning", {"step-0-day": "many"}, "step-0-day"),
        ("dunning", {"step-0-day": "61"}, "step-0-day"),
        ("dunning", {"step-0-side": ""}, "step-0-side"),
        ("dunning", {"step-2-day": "14"}, "steps"),
        ("dunning", {"step-6-gap_days": "91"}, "step-6-gap_days"),
        ("dunning", {"step-6-wording": "first_reminder"}, "step-6-wording"),
        ("dunning", {"step-4-approve": "yes"}, "step-4-approve"),
        ("dunning", {"step-7-sender": "A. Okafor"}, "step-7-day"),
        ("dunning", {"escalate_day": "45"}, "escalate_day"),
        ("plans", {"most_months": "61"}, "most_months"),
        ("plans", {"frequencies": "daily"}, "frequencies"),
        ("plans", {"interest": "capped", "interest_cap_minor": ""}, "interest_cap_minor"),
        ("plans", {"least_minor": "100", "most_minor": "150"}, "most_minor"),
        ("settlements", {"bracket-0-most_percent": "100"}, "bracket-0-most_percent"),
        ("settlements", {"bracket-1-below_minor": "0"}, "bracket-1-below_minor"),
        ("settlements", {"bracket-2-late_days": "200"}, "bracket-2-most_percent"),
        ("settlements", {"bracket-2-late_days": "200", "bracket-2-most_percent": "5"}, "bracket-2-most_percent"),
        ("authority", {"limits-plan-collector-most": "121"}, "limits-plan-collector-most"),
        (
            "authority",
            {"limits-settlement-collector": "up_to", "limits-settlement-collector-most": "101"},
            "limits-settlement-collector-most",
        ),
        ("acceptance", {"remind_after_days": "seven"}, "remind_after_days"),
        ("acceptance", {"remind_after_days": "21, 7"}, "remind_after_days"),
        ("scorecard", {"outcome-0-share": "101"}, "outcome-0-share"),
        ("authority", {"limits-refund-manager": "none"}, "limits-refund"),
        (
            "authority",
            {"limits-refund-collector": "up_to", "limits-refund-collector-most": "x"},
            "limits-refund-collector-most",
        ),
    ],
)
def test_what_cannot_stand_is_refused_beside_its_field(
    office: Office, manager: Client, key: str, typed: dict[str, str], field: str
) -> None:
    policy_id = the_draft(office, FULL)

    refused = kept(manager.get(f"/policies/{policy_id}/draft/{key}"), **typed)

    assert refused.status == 422
    ids = {element.get("id") for element in refused.all("p")}
    assert {f"{field}-error", field} & ids
    assert refused.all("a", href=f"#{field}")
    assert written(office, policy_id) == FULL


def test_rows_are_added_without_losing_what_was_typed(office: Office, manager: Client) -> None:
    policy_id = the_draft(office)
    page = manager.get(f"/policies/{policy_id}/draft/recovery_cost")
    few = len(page.all("tr"))

    more = page.submit("More rows", {"band-0-amount": "40", "band-0-below": "1000"})
    answer = kept(more, **{"band-1-amount": "70"})

    assert len(more.all("tr")) > few
    assert answer.status == 303
    costs = written(office, policy_id).recovery_cost
    assert costs is not None
    assert costs.bands == (Band(40_00, 1_000_00), Band(70_00))


def test_a_section_is_turned_off(office: Office, manager: Client) -> None:
    policy_id = the_draft(office)

    page = manager.follow(manager.get(f"/policies/{policy_id}/draft/terms").submit("Turn it off"))

    assert written(office, policy_id).terms is None
    assert "none of its own" in page.words


def test_late_charges_start_from_a_profile(office: Office, manager: Client) -> None:
    policy_id = the_draft(office)

    page = manager.follow(manager.get(f"/policies/{policy_id}/draft").submit("Take it over", profile="uk_statutory"))

    assert "£40.00 once" in page.words
    assert written(office, policy_id).terms == NET_30.terms


def test_a_contradiction_is_shown_while_it_is_written(office: Office, manager: Client) -> None:
    late = EarlyDiscount(percent=Decimal(2), days=30)
    policy_id = the_draft(office, msgspec.structs.replace(NET_30, early_discount=late))

    assert "The discount has to end before payment is due" in manager.get(f"/policies/{policy_id}/draft").words


def test_a_draft_is_thrown_away_and_begun_again(office: Office, manager: Client) -> None:
    policy_id = the_draft(office)

    shown = manager.follow(manager.get(f"/policies/{policy_id}/draft").submit("Throw it away for good"))
    again = manager.follow(shown.submit("Write the next version"))

    assert again.path.endswith("/draft")
    assert "it says the same" in again.words


def test_nothing_that_is_not_being_written_has_a_form(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        policy_id = a_policy(session, NET_30).policy_id

    ways = [manager.get(f"/policies/{policy_id}/{way}") for way in ("draft", "draft/terms", "publish")]

    assert [way.location for way in ways] == [f"/policies/{policy_id}"] * 3
    assert manager.get(f"/policies/{policy_id}/draft/nonsense").status == 404


def test_two_policies_cannot_have_one_name(office: Office, manager: Client) -> None:
    the_draft(office)
    new = manager.get("/policies/new")
    with office.db.reading() as session:
        name = queries.policies(session)[0].name

    refused = new.submit("Begin to write", name=name)

    assert refused.status == 422
    assert refused.all("p", id="name-error")


def test_a_policy_that_was_never_published_goes_with_its_draft(office: Office, manager: Client) -> None:
    draft = manager.follow(manager.get("/policies/new").submit("Begin to write", name="EC contract", start="empty"))

    listed = manager.follow(draft.submit("Throw it away for good"))

    assert "so is EC contract: it was never published" in draft.words
    assert "EC contract" not in listed.words


def test_one_page_shows_who_may_do_what(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        a_policy(session, Sections(authority=FULL.authority))
        other = a_policy(session, NET_30)
        groups.make(session, "Harbour", actor=OPERATOR)

    page = office.browser(Role.COLLECTOR).get("/policies/authority")

    assert page.words.count("Issue a credit note") == 2
    assert "up to £250.00" in page.words
    assert f"/policies/{other.policy_id}" not in {a.get("href") for a in page.all("a")}
    assert "Write a policy" not in office.browser(Role.COLLECTOR).get("/policies").words
