"""Passwords: long ones that nobody guesses, kept as argon2id."""

from __future__ import annotations

import pytest

from domain.shared.errors import Invalid
from domain.staff import passwords

GOOD = "violet anchor 7 pebble"


@pytest.mark.parametrize("password", [GOOD, "correct horse battery staple", "ñandú-ñandú-lluvia-gris", "x7#kqPz91mVw"])
def test_a_password_needs_no_particular_characters(password: str) -> None:
    passwords.check_new(password)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "password1234",
        "Passw0rd1234",
        "qwertyuiop123",
        "iloveyou12345",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "administrator",
        "x" * 129,
    ],
)
def test_short_common_and_endless_ones_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check_new(password)

    assert refused.value.field == "password"


def test_ones_own_name_is_no_password() -> None:
    with pytest.raises(Invalid):
        passwords.check_new("Evangelina1985", words=("Evangelina", "eva@example.com"))


def test_a_password_is_kept_as_argon2id_and_recognised_however_it_was_composed() -> None:
    kept = passwords.hashed("caf\u00e9 " + GOOD)

    assert kept.startswith("$argon2id$")
    assert passwords.is_right(kept, "cafe\u0301 " + GOOD)
    assert not passwords.is_right(kept, GOOD)
    assert not passwords.is_right(kept, "x" * 10_000)


def test_a_guess_costs_at_least_what_owasp_asks_for() -> None:
    assert passwords.COST.memory_cost >= 19 * 1024
    assert passwords.COST.time_cost >= 2


def test_nobody_has_a_password() -> None:
    assert not passwords.is_right(None, "nobody has this one")
