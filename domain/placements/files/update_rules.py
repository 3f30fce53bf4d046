"""Update rules: what each kind of update has to say and may not say, and how those of one file fit together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from domain.placements.files.fields import fields_of
from domain.placements.files.flaws import Flaws
from domain.placements.files.money_rules import fits
from domain.placements.files.plain import Plain, taken
from domain.placements.files.schema import MUST, Header, Update, UpdateKind

ALWAYS = frozenset({"reference", "update", "happened_on", "text"})
"""What any update may have."""
ENDS = frozenset({UpdateKind.REFUSED, UpdateKind.RETURNED, UpdateKind.CLOSED})
A_DAY = timedelta(days=1)
"""Somewhere on earth it is tomorrow already when a file is made."""


def update(plain: Plain, flaws: Flaws) -> Update | None:
    """An update that says what its kind has to say, and nothing else; None where it does not."""
    before = len(flaws.found)
    values = taken(Update, plain, flaws)
    if values is None:
        return None
    found = Update(**values)
    must = MUST[found.update]
    for each in fields_of(Update):
        given = values[each.name] is not None
        if each.name in must and not given:
            flaws.add(plain.place, each.name, f"An update “{found.update}” needs this.", f"Write {each.form.words}.")
        if given and each.name not in must and each.name not in ALWAYS:
            flaws.add(plain.place, each.name, f"An update “{found.update}” does not have this.", "Leave it empty.")
    if len(flaws.found) == before and found.amount is not None and found.currency is not None:
        fits(found.amount, found.currency, plain.place, "amount", flaws)
    if found.amount is not None and not found.amount:
        flaws.add(plain.place, "amount", "This is zero.", "Write what was paid or spent.")
    return found if len(flaws.found) == before else None


def fit_together(updates: Sequence[tuple[str, Update]], header: Header, flaws: Flaws) -> None:
    """Name what stands in a file twice, what contradicts it, and what has not happened yet; given with their places."""
    payments = {
        (each.reference, each.partner_reference): (place, each)
        for place, each in reversed(updates)
        if each.update is UpdateKind.PAYMENT
    }
    told: dict[tuple[str, str, str | None], str] = {}
    for place, each in updates:
        if each.happened_on > header.made_at.date() + A_DAY:
            flaws.add(place, "happened_on", "This is after the file was made.", "Tell what has happened.")
        for name, key in _what_is_told_once(each):
            if key in told:
                flaws.add(place, name, f"{told[key].capitalize()} tells the same, or what contradicts it.", "Tell one.")
            told.setdefault(key, place)
        paid = payments.get((each.reference, each.partner_reference))
        if each.update is UpdateKind.BOUNCED and paid is not None and each.happened_on < paid[1].happened_on:
            wrong = f"The payment went back before it came ({paid[0]})."
            flaws.add(place, "happened_on", wrong, "Mend the one day or the other.")


def _what_is_told_once(each: Update) -> Sequence[tuple[str, tuple[str, str, str | None]]]:
    """The keys that one update of a file may have at most, each with the field to be mended."""
    keys: list[tuple[str, tuple[str, str, str | None]]] = []
    if each.partner_reference is not None:
        keys.append(("partner_reference", (each.reference, each.update, each.partner_reference)))
    if each.update in (UpdateKind.ACCEPTED, UpdateKind.REFUSED):
        keys.append(("update", (each.reference, "answer", None)))
    if each.update in ENDS:
        keys.append(("update", (each.reference, "end", None)))
    return keys
