"""Situations: whatever is said, each ends; each can earn everything; and what is wrong is said to be."""

from __future__ import annotations

import string
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.notices.model import CallOutcome
from domain.practice.case import case_of
from domain.practice.common import COMMON, IN_A_HURRY
from domain.practice.dialogue import GLAD, GONE, MOODS, MOST_TURNS, choices, is_ripe, play
from domain.practice.manners import frightening, hard_to_read
from domain.practice.moves import MOVE_NAMES, SAYINGS, Move
from domain.practice.rubric import ENDED, KIND, KNEW_WHO, NOTED, mark
from domain.practice.situation import Logged, Practised, Situation, Told, Way
from domain.practice.situations import ALL
from domain.shared.money import Money

DAY = date(2026, 11, 23)
LATER = DAY + timedelta(days=1)
OWED = Money.of("1240", "GBP")
WRONG = {Move.THREATEN, Move.PRESS, Move.ARGUE, Move.GIVE_AWAY, Move.DISCLOSE}
ANY = st.sampled_from(list(ALL.values()))
EACH = pytest.mark.parametrize("situation", ALL.values(), ids=list(ALL))


def looked_at(situation: Situation, *moves: Move, logged: Logged | None = None) -> Practised:
    """A session in which this was said; logged as well as can be, unless told otherwise."""
    if logged is None and situation.outcome is not None:
        logged = Logged(situation.outcome, "They say that it will come.", DAY + timedelta(days=3), OWED)
    return Practised([Told(move) for move in moves], logged, OWED, DAY)


def texts(situation: Situation) -> Iterator[str]:
    """Every text of a situation."""
    yield from (situation.title, situation.about, situation.opening, situation.next_step)
    yield from situation.card
    yield from situation.says.values()
    yield from situation.unknown
    yield from (words for reply in situation.replies for words in reply.says)
    yield from (words for one in situation.criteria for words in (one.words, one.reason))


@settings(max_examples=300)
@given(data=st.data(), situation=ANY, seed=st.integers(1, 60))
def test_whatever_is_said_a_conversation_ends(data: st.DataObject, situation: Situation, seed: int) -> None:
    moves = data.draw(st.lists(st.sampled_from(list(situation.moves)), min_size=MOST_TURNS, max_size=MOST_TURNS + 3))

    talk = play(situation, seed, moves)

    assert talk.is_over
    assert len(talk.lines) <= MOST_TURNS + 1
    assert all(GONE <= line.mood <= GLAD and line.text for line in talk.lines)
    assert talk == play(situation, seed, moves)


@given(data=st.data(), situation=ANY, seed=st.integers(1, 60))
def test_what_was_said_first_stays_as_it_was(data: st.DataObject, situation: Situation, seed: int) -> None:
    moves = data.draw(st.lists(st.sampled_from(list(situation.moves)), min_size=1, max_size=MOST_TURNS))

    shorter, longer = play(situation, seed, moves[:-1]), play(situation, seed, moves)

    assert list(longer.lines[: len(shorter.lines)]) == list(shorter.lines)


@EACH
def test_each_has_a_way_that_earns_everything(situation: Situation) -> None:
    talk = play(situation, 1, situation.model)

    marks = mark(situation, looked_at(situation, *situation.model))

    assert talk.is_over
    assert len(talk.lines) == len(situation.model) + 1
    assert [one.criterion.words for one in marks.each if not one.is_met] == []
    assert marks.points == marks.most > 5


@EACH
def test_each_can_be_done_wrong_and_says_what_and_why(situation: Situation) -> None:
    tempting = [move for move in situation.moves if move in WRONG] or [Move.SAY_NEXT]
    opening = [Move.INTRODUCE] if situation.way is Way.CALL else []

    for move in tempting:
        marks = mark(situation, looked_at(situation, *opening, move))
        missed = [one.criterion for one in marks.each if not one.is_met]
        forbidden = [one for one in missed if one.met(looked_at(situation, *opening, situation.model[-1]))]
        assert marks.points < marks.most
        assert forbidden, (move, "nothing tells that this was wrong in itself")
        assert all(one.words and one.reason for one in missed)


@EACH
def test_a_wrong_word_after_the_best_way_costs_points_of_its_own(situation: Situation) -> None:
    for move in [one for one in situation.moves if one in WRONG - {Move.DISCLOSE}]:
        marks = mark(situation, looked_at(situation, situation.model[0], move, *situation.model[1:]))
        assert marks.points < marks.most, move


