"""What each preference may be, and the business that is made of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.preferences import values
from domain.preferences.contrast import contrast, least_contrast, linear
from domain.preferences.values import Bounds, Name, applied, checked, value_of
from domain.shared.business import BankDetails, Business, Logo
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from domain.shared.working_week import working_week

BOUNDS = Bounds(("en", "es"), can_text=True)
ROOT = Path(__file__).resolve().parents[3]
WHOLE = Business(
    name="Quay",
    email="a@b.example",
    texts=True,
    opens=8,
    closes=18,
    closed=frozenset({date(2026, 12, 24)}),
    bank=BankDetails(holder="Quay", iban="GB82WEST12345698765432"),
    logo=Logo("0" * 64, "image/png"),
    accent="#0f5c6e",
    languages=("es",),
    letters=False,
)


@pytest.mark.parametrize("name", Name)
def test_what_stands_in_a_business_is_kept_and_makes_the_same_business_again(name: Name) -> None:
    kept = value_of(WHOLE, name)

    again = applied(replace(WHOLE, name="x", closed=frozenset()), {name.value: kept})

    assert value_of(again, name) == kept


def test_none_is_the_installations_own_and_a_name_of_another_version_is_left_alone() -> None:
    assert applied(WHOLE, {"name": None, "of_tomorrow": 1}) == WHOLE


def test_texts_cannot_be_turned_on_where_nobody_carries_them() -> None:
    silent = replace(WHOLE, texts=False)

    assert applied(silent, {"texts": True}).texts is False
    assert applied(WHOLE, {"texts": False}).texts is False
    with pytest.raises(Invalid):
        checked(Name.TEXTS, True, Bounds(("en",), can_text=False))


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        (Name.NAME, " Quay ", "Quay"),
        (Name.ACCENT, "", ""),
        (Name.ACCENT, "#AA3300", "#aa3300"),
        (Name.LANGUAGES, ["es", "en", "xx"], []),
        (Name.LANGUAGES, ["es"], ["es"]),
        (Name.CLOSED, "2026-12-31, 2026-12-24 2026-12-24", ["2026-12-24", "2026-12-31"]),
        (Name.REPLY_TO, "", ""),
    ],
)
def test_what_can_be_used_is_kept_tidily(name: Name, value: Any, kept: Any) -> None:
    assert checked(name, value, BOUNDS) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (Name.BANK, {"holder": "", "account": "123"}),
        (Name.BANK, {"holder": "Q", "bic": "NOPE"}),
        (Name.BANK, {"holder": "Q" * 101}),
        (Name.CLOSED, "\n".join(f"20{year}-01-0{day}" for year in range(30, 60) for day in range(1, 9))),
        (Name.EMAIL, ""),
    ],
)
def test_what_cannot_be_used_is_refused(name: Name, value: Any) -> None:
    with pytest.raises(Invalid):
        checked(name, value, BOUNDS)


def test_a_colour_in_which_text_could_not_be_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(values, "LEAST_CONTRAST", least_contrast("#ff0000") + 0.1)

    with pytest.raises(Invalid, match="Text could not be read well"):
        checked(Name.ACCENT, "#ff0000", BOUNDS)


@given(some.integers(0, 0xFFFFFF))
def test_in_any_colour_text_can_be_read_by_day_and_by_night(colour: int) -> None:
    assert least_contrast(f"#{colour:06x}") >= 4.5


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(linear("#000000"), linear("#ffffff")) == pytest.approx(21)
    assert contrast(linear("#777777"), linear("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_the_shades_that_are_checked_are_those_of_the_stylesheet() -> None:
    tokens = (ROOT / "web/static/css/tokens.css").read_text()

    for shade in (
        "--accent: light-dark(oklch(from var(--brand) 0.43 c h), oklch(from var(--brand) 0.83 c h))",
        "--accent-strong: light-dark(oklch(from var(--brand) 0.35 c h), oklch(from var(--brand) 0.9 c h))",
        "--accent-soft: light-dark(oklch(from var(--brand) 0.955 calc(c * 0.28) h), oklch(from var(--brand) 0.315 calc(c * 0.6) h))",  # noqa: E501
        "--on-accent: light-dark(oklch(1 0 0), oklch(0.2 0.02 240))",
    ):
        assert shade in tokens


def test_own_days_are_closed_besides_public_holidays(db: Database) -> None:
    ours = Database(db.bind, db.clock, replace(Business(), closed=frozenset({date(2026, 12, 24)})))

    with ours.reading() as session:
        open_on = {day: working_week(session).is_open(date(2026, 12, day)) for day in (23, 24, 25)}

    assert open_on == {23: True, 24: False, 25: False}
