"""The form of a sequence: steps are added, removed and put in order, and nothing that was typed is lost."""

from __future__ import annotations

from domain.policies import drafting, queries
from domain.policies.contacting import Channel, Recipient, Wording
from domain.policies.sections import Dunning, DunningStep, Sections
from domain.policies.usual_sequence import USUAL_SEQUENCE
from domain.shared.actor import OPERATOR
from tests.backoffice.conftest import Office
from tests.support.client import Client
from tests.support.policies import a_policy

FIRST = DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER)
DEMAND = DunningStep(day=30, channel=Channel.LETTER, wording=Wording.DEMAND, approve=True)
NEW = {
    "step-2-day": "3",
    "step-2-side": "before",
    "step-2-wording": "courtesy",
    "step-2-channel": "sms",
    "step-2-recipient": "contact",
}
"""A further step, typed below the others."""


def the_draft(office: Office, sections: Sections) -> int:
    """A policy whose next version is being written."""
    with office.db.transaction() as session:
        policy_id = a_policy(session, sections).policy_id
        drafting.begin(session, policy_id, actor=OPERATOR)
    return policy_id


def written(office: Office, policy_id: int) -> Dunning | None:
    """The reminders of the draft."""
    with office.db.reading() as session:
        draft = queries.draft_of(session, policy_id)
    assert draft is not None
    return draft.sections.dunning


def test_a_further_step_is_put_where_its_day_belongs(office: Office, manager: Client) -> None:
    policy_id = the_draft(office, Sections(dunning=Dunning(steps=(FIRST, DEMAND))))

    answer = manager.get(f"/policies/{policy_id}/draft/dunning").submit("Keep it", NEW)

    assert answer.status == 303
    assert written(office, policy_id) == Dunning(
        steps=(DunningStep(day=-3, channel=Channel.SMS, wording=Wording.COURTESY), FIRST, DEMAND)
    )


def test_a_step_is_removed_and_what_was_typed_in_the_others_stays(office: Office, manager: Client) -> None:
    policy_id = the_draft(office, Sections(dunning=Dunning(steps=(FIRST, DEMAND))))
    page = manager.get(f"/policies/{policy_id}/draft/dunning")

    fewer = page.submit("Remove step 1", {**NEW, "step-1-sender": "A. Okafor", "step-1-recipient": "above"})
    answer = fewer.submit("Keep it")

    assert fewer.status == 200
    assert answer.status == 303
    assert written(office, policy_id) == Dunning(
        steps=(
            DunningStep(day=-3, channel=Channel.SMS, wording=Wording.COURTESY),
            DunningStep(
                day=30,
                channel=Channel.LETTER,
                wording=Wording.DEMAND,
                approve=True,
                recipient=Recipient.ABOVE,
                sender="A. Okafor",
            ),
        )
    )


def test_what_was_typed_comes_back_when_it_is_refused(office: Office, manager: Client) -> None:
    policy_id = the_draft(office, Sections(dunning=Dunning(steps=(FIRST, DEMAND))))

    refused = manager.get(f"/policies/{policy_id}/draft/dunning").submit("Keep it", {**NEW, "step-2-wording": "demand"})

    assert refused.status == 422
    assert "choose a day after the due day" in refused.words
    assert [box.get("value") for box in refused.all("input") if (box.get("id") or "").endswith("-day")] == [
        "3",
        "7",
        "30",
        None,
    ]
    assert written(office, policy_id) == Dunning(steps=(FIRST, DEMAND))


def test_more_rows_are_shown_on_asking_and_empty_ones_are_left_out(office: Office, manager: Client) -> None:
    policy_id = the_draft(office, Sections(dunning=Dunning(steps=(FIRST, DEMAND))))
    page = manager.get(f"/policies/{policy_id}/draft/dunning")

    more = page.submit("More rows")
    answer = more.submit("Keep it")

    assert len(more.all("fieldset")) > len(page.all("fieldset"))
    assert answer.status == 303
    assert written(office, policy_id) == Dunning(steps=(FIRST, DEMAND))


def test_the_usual_sequence_is_one_press(office: Office, manager: Client) -> None:
    policy_id = the_draft(office, Sections())

    page = manager.follow(manager.get(f"/policies/{policy_id}/draft").submit("Use the usual sequence"))

    assert written(office, policy_id) == USUAL_SEQUENCE
    assert "Final notice: 45 days after the due day" in page.words