@EACH
def test_whoever_logs_it_wrongly_or_not_is_told(situation: Situation) -> None:
    wrong = mark(situation, looked_at(situation, *situation.model, logged=Logged(CallOutcome.VOICEMAIL)))

    assert situation.way is Way.MESSAGE or wrong.most - wrong.points >= 2


@EACH
def test_a_situation_is_whole(situation: Situation) -> None:
    assert set(situation.model) <= set(situation.moves)
    assert set(situation.says) | {one.to for one in situation.replies} <= set(situation.moves)
    assert GONE < situation.mood <= GLAD
    assert (situation.outcome is None) is (situation.way is Way.MESSAGE)
    assert len(situation.card) >= 3
    assert {KIND} <= set(situation.criteria)
    if situation.way is Way.CALL:
        assert Move.INTRODUCE in situation.moves
        assert {KNEW_WHO} <= set(situation.criteria)
        assert NOTED in situation.criteria or situation.key == "ill"
        assert ENDED in situation.criteria or situation.key == "hangs_up"


@EACH
def test_every_placeholder_is_filled_and_no_text_breaks_a_catalogue(situation: Situation) -> None:
    filled = case_of(situation.key, 1, DAY, "GBP").filled("Harbour Foods")

    for text in (*texts(situation), *SAYINGS.values(), *IN_A_HURRY.values()):
        assert {name for _, name, _, _ in string.Formatter().parse(text) if name} <= set(filled)
        assert "%" not in text


@given(situation=ANY, seed=st.integers(1, 500))
def test_the_order_of_choices_is_one_for_a_session_and_tells_nothing(situation: Situation, seed: int) -> None:
    offered = choices(situation, seed)

    assert sorted(offered) == sorted(situation.moves)
    assert offered == choices(situation, seed)


def test_what_was_answered_is_not_offered_again_until_it_would_be_answered_otherwise() -> None:
    situation, early = ALL["short"], [Move.INTRODUCE, Move.STATE, Move.ASK_PROMISE]

    assert Move.ASK_PROMISE not in choices(situation, 1, early)
    assert Move.ASK_PROMISE in choices(situation, 1, [*early, Move.ASK])
    assert "could do" in play(situation, 1, [*early, Move.ASK, Move.ASK_PROMISE]).lines[-1].text
    assert {Move.ASK, Move.LISTEN} <= set(choices(situation, 1, [*early, Move.ASK, Move.LISTEN]))


def test_what_was_said_before_the_name_was_not_heard() -> None:
    talk = play(ALL["short"], 1, [Move.STATE, Move.INTRODUCE, Move.STATE])

    assert talk.lines[-1].own
    assert talk.lines[-1].mood == talk.lines[-2].mood


@given(data=st.data(), situation=ANY)
def test_there_is_always_something_to_say(data: st.DataObject, situation: Situation) -> None:
    moves = data.draw(st.lists(st.sampled_from(list(situation.moves)), max_size=MOST_TURNS))

    assert choices(situation, 1, moves)


@EACH
def test_no_choice_tells_beforehand_what_only_the_customer_can_tell(situation: Situation) -> None:
    telling = [one.to for one in situation.replies if one.after and one.to in situation.says]

    assert not any(is_ripe(situation, move, []) for move in telling)
    for number, move in enumerate(situation.model):
        assert is_ripe(situation, move, situation.model[:number]), move


def test_what_is_wise_does_not_stand_at_the_same_place() -> None:
    places = {choices(ALL["short"], seed).index(Move.PRESS) for seed in range(1, 30)}

    assert len(places) > 5


def test_every_move_has_a_name_words_and_an_answer() -> None:
    assert set(MOVE_NAMES) == set(SAYINGS) == set(COMMON) == set(Move)
    assert len(MOODS) == GLAD + 1
    assert set(Move) == {move for one in ALL.values() for move in one.moves}


