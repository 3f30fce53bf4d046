"""Step sentences: what another sequence does otherwise reads step by step, in plain words."""

from __future__ import annotations

from msgspec.structs import replace

from domain.policies.comparing import difference, in_words
from domain.policies.contacting import Channel
from domain.policies.sections import Dunning, Sections
from domain.policies.step_sentences import each_step
from domain.policies.usual_sequence import USUAL_SEQUENCE
from domain.shared.words import Words
from web.localisation import localisation

COURTESY, DUE, FIRST, SECOND, CALL, DEMAND, FINAL = USUAL_SEQUENCE.steps


def said(words: Words) -> str:
    """The sentence in English."""
    return localisation("en", "Europe/London").translate(words.text, **words.params)


def changed(*steps: object) -> list[str]:
    """What is said of a change from the usual sequence to these steps, but for the summary of the days."""
    new = Sections(dunning=replace(USUAL_SEQUENCE, steps=steps))
    (found,) = difference(Sections(dunning=USUAL_SEQUENCE), new, "GBP")
    return [said(words) for words in found.now if "hear from us" not in words.text]


def test_each_step_reads_as_a_sentence() -> None:
    (section,) = [each for each in in_words(Sections(dunning=USUAL_SEQUENCE), "GBP") if each.key == "dunning"]
    sentences = [said(words) for words in section.sentences]

    assert "Courtesy before the due day: 3 days before the due day, by email." in sentences
    assert (
        "Demand letter: 30 days after the due day, by letter, at least 7 days after the step before, asks for payment "
        "within 7 days, sent once somebody has approved it."
    ) in sentences


def test_a_step_that_is_gone_or_new_is_named() -> None:
    assert changed(COURTESY, FIRST, SECOND, CALL, DEMAND, FINAL) == ["No longer – Due today: on the due day, by email."]
    assert changed(COURTESY, DUE, FIRST, SECOND, CALL, DEMAND, replace(DEMAND, day=40), FINAL) == [
        "New – Demand letter: 40 days after the due day, by letter, at least 7 days after the step before, asks for "
        "payment within 7 days, sent once somebody has approved it."
    ]


def test_a_step_that_moved_is_still_the_same_step() -> None:
    assert changed(COURTESY, DUE, FIRST, SECOND, replace(CALL, day=24), DEMAND, FINAL) == [
        "Second reminder: 24 days after the due day instead of 21 days after the due day."
    ]


def test_another_channel_and_other_days_to_act_are_said_of_the_step() -> None:
    assert changed(COURTESY, DUE, FIRST, SECOND, CALL, replace(DEMAND, channel=Channel.EMAIL, act_days=10), FINAL) == [
        "Demand letter: 30 days after the due day, by email instead of by letter, asks for payment within 10 days "
        "instead of 7."
    ]


def test_one_day_is_a_day() -> None:
    steps = (replace(COURTESY, day=-1), replace(FIRST, day=1, gap_days=1, act_days=1))

    assert [said(words) for words in each_step(Dunning(steps=steps), "GBP")] == [
        "Courtesy before the due day: the day before the due day, by email.",
        "First reminder: the day after the due day, by email, at least a day after the step before, asks for payment "
        "within a day.",
    ]


def test_a_gap_that_is_gone_is_said() -> None:
    assert changed(COURTESY, DUE, FIRST, replace(SECOND, gap_days=0), CALL, DEMAND, FINAL) == [
        "Second reminder: 14 days after the due day, however soon after the step before instead of at least 5 "
        "days after the step before."
    ]


def test_customers_read_on_which_days_they_hear_from_us_and_no_more() -> None:
    told = in_words(Sections(dunning=USUAL_SEQUENCE), "GBP", for_customer=True)
    alone = in_words(Sections(dunning=Dunning(steps=(FIRST,))), "GBP", for_customer=True)

    assert [(each.name, [said(words) for words in each.sentences]) for each in told] == [
        (
            "When you hear from us",
            [
                "Days before the due date on which you hear from us: 3.",
                "You hear from us on the due date.",
                "Days after the due date on which you hear from us if you have not paid: 7, 14, 21, 30, 45.",
            ],
        )
    ]
    assert [said(words) for words in alone[0].sentences] == [
        "Days after the due date on which you hear from us if you have not paid: 7."
    ]


def test_customers_are_told_of_other_days_but_not_of_other_channels() -> None:
    before, by_letter = Sections(dunning=USUAL_SEQUENCE), replace(FIRST, channel=Channel.LETTER)
    moved = Sections(dunning=replace(USUAL_SEQUENCE, steps=(COURTESY, DUE, replace(FIRST, day=8), SECOND)))
    otherwise = Sections(dunning=replace(USUAL_SEQUENCE, steps=(COURTESY, DUE, by_letter, SECOND, CALL, DEMAND, FINAL)))

    (found,) = difference(before, moved, "GBP", for_customer=True)

    assert [said(words) for words in found.now] == [
        "Days after the due date on which you hear from us if you have not paid: 8, 14."
    ]
    assert difference(before, otherwise, "GBP", for_customer=True) == []
