"""Step sentences: what a sequence of reminders does step by step, and what another does otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from domain.policies.contacting import WORDING_NAMES, Channel, Recipient
from domain.policies.sections import Dunning, DunningStep
from domain.shared.errors import N_
from domain.shared.words import Words

BY = {
    Channel.EMAIL: N_("by email"),
    Channel.SMS: N_("by text message"),
    Channel.LETTER: N_("by letter"),
    Channel.CALL: N_("by a call that somebody makes"),
}
TO = {
    Recipient.CONTACT: N_("to whoever pays the invoices"),
    Recipient.ABOVE: N_("to the person above whoever pays the invoices"),
    Recipient.GUARANTOR: N_("to whoever guarantees the debt"),
}
INSTEAD = N_("{now} instead of {before}")
Pair = tuple[DunningStep, DunningStep]
Same = Callable[[DunningStep, DunningStep], bool]


def when(step: DunningStep) -> Words:
    """The day of a step as seen from the due day."""
    if step.day == 0:
        return Words.of(N_("on the due day"))
    if step.day < 0:
        return _days(-step.day, N_("the day before the due day"), N_("{n} days before the due day"))
    return _days(step.day, N_("the day after the due day"), N_("{n} days after the due day"))


def each_step(section: Dunning, currency: str) -> list[Words]:
    """A sentence for each step."""
    return [Words.of(N_("{step}: {what}."), step=_text(step), what=(when(step), *_how(step))) for step in section.steps]


def step_changes(before: Dunning, after: Dunning, currency: str) -> list[Words]:
    """A sentence for each step that is new, gone, moved or otherwise changed, by its day."""
    pairs, gone, come = matched(before.steps, after.steps)
    found = [(step.day, Words.of(N_("New – {step}: {what}."), **_said(step))) for step in come]
    found += [(step.day, Words.of(N_("No longer – {step}: {what}."), **_said(step))) for step in gone]
    found += [
        (new.day, Words.of(N_("{step}: {what}."), step=_text(new), what=tuple(_changes(old, new))))
        for old, new in pairs
        if old != new
    ]
    return [words for _, words in sorted(found, key=lambda each: each[0])]


def matched(
    before: Sequence[DunningStep], after: Sequence[DunningStep]
) -> tuple[list[Pair], list[DunningStep], list[DunningStep]]:
    """Which step became which, then those that are gone and those that are new.

    The same text by the same channel is the same step, then the same text, then the same day.
    """
    pairs: list[Pair] = []
    gone, come = list(before), list(after)
    sames: tuple[Same, ...] = (
        lambda old, new: old == new,
        lambda old, new: (old.wording, old.channel) == (new.wording, new.channel),
        lambda old, new: old.wording is new.wording,
        lambda old, new: old.day == new.day,
    )
    for is_same in sames:
        for old in list(gone):
            new = next((each for each in come if is_same(old, each)), None)
            if new is not None:
                pairs.append((old, new))
                gone.remove(old)
                come.remove(new)
    return pairs, gone, come


def _text(step: DunningStep) -> Words:
    return Words.of(WORDING_NAMES[step.wording])


def _said(step: DunningStep) -> dict[str, object]:
    return {"step": _text(step), "what": (when(step), *_how(step))}


def _how(step: DunningStep) -> Iterator[Words]:
    """By what, to whom, and what else is not a matter of course."""
    yield Words.of(BY[step.channel])
    if step.recipient is not Recipient.CONTACT:
        yield Words.of(TO[step.recipient])
    if step.gap_days:
        yield _gap(step)
    if step.day > 0:
        yield _act(step)
    if step.sender:
        yield _signed(step)
    if step.approve:
        yield _approval(step)


def _changes(old: DunningStep, new: DunningStep) -> Iterator[Words]:
    """What a step does otherwise than it did; its day alone says which it is where that has not changed."""
    if old.day == new.day:
        yield when(new)
    else:
        yield Words.of(INSTEAD, now=when(new), before=when(old))
    if old.wording is not new.wording:
        yield Words.of(N_("this text instead of “{before}”"), before=_text(old))
    if old.channel is not new.channel:
        yield Words.of(INSTEAD, now=Words.of(BY[new.channel]), before=Words.of(BY[old.channel]))
    if old.recipient is not new.recipient:
        yield Words.of(INSTEAD, now=Words.of(TO[new.recipient]), before=Words.of(TO[old.recipient]))
    if old.gap_days != new.gap_days:
        before = old.gap_days if old.gap_days and new.gap_days else _gap(old)
        yield Words.of(INSTEAD, now=_gap(new), before=before)
    if old.act_days != new.act_days:
        yield Words.of(INSTEAD, now=_act(new), before=old.act_days)
    if old.sender != new.sender:
        yield _signed(new)
    if old.approve != new.approve:
        yield _approval(new)


def _gap(step: DunningStep) -> Words:
    if not step.gap_days:
        return Words.of(N_("however soon after the step before"))
    return _days(
        step.gap_days, N_("at least a day after the step before"), N_("at least {n} days after the step before")
    )


def _act(step: DunningStep) -> Words:
    return _days(step.act_days, N_("asks for payment within a day"), N_("asks for payment within {n} days"))


def _days(n: int, one: str, many: str) -> Words:
    return Words.of(one) if n == 1 else Words.of(many, n=n)


def _signed(step: DunningStep) -> Words:
    if not step.sender:
        return Words.of(N_("signed by the business"))
    return Words.of(N_("signed by {sender}"), sender=step.sender)


def _approval(step: DunningStep) -> Words:
    if step.approve:
        return Words.of(N_("sent once somebody has approved it"))
    return Words.of(N_("sent without anybody's approval"))