@given(seed=st.integers(1, 500), key=st.sampled_from(sorted(ALL)))
def test_a_customer_is_the_same_for_a_seed_and_late(key: str, seed: int) -> None:
    case = case_of(key, seed, DAY, "GBP")

    assert case == case_of(key, seed, DAY, "GBP")
    assert case.due_on < DAY
    assert Money(case.amount.minor // 2 * 2, "GBP") == case.amount
    assert case.person != case.other


def test_who_does_not_say_who_they_are_is_asked() -> None:
    talk = play(ALL["short"], 1, [Move.STATE])

    assert "who" in talk.lines[-1].text.lower()
    assert talk.lines[-1].mood < talk.lines[0].mood


def test_who_presses_and_threatens_is_hung_up_on() -> None:
    talk = play(ALL["short"], 1, [Move.INTRODUCE, Move.PRESS, Move.THREATEN])

    assert talk.is_over
    assert talk.mood == GONE


@settings(max_examples=300)
@given(data=st.data(), situation=ANY, seed=st.integers(1, 60))
def test_nobody_hangs_up_at_once_nor_because_of_what_it_is_right_to_say(
    data: st.DataObject, situation: Situation, seed: int
) -> None:
    moves = data.draw(st.lists(st.sampled_from(list(situation.moves)), min_size=1, max_size=MOST_TURNS))

    talk = play(situation, seed, moves)

    if talk.mood == GONE:
        assert len(talk.lines) > 2
        assert moves[len(talk.lines) - 2] not in situation.model


@EACH
def test_what_the_guidance_calls_good_does_not_lower_the_mood(situation: Situation) -> None:
    worse = {one.to for one in (*situation.replies, *COMMON.values()) if one.mood < 0} & set(situation.model)

    assert worse <= {Move.ASK_PROMISE}
    for move in worse:
        early = mark(situation, looked_at(situation, Move.INTRODUCE, move, *situation.model))
        assert early.points < early.most, "its order is not looked at"
    moods = [one.mood for one in play(situation, 1, situation.model).lines]
    assert moods == sorted(moods)


def test_who_is_angry_is_listened_to_first_and_does_not_get_angrier() -> None:
    situation = ALL["angry"]

    for moves in ([Move.LISTEN], [Move.LISTEN, Move.LISTEN, Move.ASK], [Move.INTRODUCE, Move.LISTEN, Move.ASK]):
        talk = play(situation, 1, moves)
        assert not talk.is_over
        assert {one.mood for one in talk.lines} == {situation.mood}


def test_who_speaks_another_language_asks_in_it_who_is_there() -> None:
    line = play(ALL["spanish"], 1, [Move.OTHER_LANGUAGE]).lines[-1]

    assert (line.own, line.mood) == (True, ALL["spanish"].mood)
    assert "qui" in line.text.lower()


def test_own_words_that_frighten_cost_what_a_threat_costs() -> None:
    situation = ALL["short"]
    played = looked_at(situation, *situation.model)
    frightened = Practised(played.told, played.logged, OWED, DAY, frightens=True)

    assert mark(situation, played).points - mark(situation, frightened).points == KIND.points
    assert frightening("We send the BAILIFFS and the police") == ["bailiff", "police"]
    assert frightening("Llamamos a la policía, sin embargo") == ["policía"]
    assert frightening("What can you pay, and when?") == []


def test_long_sentences_are_hard_to_read_and_short_ones_are_not() -> None:
    long = (
        "Notwithstanding the aforementioned considerations regarding contractual obligations, remuneration of "
        "outstanding liabilities necessitates immediate prioritisation irrespective of organisational circumstances "
        "currently characterising international commercial relationships."
    )

    assert hard_to_read(long, "en")
    assert not hard_to_read("Thank you. " * 12, "en")


@pytest.mark.parametrize(
    ("day", "amount", "met"),
    [
        (DAY + timedelta(days=1), "10", True),
        (DAY, "10", False),
        (None, "10", False),
        (DAY + timedelta(days=1), "1241", False),
    ],
)
def test_a_promise_needs_a_day_to_come_and_no_more_than_is_owed(day: date | None, amount: str, met: bool) -> None:
    situation = ALL["short"]
    logged = Logged(CallOutcome.PROMISE, "They will pay it.", day, Money.of(amount, "GBP"))

    marks = mark(situation, looked_at(situation, *situation.model, logged=logged))

    assert (marks.points == marks.most) is met


def test_where_somebody_is_ill_nobody_asks_for_money_and_nobody_writes_their_life_down() -> None:
    situation = ALL["ill"]
    told = "x" * 301

    long = mark(situation, looked_at(situation, *situation.model, logged=Logged(CallOutcome.REACHED, told)))
    asked = mark(situation, looked_at(situation, Move.INTRODUCE, Move.LISTEN, Move.OFFER_PLAN, Move.HAND_ON, Move.END))

    assert long.most - long.points == 1
    assert asked.most - asked.points == 3
